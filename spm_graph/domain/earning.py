"""From what an incentive type returned to lines that can be booked: checked, rounded once, and shared over credits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from spm_graph.plugin import Contest, Line, Performance, Step

from .money import ZERO, exactly, quantum, rounded, shares
from .terms import Rounding
from .written import UNSTORABLE, plain

LONGEST_KEY = 200
LONGEST_SAYING = 500
MOST_STEPS = 1_000
MOST_LINES = 100_000
LARGEST = Decimal(10) ** 20
TOLD_PLACES = Decimal("1e-20")
RATE_PLACES = Decimal("0.00000001")


class LineInvalid(Exception):
    """An incentive type returned a line that can't be booked; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a line that one credit earned."""

    credit: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class StagedLine:
    """A line as it is booked: `amount` is at the currency's minor unit, the sum of the steps, and the sum of the shares.

    There are no shares if the window had no credits. `unrounded` is what the incentive type itself made of it.
    """

    key: str
    currency: str
    amount: Decimal
    unrounded: Decimal
    steps: tuple[Step, ...]
    shares: tuple[Share, ...]

    @property
    def line(self) -> Line:
        """The line as later components of the same plan see it."""
        return Line(self.key, self.steps, tuple(share.credit for share in self.shares))

    def steps_json(self) -> list[dict[str, Any]]:
        """The steps as they are stored and read: plain decimal strings, rates with at most 8 places, all else with at most 20.

        What a cap does not let through is marked by `caps`. `amount` is base times rate; where one of them needed more places
        than it is shown with, it is the amount that tells. The amounts sum to the line's.
        """
        with exactly():
            amounts = [_told(step.amount) for step in self.steps]
            amounts[-1] += self.amount - sum(amounts)  # what the places beyond those told came to
            return [
                {"says": step.says, "base": plain(_told(step.base)), "rate": plain(_shown_rate(step.rate)), "amount": plain(amount)}
                | ({"caps": True} if step.caps else {})
                for step, amount in zip(self.steps, amounts, strict=True)
            ]


def staged(segments: Iterable[tuple[Performance, Iterable[Line]]], rounding: Rounding = Rounding.HALF_UP) -> list[StagedLine]:
    """The lines of one component in one window, in order of first appearance, ready to be booked.

    A window that a change cut comes as several segments: lines with the same key and currency are one line with the steps
    of all. Each is rounded once, with what that added as a visible last step, and shared over its credits: first between
    the segments by what each of them earned, then within one by what each credit counts (see `money.shares`). Give a
    generator, so that incentive types calculate to the same 60 digits. Raises LineInvalid for output that can't be booked,
    and whatever an incentive type raises.
    """
    gathered: dict[tuple[str, str], list[_Earned]] = defaultdict(list)
    with exactly():
        for performance, lines in segments:
            for earned in _checked(lines, performance):
                gathered[earned.line.key, performance.currency].append(earned)
    # A block of its own: an incentive type may have changed the context that it ran in.
    with exactly():
        return [_staged(key, currency, earned, rounding) for (key, currency), earned in gathered.items()]


def awarded(contest: Contest, performances: Sequence[Performance], rounding: Rounding = Rounding.HALF_UP) -> dict[str, list[StagedLine]]:
    """By rep, the lines of everybody in one contest, ready to be booked; of who won nothing, none.

    It calculates to the same 60 digits. Raises LineInvalid for output that can't be booked, and whatever the contest raises.
    """
    won: dict[str, list[Line]] = {told.rep_id: [] for told in performances}
    with exactly():
        for number, given in enumerate(contest.award(performances), start=1):
            if number > MOST_LINES:
                raise LineInvalid(f"more than {MOST_LINES} lines")
            if not (isinstance(given, tuple) and len(given) == 2):
                raise LineInvalid(f"award {number} is a {type(given).__name__}, not a pair of a rep's id and a Line")
            rep_id, line = given
            if not isinstance(rep_id, str) or rep_id not in won:
                raise LineInvalid(f"award {number} is for {rep_id!r:.80}, who is not in the contest")
            won[rep_id].append(line)
    return {told.rep_id: staged([(told, won[told.rep_id])], rounding) for told in performances}


@dataclass(frozen=True, slots=True)
class _Earned:
    """A line that was found fit, with the credits that it pays and what each of them counts."""

    line: Line
    credits: tuple[str, ...]
    counted: tuple[Decimal, ...]


