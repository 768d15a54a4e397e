"""What estimates cost, at two sizes of a company: `python -m benchmarks.estimates`."""
