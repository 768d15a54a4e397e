"""The rules of sales compensation as pure functions and plain data: no I/O, no SQL, no GraphQL."""
