"""Reads, measured against their peers on the same data: `python -m benchmarks.reads`."""
