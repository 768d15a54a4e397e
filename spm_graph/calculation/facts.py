"""The facts that a shard reads: windows, the plan versions in force inside them, credits, quotas, and what was booked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from spm_graph.domain import period, target
from spm_graph.domain.earning import Share
from spm_graph.domain.ids import global_id
from spm_graph.domain.period import Span
from spm_graph.domain.terms import MeasureKind, QuotaBasis, WindowKind
from spm_graph.plugin import Credit
from spm_graph.store.database import Transaction

# What a run covers is written down after the snapshot was taken, so it is read beside it.
WINDOWS = """
select rep_id, component_id, lower(span) as starts, upper(span) as ends, through
from run_evaluation where run_id = :run_id and shard = :shard
"""

REPS = "select id, name, currency from rep where id = any(:reps)"

PARTS = """
select assigned.rep_id, part.component_id, version.plan_id, part.ordinal, part.name, part.incentive_type, part.config, part.quota_basis,
       part.window_kind, part.measure_id, measure.name as measure, measure.kind as measure_kind,
       lower(assigned.effective * version.effective) as starts,
       coalesce(upper(assigned.effective * version.effective), 'infinity') as ends
from plan_membership as assigned
join plan_version as version on version.plan_id = assigned.plan_id and version.state = 'PUBLISHED'
                            and version.effective && assigned.effective
join component_version as part on part.plan_version_id = version.id
join measure on measure.id = part.measure_id
where assigned.rep_id = any(:reps)
order by assigned.rep_id, version.plan_id, part.ordinal, starts
"""

# Ties are broken by the keys of the source systems, never by the order in which the facts arrived.
CREDITS = """
select credit.rep_id, credit.measure_id, credit.transaction_id, credit.role, credit.dated, credit.amount, credit.units, credit.share,
       credit.currency, transaction.corrects_id, measure.name as measure, product.name as product, opportunity.external_id as opportunity,
       opportunity.name as opportunity_name, account.name as account, transaction.kind, source.external_id as source_rep
from credit
join measure on measure.id = credit.measure_id
join transaction on transaction.id = credit.transaction_id
left join opportunity on opportunity.id = credit.opportunity_id
left join product on product.id = transaction.product_id
left join account on account.id = transaction.account_id
left join rep as source on source.id = credit.source_rep_id
where credit.rep_id = any(:reps) and credit.superseded_position is null and credit.dated >= :starts and credit.dated < :ends
order by credit.rep_id, credit.measure_id, credit.dated, coalesce(transaction.external_id, opportunity.external_id) collate "C",
         transaction.kind, credit.role, credit.transaction_id
"""

QUOTAS = """
select part.rep_id, part.measure_id, lower(period.effective) as starts, part.value
from quota_part as part join period on period.id = part.period_id
where part.rep_id = any(:reps)
"""

OPENINGS = """
select rep_id, measure_id, lower(effective) as starts, upper(effective) as ends, credited from opening_balance where rep_id = any(:reps)
"""

TARGETS = """
select rep_id, lower(effective) as starts, coalesce(upper(effective), 'infinity') as ends, annual
from target_variable where rep_id = any(:reps)
"""

BOOKED = """
select rep_id, component_id, lower(span) as starts, upper(span) as ends, key, sum(amount) as amount
from earning
where rep_id = any(:reps) and lower(span) >= :starts
group by 1, 2, 3, 4, 5 having sum(amount) <> 0 order by 1, 2, 3, 5
"""

# Only for reps with a window that a change cut: what a line earned on either side of it is what the credits there earned.
BOOKED_SHARES = """
select earning.rep_id, component_id, lower(span) as starts, upper(span) as ends, key, shared.transaction_id, shared.role,
       sum(shared.amount) as amount
from earning join earning_credit as shared on shared.earning_id = earning.id
where rep_id = any(:reps) and lower(span) >= :starts
group by 1, 2, 3, 4, 5, 6, 7 having sum(shared.amount) <> 0 order by 1, 2, 3, 5, 6, 7
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A component as one plan version has it, for one rep, over the dates in which both are in force."""

    component_id: int
    order: tuple[int, int]
    name: str
    incentive_type: str
    config: Mapping[str, Any]
    quota_basis: QuotaBasis
    measure_id: int
    measure: str
    units: bool
    window_kind: WindowKind
    during: Span

    def goes_on_as(self, later: Part) -> bool:
        """Whether the later form says the same, and follows at once: then nothing changes between them."""
        return replace(self, during=later.during, name=later.name, order=later.order) == later and self.during.ends == later.during.starts


@dataclass(frozen=True, slots=True)
class Window:
    """One rep's window of one component, evaluated up to `through`."""

    rep_id: int
    rep_name: str
    currency: str
    component_id: int
    span: Span
    through: date

    @property
    def evaluated(self) -> Span:
        """The dates that are evaluated."""
        return Span(self.span.starts, self.through)


