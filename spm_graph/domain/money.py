"""Money: exact decimals at their currency's minor unit.

Everything here works to 60 digits, whatever the caller's decimal context is: the default of 28 is too small for what the
store can hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from math import lcm

ZERO = Decimal(0)

WITHOUT_MINOR_UNIT = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF")
)
WITH_THREE_PLACES = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
WITH_FOUR_PLACES = frozenset(("CLF", "UYW"))


SIXTY_DIGITS = Context(prec=60, rounding=ROUND_HALF_EVEN)


def exactly() -> AbstractContextManager[Context]:
    """Calculate to 60 digits inside the block."""
    return localcontext(SIXTY_DIGITS)  # which works with a copy: whatever happens in a block ends with it


def exponent(currency: str) -> int:
    """How many places an amount in a currency has (ISO 4217, the minor unit)."""
    if currency in WITHOUT_MINOR_UNIT:
        return 0
    if currency in WITH_THREE_PLACES:
        return 3
    return 4 if currency in WITH_FOUR_PLACES else 2


def quantum(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for USD, 1 for JPY."""
    return Decimal(1).scaleb(-exponent(currency))


def rounded(amount: Decimal, currency: str, mode: str = ROUND_HALF_UP) -> Decimal:
    """An amount at its currency's minor unit; half a unit goes away from zero, as in PostgreSQL's `round(numeric)`."""
    return at(amount, quantum(currency), mode)


def at(amount: Decimal, unit: Decimal, mode: str = ROUND_HALF_UP) -> Decimal:
    """An amount at the places of a unit, and never a negative zero."""
    with exactly():
        return amount.quantize(unit, rounding=mode) + ZERO


def text(amount: Decimal, currency: str) -> str:
    """The one written form of an amount of money: all the places of its currency, never an exponent."""
    return format(rounded(amount, currency), "f")


def told(amount: Decimal, currency: str) -> dict[str, str]:
    """An amount of money as the schema and events have it."""
    return {"amount": text(amount, currency), "currency": currency}


def shares(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Split `total` in proportion to `weights`, in multiples of `unit`, a power of ten; the parts sum to `total`.

    Largest remainder (Hamilton's method); equal remainders go to the earlier weight, so that the same input always splits
    the same way. A total finer than the unit is rounded half-up first. A negative total splits as the positive one does,
    negated. A negative weight takes a part of the other sign. Weights that sum to zero count by their size alone, and
    equally if all of them are zero. Raises ValueError for a total that nobody is there to take.
    """
    with exactly():
        whole = at(total, unit)
        if not weights:
            if whole:
                raise ValueError(f"nobody to share {total}")
            return []
        if len(weights) == 1:
            return [whole]
        if whole < 0:
            return [-part + ZERO for part in shares(-whole, weights, unit)]
        # Whole numbers from here on: of units, and of the weights over one denominator. So nothing is ever divided
        # inexactly, and equal remainders are seen to be equal.
        units = int(whole / unit)
        ratios = [weight.as_integer_ratio() for weight in weights]
        common = lcm(*(below for _, below in ratios))
        numbers = [above * (common // below) for above, below in ratios]
        if sum(numbers) < 0:
            numbers = [-number for number in numbers]
        if sum(numbers) == 0:
            numbers = [abs(number) for number in numbers] if any(numbers) else [1] * len(numbers)
        all_of_them = sum(numbers)
        divided = [divmod(units * number, all_of_them) for number in numbers]
        left = units - sum(floor for floor, _ in divided)
        first = set(sorted(range(len(divided)), key=lambda index: (-divided[index][1], index))[:left])
        return [(floor + (index in first)) * unit for index, (floor, _) in enumerate(divided)]
