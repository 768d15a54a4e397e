"""Quotas: one number for a span of pay periods, and its parts."""

from __future__ import annotations

from decimal import Decimal

from .money import quantum, shares

UNITS_QUANTUM = Decimal("0.01")


def parts(value: Decimal, periods: int, currency: str | None) -> list[Decimal]:
    """A quota's part in each of its pay periods: even, in minor units of the currency (hundredths of a unit without one).

    The parts sum to the quota; what does not divide evenly goes to the earlier periods.
    """
    return shares(value, [Decimal(1)] * periods, quantum(currency) if currency else UNITS_QUANTUM)