class Facts:
    """Everything about the reps of one shard, as one snapshot shows it."""

    def __init__(self, rows: Mapping[str, Sequence[RowMapping]]) -> None:
        reps = {row["id"]: row for row in rows["reps"]}
        self.windows = [_window(row, reps[row["rep_id"]]) for row in rows["windows"]]
        self._parts: dict[tuple[int, int], list[Part]] = defaultdict(list)
        for row in rows["parts"]:
            self._parts[row["rep_id"], row["component_id"]].append(_part(row))
        self._credits: dict[tuple[int, int], list[tuple[Credit, str]]] = defaultdict(list)
        for row in rows["credits"]:
            self._credits[row["rep_id"], row["measure_id"]].append((_credit(row), row["currency"]))
        self._quotas: dict[tuple[int, int], list[tuple[date, Decimal]]] = defaultdict(list)
        for row in rows["quotas"]:
            self._quotas[row["rep_id"], row["measure_id"]].append((row["starts"], row["value"]))
        self._openings: dict[tuple[int, int], list[tuple[Span, Decimal]]] = defaultdict(list)
        for row in rows["openings"]:
            self._openings[row["rep_id"], row["measure_id"]].append((Span(row["starts"], row["ends"]), row["credited"]))
        self._targets: dict[int, list[tuple[Span, Decimal]]] = defaultdict(list)
        for row in rows["targets"]:
            self._targets[row["rep_id"]].append((Span(row["starts"], row["ends"]), row["annual"]))
        looked_at = {(window.rep_id, window.component_id, window.span) for window in self.windows}
        self._booked: dict[tuple[int, int], list[tuple[Span, str, Decimal]]] = defaultdict(list)
        for row in rows["booked"]:
            span = Span(row["starts"], row["ends"])
            if (row["rep_id"], row["component_id"], span) not in looked_at:
                self._booked[row["rep_id"], row["component_id"]].append((span, row["key"], row["amount"]))
        self._shares: dict[tuple[int, int, Span, str], list[Share]] = defaultdict(list)
        for row in rows["booked_shares"]:
            of = (row["rep_id"], row["component_id"], Span(row["starts"], row["ends"]), row["key"])
            self._shares[of].append(Share(_credit_id(row["transaction_id"], row["role"]), row["amount"]))

    def parts(self, window: Window) -> list[Part]:
        """The forms of the window's component that measure this very window and are in force in it, in order of date.

        Forms that say the same and follow each other are one: a new version or assignment that changes nothing cuts nothing.
        """
        found: list[Part] = []
        for part in sorted(self._parts[window.rep_id, window.component_id], key=lambda each: each.during):
            if period.window(part.window_kind, window.span.starts) != window.span or not part.during.overlap(window.evaluated):
                continue
            starts = found.pop().during.starts if found and found[-1].goes_on_as(part) else part.during.starts
            found.append(replace(part, during=Span(starts, part.during.ends)))
        return found

    def components(self, rep_id: int) -> Iterator[Part]:
        """Every form of every component that the rep has."""
        for (owner_id, _), parts in self._parts.items():
            if owner_id == rep_id:
                yield from parts

    def credits(self, rep_id: int, measure_id: int, during: Span) -> list[tuple[Credit, str]]:
        """The rep's credits in these dates with their currencies, in order of date."""
        return [found for found in self._credits[rep_id, measure_id] if found[0].on in during]

    def booked(self, rep_id: int, component_id: int) -> Iterator[tuple[Span, str, Decimal, tuple[Share, ...]]]:
        """By window and key, what is booked of a component in windows that the shard does not look at again, and its shares."""
        for span, key, amount in self._booked[rep_id, component_id]:
            yield span, key, amount, tuple(self._shares[rep_id, component_id, span, key])

    def dates(self, rep_id: int) -> dict[str, date]:
        """When each of the rep's credits counts, by its id."""
        return {credit.id: credit.on for (owner_id, _), found in self._credits.items() if owner_id == rep_id for credit, _ in found}

    def opening(self, window: Window, part: Part) -> Decimal:
        """What was credited elsewhere in dates that the window, so far, holds whole."""
        openings = self._openings[window.rep_id, part.measure_id]
        return sum((credited for during, credited in openings if window.evaluated.overlap(during) == during), Decimal(0))

    def target_variable(self, window: Window, part: Part) -> Decimal | None:
        """What is paid for being exactly on quota in the dates that the quota is for, or none."""
        return target.for_window(self._targets[window.rep_id], _basis(window, part), window.currency)

    def quota(self, window: Window, part: Part) -> Decimal | None:
        """The quota that attainment is measured against, or none."""
        during = _basis(window, part)
        found = [value for starts, value in self._quotas[window.rep_id, part.measure_id] if starts in during]
        return sum(found, Decimal(0)) if found else None


