"""Calculating runs: what a run covers, one shard of it, and the whole.

A shard is named, not carried: `run_shard` reads what it needs by run and number, and may run anywhere, again, or twice.
"""
