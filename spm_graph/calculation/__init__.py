"""Calculating what reps are paid: one calculation for runs, live estimates, previews and what-if.

`sources` reads the `facts` of `windows`: `credits`, what is `expected`, what is `booked`, `levels`. `performing` makes of them
what an incentive type is told, and `evaluation` lets the types earn, in the order of `precedence` and with `patience`. None of
these writes anything.

`run` covers what `scope` says and calculates it shard by `shard`; `estimate` is what `estimating` keeps of open months, and
`preview` what a draft would have cost. `what_if` and `best_deals` take a `scenario`, credit it by `supposing`, and compare
what `pay` makes of the windows of an `outlook`.

A shard is named, not carried: `run_shard` reads what it needs by run and number, and may run anywhere, again, or twice.
"""
