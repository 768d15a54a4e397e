"""Where pay changes its rate: the next bend or jump of a function that is made of straight pieces, found by asking it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal
from functools import cache

from .money import ZERO, exactly

STRIDE = Decimal("1.3")
"""Each look goes this much further than the one before; the first one a thousandth of the way."""

HALF = Decimal("0.5")


def next_bend(pay: Callable[[Decimal], Decimal], reach: Decimal, unit: Decimal, noise: Decimal = ZERO) -> Decimal | None:
    """The least x above zero, in steps of `unit`, at which `pay` bends or jumps away from the straight line that it begins with.

    None: it doesn't up to `reach`. Where pay leaves the line and comes back to it within one stride, that is not seen.
    Deviations up to `noise` count as straight: the answer is then late by the noise divided by the change of the rate.
    """
    tolerance = max(noise, Decimal("0.000000001"))
    asked = cache(pay)

    def off(x: Decimal, through: Decimal) -> Decimal:
        """How far pay at x is off the line from the start through pay at another place."""
        return asked(x) - asked(ZERO) - (asked(through) - asked(ZERO)) / through * x

    with exactly():
        low, high = ZERO, max(unit * 2, (reach / 1000).quantize(unit, ROUND_CEILING))
        while abs(off(low or (high * HALF).quantize(unit, ROUND_CEILING), high)) <= tolerance:
            if high >= reach:
                return None
            low, high = high, min(reach, (high * STRIDE).quantize(unit, ROUND_CEILING))
        while high - low > unit:
            middle = ((low + high) * HALF).quantize(unit, ROUND_CEILING)
            line = low or (middle * HALF).quantize(unit, ROUND_CEILING)
            if middle == high:
                break
            if line == middle or abs(off(line, middle)) <= tolerance:
                low = middle
            else:
                high = middle
        if not low:
            return high
        # A bend at `low` is off three times as far three steps behind it as one; at a jump it is all there at once, or, where
        # a tie is shared, after two.
        once, thrice = off(high, low), off(high + 2 * unit, low)
        return low if abs(thrice - 3 * once) <= abs(once) / 10 else high
