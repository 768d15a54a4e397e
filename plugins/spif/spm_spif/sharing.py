"""Sharing an amount out, so that the parts sum to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal


def shared_out(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """The parts of an amount in proportion to weights that are not all zero, in multiples of a unit.

    Largest remainder (Hamilton's method): what is left after rounding down goes, a unit each, to those who lost most by it,
    and among equals to the earlier. What is itself no multiple of the unit goes to the first of these.
    """
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [(part / unit).to_integral_value(ROUND_DOWN) * unit for part in exact]
    left = total - sum(parts)
    order = sorted((index for index, weight in enumerate(weights) if weight), key=lambda index: parts[index] - exact[index])
    for index in order:
        more = min(unit, left)
        parts[index] += more
        left -= more
    return parts
