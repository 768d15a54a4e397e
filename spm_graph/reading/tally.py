"""How long things took in this process, counted in less than a microsecond: a histogram for each kind of thing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""The buckets' upper bounds, in seconds; behind the last there is one more, without a bound."""

Labels = tuple[str, ...]


class Durations:
    """Durations by their labels. What stands for a label is the caller's to keep few."""

    def __init__(self) -> None:
        self._counts: dict[Labels, list[int]] = {}
        self._sums: dict[Labels, float] = {}

    def add(self, labels: Labels, seconds: float) -> None:
        """Count one."""
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(BOUNDS) + 1)
            self._sums[labels] = 0.0
        counts[bisect_left(BOUNDS, seconds)] += 1
        self._sums[labels] += seconds

    def histograms(self) -> Iterator[tuple[Labels, list[tuple[str, float]], float]]:
        """For each labels how many took up to each bound, as Prometheus counts them, and the sum of the seconds."""
        for labels, counts in self._counts.items():
            yield labels, cumulative(BOUNDS, counts), self._sums[labels]


def cumulative(bounds: tuple[float, ...], counts: list[int]) -> list[tuple[str, float]]:
    """Counts by bucket as counts up to each bound, the last of which is infinite."""
    return list(zip([*map(str, bounds), "+Inf"], map(float, accumulate(counts)), strict=True))
