"""Quotas: one number for a span of pay periods, spread over its months by season, and less for who joins, leaves or ramps up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .employment import Employment, counted_days
from .money import at, exactly, quantum, shares
from .period import Span
from .terms import Proration
from .written import plain

UNITS_QUANTUM = Decimal("0.01")
ONE = Decimal(1)
MONTHS_A_QUARTER = 3
RATE_PLACES = Decimal("1e-20")


def unit(currency: str | None) -> Decimal:
    """The steps that a quota comes in: minor units of its currency, or hundredths of a unit without one."""
    return quantum(currency) if currency else UNITS_QUANTUM


@dataclass(frozen=True, slots=True)
class Terms:
    """What was set: the full quota, and how it is spread.

    `seasonality` weighs the months or the quarters, all alike if it is empty; `ramp` has the shares that are expected in the
    first months of employment, the whole behind them.
    """

    value: Decimal
    currency: str | None
    seasonality: tuple[Decimal, ...] = ()
    proration: Proration = Proration.NONE
    ramp: tuple[Decimal, ...] = ()

    def faults(self, months: int) -> Iterator[tuple[str, str]]:
        """What is wrong with them for a quota of so many months, as field and sentence."""
        step = unit(self.currency)
        if self.value <= 0 or self.value % step:
            yield "value", f"{self.value} is no quota; expected more than zero, in steps of {step}"
        allowed = [number for number in (months, months // MONTHS_A_QUARTER) if number > 1]
        if self.seasonality and len(self.seasonality) not in allowed:
            expected = " or ".join(map(str, allowed)) or "none: a month has no seasons"
            yield "seasonality", f"{len(self.seasonality)} weights for a quota of {months} months; expected {expected}"
        elif self.seasonality and (min(self.seasonality) < 0 or not sum(self.seasonality)):
            yield "seasonality", "weights are not below zero, and not all of them zero"
        if any(not 0 <= share <= 1 for share in self.ramp):
            yield "ramp", "shares of a ramp are from 0 to 1: 0.25 is 25 %"


@dataclass(frozen=True, slots=True)
class Part:
    """A quota's part in one month: in full, the rate that is expected of it, and what that comes to."""

    month: Span
    full_value: Decimal
    rate: Decimal
    value: Decimal
    says: str


def parts(terms: Terms, months: Sequence[Span], employment: Employment) -> list[Part]:
    """A quota's part in each of its months.

    The full quota is split over the seasons, and a season over its months, by largest remainder: full parts sum to the full
    quota. Of a season as much is expected as the mean of its months' rates says, rounded half-up once, and split in
    proportion to these rates. A month's rate is the part of its days, as the proration counts them, that somebody is
    employed, times the share of the ramp. Without seasonality the whole quota is one season: ten whole months of a year are
    ten twelfths to the cent.
    """
    step = unit(terms.currency)
    weights = terms.seasonality or (ONE,)
    made: list[Part] = []
    with exactly():
        length = len(months) // len(weights)
        for number, in_full in enumerate(shares(terms.value, weights, step)):
            season = months[number * length : (number + 1) * length]
            full = shares(in_full, [ONE] * len(season), step)
            rated = [_rate(terms, month, employment) for month in season]
            rates = [rate for rate, _ in rated]
            expected = shares(at(in_full * sum(rates) / len(season), step), rates, step)
            for month, full_value, (rate, says), value in zip(season, full, rated, expected, strict=True):
                made.append(Part(month, full_value, rate, value, says))
    return made


def _rate(terms: Terms, month: Span, employment: Employment) -> tuple[Decimal, str]:
    """The part of a month that is expected, and why, in words."""
    name = f"{month.starts:%Y-%m}"
    employed = employment.counted(terms.proration).overlap(month)
    if employed is None:
        return Decimal(0), f"{name}: not employed"
    days, of = counted_days(employed, month, terms.proration)
    kind = "working days" if terms.proration is Proration.WORKING_DAYS else "days"
    rate, says = Decimal(days) / of, f"employed on {days} of {of} {kind}" if days < of else ""
    started = employment.started(terms.proration)
    if terms.ramp and started is not None:
        number = _months_between(started, month.starts) + 1
        share = Decimal(0) if number < 1 else terms.ramp[number - 1] if number <= len(terms.ramp) else ONE
        if share != ONE:
            rate, says = rate * share, f"{says}, {_ramped(number, share)}" if says else _ramped(number, share)
    return at(rate, RATE_PLACES), f"{name}: {says}" if says else name


def _ramped(number: int, share: Decimal) -> str:
    return f"{plain(share * 100)} % in month {number} of the ramp" if number > 0 else "before the ramp"


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month