async def windows(tx: Transaction, run_id: int, shard: int) -> Sequence[RowMapping]:
    """The windows of a shard."""
    return await tx.rows(WINDOWS, {"run_id": run_id, "shard": shard})


async def read(snapshot: Transaction, covered: Sequence[RowMapping]) -> Facts:
    """Everything that these windows, at least one, are calculated from."""
    reps = sorted({row["rep_id"] for row in covered})
    starts, ends = min(row["starts"] for row in covered), max(row["through"] for row in covered)
    parts = await snapshot.rows(PARTS, {"reps": reps})
    forms = Counter((row["rep_id"], row["component_id"]) for row in parts)
    cut = sorted({rep_id for (rep_id, _), number in forms.items() if number > 1})
    return Facts(
        {
            "windows": covered,
            "reps": await snapshot.rows(REPS, {"reps": reps}),
            "parts": parts,
            "credits": await snapshot.rows(CREDITS, {"reps": reps, "starts": starts, "ends": ends}),
            "quotas": await snapshot.rows(QUOTAS, {"reps": reps}),
            "openings": await snapshot.rows(OPENINGS, {"reps": reps}),
            "targets": await snapshot.rows(TARGETS, {"reps": reps}),
            "booked": await snapshot.rows(BOOKED, {"reps": reps, "starts": starts}),
            "booked_shares": await snapshot.rows(BOOKED_SHARES, {"reps": cut, "starts": starts}) if cut else [],
        }
    )


def _basis(window: Window, part: Part) -> Span:
    return window.span if part.quota_basis is QuotaBasis.FULL_WINDOW else window.evaluated


def _window(row: RowMapping, rep: RowMapping) -> Window:
    return Window(
        rep_id=row["rep_id"],
        rep_name=rep["name"],
        currency=rep["currency"],
        component_id=row["component_id"],
        span=Span(row["starts"], row["ends"]),
        through=row["through"],
    )


def _part(row: RowMapping) -> Part:
    return Part(
        component_id=row["component_id"],
        order=(row["plan_id"], row["ordinal"]),
        name=row["name"],
        incentive_type=row["incentive_type"],
        config=row["config"],
        quota_basis=QuotaBasis[row["quota_basis"]],
        measure_id=row["measure_id"],
        measure=row["measure"],
        units=row["measure_kind"] == MeasureKind.UNITS,
        window_kind=WindowKind[row["window_kind"]],
        during=Span(row["starts"], row["ends"]),
    )


def _credit(row: RowMapping) -> Credit:
    attributes = {"account": row["account"], "opportunity": row["opportunity_name"], "transaction": row["kind"]}
    return Credit(
        id=_credit_id(row["transaction_id"], row["role"]),
        on=row["dated"],
        amount=row["amount"],
        units=row["units"],
        measure=row["measure"],
        role=row["role"],
        share=row["share"],
        product=row["product"],
        opportunity=row["opportunity"],
        source_rep=row["source_rep"],
        corrects=_credit_id(row["corrects_id"], row["role"]) if row["corrects_id"] else None,
        attributes={name: value for name, value in attributes.items() if value is not None},
    )


def _credit_id(transaction_id: int, role: str) -> str:
    return f"{global_id('transaction', transaction_id)}:{role}"
