"""PostgreSQL: the tables, what must be true of them, and the few functions that keep it so.

`database` and `pool` are the connections, `embedded` is the server that comes along, and `migrate` makes what `tables` says.
`clock`, `events` and `touches` are what every write says, `history` is how dated facts change, and `ledger` and `payments`
are how money is booked. `visibility` says who may see what; `following` and `lag` are for who follows.
"""
