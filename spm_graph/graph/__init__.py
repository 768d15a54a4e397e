"""The GraphQL schema, and answering requests on it.

`nouns` says what each noun is. `query`, `mutations` and `subscription` are the roots, `schema` puts them together with the
settings of the installed incentive types (`configs`), and `operation` answers a request: trusted, within its limits, read
or carried out (`commands`), and shown (`payloads`).
"""
