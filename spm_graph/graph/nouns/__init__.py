"""The nouns of the schema, a module for each: what it is, and where each of its fields comes from."""