def _staged(key: str, currency: str, earned: Sequence[_Earned], rounding: Rounding) -> StagedLine:
    steps = tuple(step for each in earned for step in each.line.steps)
    exact = sum((step.amount for step in steps), ZERO)
    amount = rounded(exact, currency, f"ROUND_{rounding}")
    if amount != exact:
        how = "" if rounding is Rounding.HALF_UP else f" {rounding.lower().replace('_', ' ')}"
        steps = (*steps, Step(f"rounded{how} to {quantum(currency)}", amount - exact))
    return StagedLine(key, currency, amount, exact, steps, _allocated(amount, quantum(currency), earned))


def _allocated(amount: Decimal, unit: Decimal, earned: Sequence[_Earned]) -> tuple[Share, ...]:
    paying = [each for each in earned if each.credits]
    totals: dict[str, Decimal] = defaultdict(Decimal)
    if paying:
        portions = shares(amount, [each.line.amount for each in paying], unit)
        for portion, each in zip(portions, paying, strict=True):
            for credit, part in zip(each.credits, shares(portion, each.counted, unit), strict=True):
                totals[credit] += part
    return tuple(Share(credit, part) for credit, part in totals.items() if part)


def _checked(lines: Iterable[Line], performance: Performance) -> Iterator[_Earned]:
    counted = {credit.id: performance.counted(credit) for credit in performance.credits}
    keys: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if number > MOST_LINES:
            raise LineInvalid(f"more than {MOST_LINES} lines")
        if not isinstance(line, Line):
            raise LineInvalid(f"line {number} is a {type(line).__name__}, not a Line")
        if not _is_text(line.key, LONGEST_KEY):
            raise LineInvalid(f"line {number}: its key must be a text of 1 to {LONGEST_KEY} characters")
        where = f'line {number} "{line.key}"'
        if line.key in keys:
            raise LineInvalid(f"{where}: an earlier line has the same key")
        keys.add(line.key)
        if not isinstance(line.steps, tuple) or not 0 < len(line.steps) <= MOST_STEPS:
            raise LineInvalid(f"{where}: expected a tuple of 1 to {MOST_STEPS} steps")
        for place, step in enumerate(line.steps, start=1):
            _check_step(step, f"{where}, step {place}")
        _check_credits(line.credits, counted, where)
        paid = tuple(counted) if line.credits is None else line.credits
        yield _Earned(line, paid, tuple(counted[credit] for credit in paid))


def _check_step(step: Any, where: str) -> None:
    if not isinstance(step, Step):
        raise LineInvalid(f"{where} is a {type(step).__name__}, not a Step")
    if not _is_text(step.says, LONGEST_SAYING):
        raise LineInvalid(f"{where}: what it says must be a text of 1 to {LONGEST_SAYING} characters")
    if not isinstance(step.caps, bool):
        raise LineInvalid(f"{where}: its caps is a {type(step.caps).__name__}, not a bool")
    for name, number in (("base", step.base), ("rate", step.rate)):
        if not isinstance(number, Decimal):
            raise LineInvalid(f"{where}: its {name} is a {type(number).__name__}, not a Decimal")
        if not number.is_finite() or abs(number) >= LARGEST:
            raise LineInvalid(f"{where}: its {name} is {number:.10}, not a number of at most 20 digits before the point")


def _check_credits(paid: Any, known: Collection[str], where: str) -> None:
    if paid is None:
        return
    if not isinstance(paid, tuple) or len(set(paid)) != len(paid):
        raise LineInvalid(f"{where}: its credits must be a tuple of different ids, or None")
    if strange := [credit for credit in paid if credit not in known]:
        raise LineInvalid(f"{where}: {strange[0]!r:.80} is no credit of the window")


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and not UNSTORABLE.search(value)


def _told(number: Decimal) -> Decimal:
    """With so few places that sums of such numbers are exact: what a division leaves has as many digits as there is room for."""
    exponent = number.as_tuple().exponent
    fits = isinstance(exponent, int) and exponent >= -20
    return number if fits else number.quantize(TOLD_PLACES, rounding=ROUND_HALF_UP)


def _shown_rate(rate: Decimal) -> Decimal:
    exponent = rate.as_tuple().exponent
    fits = isinstance(exponent, int) and exponent >= -8
    return rate if fits else rate.quantize(RATE_PLACES, rounding=ROUND_HALF_UP)
