"""PostgreSQL: the tables, what must be true of them, and the few functions that keep it so."""
