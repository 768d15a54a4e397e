"""What the core tells an incentive type: the performance of one rep in one window, for one form of a component."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from spm_graph.domain import period
from spm_graph.domain.period import Span
from spm_graph.domain.terms import QuotaBasis
from spm_graph.incentive_types import Read
from spm_graph.plugin import Attained, Credit, Credited, Performance

from .earlier import Earlier, Unread
from .facts import Facts
from .windows import Part, Window

ONE_DAY = timedelta(days=1)


def in_part(known: Facts, window: Window, part: Part, during: Span, asked: Sequence[Read], earlier: Earlier | Unread) -> Performance:
    """The performance in dates of the window in which one form of the component is in force, and one currency is paid.

    Raises Refused for what can't be told: credits in another currency, or a measure that does not exist.
    """
    parts = known.parts(window)
    stretch = window.stretch(parts, part)
    beside = [each for form in parts for each in known.segments(window, form) if each.starts in stretch and each != during]
    sooner, later = [each for each in beside if each < during], [each for each in beside if each > during]
    found = [credit for credit in known.counted(window, part) if credit.on in stretch]
    opening = known.expected.opening(window.rep_id, part.measure_id, _evaluated(window, stretch), during.starts)
    behind = _dated(found, later)
    before, after = (
        known.total(window.rep_id, [(credit.on, counted(credit, part)) for credit in credits_], during.starts, part.units)
        for credits_ in ([credit for credit in found if credit.on < during.starts], behind)
    )
    within = tuple(credit for credit in found if credit.on in during)
    told = _performance(known, window, part, asked, earlier, during, stretch, within, opening + before, after)
    if not beside:
        return told
    return replace(
        told,
        credits_before=_carried(known, window, _dated(found, sooner), during.starts),
        credits_after=_carried(known, window, behind, during.starts),
        is_last=not later,
        earned_earlier=MappingProxyType(earlier.sums(window, part, Span(stretch.starts, during.starts))),
    )


def in_contest(known: Facts, window: Window, judged: Part, asked: Sequence[Read], earlier: Earlier | Unread) -> Performance:
    """The performance of one entrant, as the form that judges the contest counts it: in all dates in which they were in it."""
    dates = [each for form in known.parts(window) for each in known.segments(window, form)]
    day = dates[-1].starts
    found = _carried(known, window, _dated(known.counted(window, judged), dates), day)
    opening = known.expected.opening(window.rep_id, judged.measure_id, window.evaluated, day)
    during = Span(dates[0].starts, dates[-1].ends)
    told = _performance(known, window, judged, asked, earlier, during, window.span, found, opening, Decimal(0))
    own = judged.during.overlap(during) or during
    return replace(told, earned=MappingProxyType(earlier.of(window, judged, own)))


def counted(credit: Credit, part: Part) -> Decimal:
    """What a credit counts in the measure of a form."""
    return credit.units if part.units else credit.amount


def _performance(
    known: Facts,
    window: Window,
    part: Part,
    asked: Sequence[Read],
    earlier: Earlier | Unread,
    during: Span,
    stretch: Span,
    credits: tuple[Credit, ...],  # noqa: A002 - the field is called so
    before: Decimal,
    after: Decimal,
) -> Performance:
    basis = stretch if part.quota_basis is QuotaBasis.FULL_WINDOW else _evaluated(window, stretch)
    day = during.ends - ONE_DAY
    return Performance(
        rep_id=f"rep_{window.rep_id}",
        starts=during.starts,
        ends=during.ends,
        currency=known.paid[window.rep_id].on(day),
        credits=credits,
        credited_before=before,
        credited_after=after,
        quota=known.expected.quota(window.rep_id, part.measure_id, basis, day),
        units=part.units,
        target_variable=known.expected.target_variable(window.rep_id, basis, day),
        goals=known.expected.goals(window.rep_id, window.span),
        attainments=MappingProxyType(
            {
                (read.measure, read.window): known.attainment(window, read.measure, read.window, day)
                for read in asked
                if isinstance(read, Attained)
            }
        ),
        credited_in=MappingProxyType(
            {(read.measure, read.window, read.ago): _credited(known, window, read, day) for read in asked if isinstance(read, Credited)}
        ),
        earned=MappingProxyType(earlier.of(window, part, during)),
    )


def _credited(known: Facts, window: Window, read: Credited, day: date) -> Decimal:
    whole, so_far = window.beside(read.window)
    return known.credited(window, read.measure, period.ago(whole, so_far, read.ago) if read.ago else so_far, day)


def _dated(credits: Iterable[Credit], dates: Sequence[Span]) -> list[Credit]:  # noqa: A002 - the field is called so
    """The credits of some dates."""
    return [credit for credit in credits if any(credit.on in during for during in dates)]


def _carried(known: Facts, window: Window, credits: Sequence[Credit], day: date) -> tuple[Credit, ...]:  # noqa: A002 - the field is called so
    """Credits with their money in the currency of a day."""
    paid = known.paid[window.rep_id]
    if all(paid.on(credit.on) == paid.on(day) for credit in credits):
        return tuple(credits)
    return tuple(replace(credit, amount=paid.total([(credit.on, credit.amount)], day)) for credit in credits)


def _evaluated(window: Window, stretch: Span) -> Span:
    return stretch.overlap(window.evaluated) or stretch
