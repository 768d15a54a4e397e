"""What the core tells an incentive type: the performance of one rep in one window, for one form of a component."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType

from spm_graph.domain import period
from spm_graph.domain.period import Span
from spm_graph.domain.terms import QuotaBasis
from spm_graph.incentive_types import reads
from spm_graph.plugin import Attained, Contest, Credit, Credited, IncentiveType, Performance

from .earlier import Earlier
from .facts import Facts
from .windows import Part, Window


def in_part(known: Facts, window: Window, part: Part, settings: IncentiveType | Contest, earlier: Earlier) -> Performance:
    """The performance in the dates of the window in which a form of the component is in force.

    Raises Refused for what can't be told: credits in another currency, or a measure that does not exist.
    """
    parts = known.parts(window)
    during = _of(window, part)
    stretch = window.stretch(parts, part)
    later = [_of(window, each) for each in parts if part.during.ends <= each.during.starts < stretch.ends]
    found = [credit for credit in known.credits(window, part) if credit.on in stretch]
    before = [credit for credit in found if credit.on < during.starts]
    after = [credit for credit in found if any(credit.on in dates for dates in later)]
    opening = known.opening(window.rep_id, part.measure_id, _evaluated(window, stretch))
    within = tuple(credit for credit in found if credit.on in during)
    return _performance(known, window, part, settings, earlier, during, stretch, within, opening + _sum(before, part), _sum(after, part))


def in_contest(known: Facts, window: Window, judged: Part, settings: Contest, earlier: Earlier) -> Performance:
    """The performance of one entrant, as the form that judges the contest counts it: in all dates in which they were in it."""
    dates = [_of(window, each) for each in known.parts(window)]
    found = tuple(credit for credit in known.credits(window, judged) if any(credit.on in during for during in dates))
    opening = known.opening(window.rep_id, judged.measure_id, window.evaluated)
    during = Span(dates[0].starts, dates[-1].ends)
    return _performance(known, window, judged, settings, earlier, during, window.span, found, opening, Decimal(0))


def _performance(
    known: Facts,
    window: Window,
    part: Part,
    settings: IncentiveType | Contest,
    earlier: Earlier,
    during: Span,
    stretch: Span,
    credits: tuple[Credit, ...],  # noqa: A002 - the field is called so
    before: Decimal,
    after: Decimal,
) -> Performance:
    asked = [read for _, read in reads(settings)]
    basis = stretch if part.quota_basis is QuotaBasis.FULL_WINDOW else _evaluated(window, stretch)
    return Performance(
        rep_id=f"rep_{window.rep_id}",
        starts=during.starts,
        ends=during.ends,
        currency=window.currency,
        credits=credits,
        credited_before=before,
        credited_after=after,
        quota=known.quota(window.rep_id, part.measure_id, basis),
        units=part.units,
        target_variable=known.target_variable(window, basis),
        goals=known.goals(window),
        attainments=MappingProxyType(
            {
                (read.measure, read.window): known.attainment(window, read.measure, read.window)
                for read in asked
                if isinstance(read, Attained)
            }
        ),
        credited_in=MappingProxyType(
            {(read.measure, read.window, read.ago): _credited(known, window, read) for read in asked if isinstance(read, Credited)}
        ),
        earned=MappingProxyType(earlier.of(window, known.parts(window), part)),
    )


def _credited(known: Facts, window: Window, read: Credited) -> Decimal:
    whole, so_far = window.beside(read.window)
    return known.credited(window, read.measure, period.ago(whole, so_far, read.ago) if read.ago else so_far)


def _of(window: Window, part: Part) -> Span:
    during = part.during.overlap(window.evaluated)
    assert during is not None, "only forms in force in the window are given"
    return during


def _evaluated(window: Window, stretch: Span) -> Span:
    return stretch.overlap(window.evaluated) or stretch


def _sum(credits: Sequence[Credit], part: Part) -> Decimal:  # noqa: A002 - the field is called so
    return sum((credit.units if part.units else credit.amount for credit in credits), Decimal(0))
