"""Reads: a GraphQL selection becomes one SQL statement whose text is the response."""
