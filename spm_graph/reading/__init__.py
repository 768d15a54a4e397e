"""Reads: a GraphQL selection becomes one SQL statement whose text is the response.

Types say where their fields come from in the words of `fields` and `filters`, which make `declarations`. A `request` finds its
plan by the text of its `document`, or `compile` makes one: of a `selection` with its `arguments` it decides, row by row and
page by `page`, which SQL each field is, and `statement` writes that down. `answer` runs it and hands PostgreSQL's text on.
`reckoning` and `introspection` say beside the statement what only Python can.

A subscription is read in the same way, as a `stream` of events. At the `edge`, each is read once, and a `feed` hands it to all
who follow the same.
"""
