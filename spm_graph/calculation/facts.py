"""The facts that a shard reads: windows, the plan versions in force inside them, credits, quotas, goals, and what was booked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import RowMapping

from spm_graph.domain import period, target
from spm_graph.domain.earning import Share
from spm_graph.domain.employment import Employment, prorated
from spm_graph.domain.ids import global_id
from spm_graph.domain.money import exactly
from spm_graph.domain.pay_currency import PayCurrencies
from spm_graph.domain.period import Span
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import MeasureKind, Proration, Role, WindowKind
from spm_graph.plugin import Credit, Goal
from spm_graph.store import paid_in
from spm_graph.store.database import Transaction

from . import levels
from .levels import Levels, Rolled
from .windows import Part, Window, part_of, window_of

Row = Mapping[Any, Any]
Rows = Mapping[str, Sequence[Row]]
"""What was read, by what it is about."""

# What a run covers is written down after the snapshot was taken, so it is read beside it.
WINDOWS = """
select rep_id, component_id, lower(span) as starts, upper(span) as ends, through, run_id, round
from run_evaluation where run_id = :run_id and shard = :shard
"""

# In the rounds of the same run before this one: these lines will be booked in the place of what is.
COVERED = """
select rep_id, component_id, lower(span) as starts, upper(span) as ends
from run_evaluation where run_id = :run_id and round < :round and rep_id = any(:reps)
"""

STAGED = """
select rep_id, component_id, lower(span) as starts, upper(span) as ends, key, currency, amount, credits
from run_line join run_evaluation using (run_id, rep_id, component_id, span)
where run_id = :run_id and round < :round and rep_id = any(:reps)
order by rep_id, component_id, span, key, currency
"""

PARTS = """
select assigned.rep_id, part.id as form_id, part.component_id, version.plan_id, version.id as version_id, part.ordinal, part.name,
       part.incentive_type, part.distribution, part.config, part.quota_basis, part.carry, part.round, part.reads_window, part.reads_ago,
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
select credit.rep_id, credit.source_rep_id, credit.measure_id, credit.transaction_id, credit.role, credit.dated,
       credit.amount, credit.units, credit.share,
       credit.currency, transaction.corrects_id, measure.name as measure, product.name as product, opportunity.external_id as opportunity,
       opportunity.name as opportunity_name, account.name as account, transaction.kind, source.external_id as source_rep,
       case when transaction.attributes <> '[]' or opportunity.attributes <> '[]'
            then coalesce(opportunity.attributes, '[]') || transaction.attributes end as attributes,
       coalesce(transaction.external_id, opportunity.external_id) as source
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
select part.rep_id, part.measure_id, lower(period.effective) as starts, part.value, lower(quota.effective) as since
from quota_part as part join period on period.id = part.period_id join quota on quota.id = part.quota_id
where part.rep_id = any(:reps) and part.value > 0
"""

OPENINGS = """
select rep_id, measure_id, lower(effective) as starts, upper(effective) as ends, credited from opening_balance where rep_id = any(:reps)
"""

# What is asked of earlier dates than those of the windows is only ever a sum.
EARLIER = """
select rep_id, measure_id, date_trunc('month', dated)::date as starts, currency, sum(amount) as amount, sum(units) as units
from credit
where rep_id = any(:reps) and superseded_position is null and dated >= :reads_from and dated < :starts
group by 1, 2, 3, 4
"""

MEASURES = "select id, name, kind from measure"

GOALS = """
select goal.rep_id, lower(period.effective) as starts, upper(period.effective) as ends, goal.name, goal.weight, goal.achieved
from goal join period on period.id = goal.period_id
where goal.rep_id = any(:reps)
order by goal.rep_id, starts, ends, goal.name collate "C"
"""

TARGETS = """
select rep_id, lower(effective) as starts, coalesce(upper(effective), 'infinity') as ends, annual,
       coalesce(promised_on, lower(effective)) as since, proration, hired_on, left_on
from target_variable join rep on rep.id = rep_id where rep_id = any(:reps)
"""

BOOKED = """
select rep_id, component_id, lower(span) as starts, upper(span) as ends, key, currency, sum(amount) as amount
from earning
where rep_id = any(:reps) and lower(span) >= :starts
group by 1, 2, 3, 4, 5, 6 having sum(amount) <> 0 order by 1, 2, 3, 5, 6
"""

# Only for reps with a window that a change cut: what a line earned on either side of it is what the credits there earned.
BOOKED_SHARES = """
select earning.rep_id, component_id, lower(span) as starts, upper(span) as ends, key, earning.currency, shared.transaction_id, shared.role,
       sum(shared.amount) as amount
from earning join earning_credit as shared on shared.earning_id = earning.id
where rep_id = any(:reps) and lower(span) >= :starts
group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(shared.amount) <> 0 order by 1, 2, 3, 5, 6, 7, 8
"""


class Facts:
    """Everything about the reps of one shard, as one snapshot shows it."""

    def __init__(self, rows: Rows) -> None:
        names = {row["id"]: row["name"] for row in rows["reps"]}
        self.paid: Mapping[int, PayCurrencies] = paid_in.by_rep(rows["reps"])
        self.windows = [window_of(row, names[row["rep_id"]], self.paid[row["rep_id"]]) for row in rows["windows"]]
        self._parts: dict[tuple[int, int], list[Part]] = defaultdict(list)
        for row in rows["parts"]:
            self._parts[row["rep_id"], row["component_id"]].append(part_of(row))
        self._measuring: dict[tuple[int, int, Span, date], list[Part]] = {}
        self._measures = {row["name"]: (row["id"], row["kind"] == MeasureKind.UNITS) for row in rows["measures"]}
        self.credit_rows: Sequence[Row] = rows["credits"]
        self._levels = Levels(rows["lines"], rows["titles"])
        self._credits = _by_measure(self.credit_rows, self._levels)
        self._earlier: dict[tuple[int, int], list[Row]] = defaultdict(list)
        for row in rows["earlier"]:
            self._earlier[row["rep_id"], row["measure_id"]].append(row)
        self._units = {row["id"]: row["kind"] == MeasureKind.UNITS for row in rows["measures"]}
        self._quotas: dict[tuple[int, int], list[tuple[Span, date, Decimal]]] = defaultdict(list)
        for row in rows["quotas"]:
            month = period.month(row["starts"].year, row["starts"].month)
            self._quotas[row["rep_id"], row["measure_id"]].append((month, row["since"], row["value"]))
        self._openings: dict[tuple[int, int], list[tuple[Span, Decimal]]] = defaultdict(list)
        for row in rows["openings"]:
            self._openings[row["rep_id"], row["measure_id"]].append((Span(row["starts"], row["ends"]), row["credited"]))
        self._targets: dict[int, list[tuple[Span, date, Decimal]]] = defaultdict(list)
        for row in rows["targets"]:
            employed = Employment(row["hired_on"], row["left_on"])
            if during := prorated(Span(row["starts"], row["ends"]), Proration[row["proration"]], employed):
                self._targets[row["rep_id"]].append((during, row["since"], row["annual"]))
        self._goals: dict[int, list[tuple[Span, Goal]]] = defaultdict(list)
        for row in rows["goals"]:
            self._goals[row["rep_id"]].append((Span(row["starts"], row["ends"]), Goal(row["name"], row["weight"], row["achieved"])))
        self._booked: dict[tuple[int, int], list[tuple[Span, str, str, Decimal]]] = defaultdict(list)
        self._shares: dict[tuple[int, int, Span, str, str], list[Share]] = defaultdict(list)
        self._read_booked(rows)

    def _read_booked(self, rows: Rows) -> None:
        """What is booked, and what the run staged in the place of it."""
        looked_at = {(window.rep_id, window.component_id, window.span) for window in self.windows}
        looked_at |= {(row["rep_id"], row["component_id"], Span(row["starts"], row["ends"])) for row in rows["covered"]}
        for row in rows["booked_shares"]:
            span = Span(row["starts"], row["ends"])
            if (row["rep_id"], row["component_id"], span) not in looked_at:
                shared = Share(_credit_id(row["transaction_id"], row["role"]), row["amount"])
                self._shares[row["rep_id"], row["component_id"], span, row["key"], row["currency"]].append(shared)
        for row in rows["booked"]:
            span = Span(row["starts"], row["ends"])
            if (row["rep_id"], row["component_id"], span) not in looked_at:
                self._booked[row["rep_id"], row["component_id"]].append((span, row["key"], row["currency"], row["amount"]))
        for row in rows["staged"]:
            span = Span(row["starts"], row["ends"])
            self._booked[row["rep_id"], row["component_id"]].append((span, row["key"], row["currency"], row["amount"]))
            self._shares[row["rep_id"], row["component_id"], span, row["key"], row["currency"]] += [
                Share(_credit_id(part["transaction"], part["role"]), Decimal(part["amount"])) for part in row["credits"]
            ]

    def parts(self, window: Window) -> list[Part]:
        """The forms of the window's component that measure this very window and are in force in it, in order of date.

        Forms that say the same and follow each other are one: a new version or assignment that changes nothing cuts nothing.
        """
        known = window.rep_id, window.component_id, window.span, window.through
        if known not in self._measuring:
            self._measuring[known] = list(self._in_force(window))
        return self._measuring[known]

    def _in_force(self, window: Window) -> list[Part]:
        found: list[Part] = []
        for part in sorted(self._parts[window.rep_id, window.component_id], key=lambda each: each.during):
            if period.window(part.window_kind, window.span.starts) != window.span or not part.during.overlap(window.evaluated):
                continue
            starts = found.pop().during.starts if found and found[-1].goes_on_as(part) else part.during.starts
            found.append(replace(part, during=Span(starts, part.during.ends)))
        return found

    def segments(self, window: Window, part: Part) -> list[Span]:
        """The dates evaluated in which a form of the window's component is in force, in parts that are paid in one currency each."""
        during = part.during.overlap(window.evaluated)
        assert during is not None, "only forms in force in the window are given"
        return self.paid[window.rep_id].cut(during)

    def total(self, rep_id: int, amounts: Iterable[tuple[date, Decimal]], day: date, units: bool) -> Decimal:
        """The sum of what counted on some days: of money, in the currency in force on one day."""
        if units:
            return sum((amount for _, amount in amounts), Decimal(0))
        return self.paid[rep_id].total(amounts, day)

    def components(self, rep_id: int) -> Iterator[Part]:
        """Every form of every component that the rep has."""
        for (owner_id, _), parts in self._parts.items():
            if owner_id == rep_id:
                yield from parts

    def with_credits(self, rows: Sequence[Row]) -> Facts:
        """The same facts with these credits, rows as CREDITS finds them and in their order, in the place of those that there are."""
        other = copy(self)
        other.credit_rows, other._credits = rows, _by_measure(rows, self._levels)
        return other

    def credits(self, window: Window, part: Part) -> list[Credit]:
        """What is credited to the rep in the dates evaluated, in order of date; refused in a currency that the rep is not paid in then."""
        found = [each for each in self._credits[window.rep_id, part.measure_id] if each[0].on in window.evaluated]
        if not part.units:
            self._require_currency(window, ((credit.on, currency) for credit, currency in found))
        return [credit for credit, _ in found]

    def credited(self, window: Window, measure: str, during: Span, day: date) -> Decimal:
        """The sum of what was credited to the rep in some dates, of any measure, as of a day; refused if there is none of that name."""
        measure_id, units = self._measure(measure)
        of = window.rep_id, measure_id
        what = "units" if units else "amount"
        found = [(credit.on, getattr(credit, what), currency) for credit, currency in self._credits[of] if credit.on in during]
        found += [(row["starts"], row[what], row["currency"]) for row in self._earlier[of] if row["starts"] in during]
        if not units:
            self._require_currency(window, ((on, currency) for on, _, currency in found))
        credited = self.total(window.rep_id, ((on, value) for on, value, _ in found), day, units)
        return credited + self.opening(window.rep_id, measure_id, during, day)

    def attainment(self, window: Window, measure: str, kind: WindowKind, day: date) -> Decimal | None:
        """What was credited up to the last day evaluated by the quota of the whole window that holds it; none without a quota."""
        whole, so_far = window.beside(kind)
        credited = self.credited(window, measure, so_far, day)
        quota = self.quota(window.rep_id, self._measure(measure)[0], whole, day)
        return credited / quota if quota else None

    def _measure(self, name: str) -> tuple[int, bool]:
        found = self._measures.get(name)
        if found is None:
            raise refuse(ProblemCode.NOT_FOUND, f'the settings ask for the measure "{name}", and there is none of that name')
        return found

    def goals(self, window: Window) -> tuple[Goal, ...]:
        """The rep's goals for the window's full dates and for the periods inside them."""
        return tuple(goal for during, goal in self._goals[window.rep_id] if window.span.overlap(during) == during)

    def booked(self, rep_id: int, component_id: int) -> Iterator[tuple[Span, str, str, Decimal, tuple[Share, ...]]]:
        """By window, key and currency, what is booked, or staged, of a component in windows that the shard leaves alone, and its shares."""
        for span, key, currency, amount in self._booked[rep_id, component_id]:
            yield span, key, currency, amount, tuple(self._shares[rep_id, component_id, span, key, currency])

    def dates(self, rep_id: int) -> dict[str, date]:
        """When each of the rep's credits counts, by its id."""
        return {credit.id: credit.on for (owner_id, _), found in self._credits.items() if owner_id == rep_id for credit, _ in found}

    def opening(self, rep_id: int, measure_id: int, during: Span, day: date) -> Decimal:
        """What was credited elsewhere in dates that these hold whole, as of a day."""
        found = [(dates.starts, credited) for dates, credited in self._openings[rep_id, measure_id] if during.overlap(dates) == dates]
        return self.total(rep_id, found, day, self._units[measure_id])

    def target_variable(self, window: Window, during: Span, day: date) -> Decimal | None:
        """What the rep is paid for being exactly on quota in these dates, as of a day, or none."""
        paid = self.paid[window.rep_id]
        pieces = [(dates, paid.carried(annual, since, day)) for dates, since, annual in self._targets[window.rep_id]]
        return target.for_window(pieces, during, paid.on(day))

    def quota(self, rep_id: int, measure_id: int, during: Span, day: date) -> Decimal | None:
        """The quota of these dates, as of a day, or none; of a month that they hold in part, the part that its days are of the month's."""
        with exactly():
            found = [
                (since, value if overlap == month else value * (overlap.ends - overlap.starts).days / (month.ends - month.starts).days)
                for month, since, value in self._quotas[rep_id, measure_id]
                if (overlap := month.overlap(during))
            ]
            return self.total(rep_id, found, day, self._units[measure_id]) if found else None

    def _require_currency(self, window: Window, found: Iterable[tuple[date, str]]) -> None:
        paid = self.paid[window.rep_id]
        if strange := next(((on, currency) for on, currency in found if currency != paid.on(on)), None):
            message = f"{window.rep_name} is paid in {paid.on(strange[0])} on {strange[0]}, but has credits in {strange[1]} on it"
            raise refuse(ProblemCode.CURRENCY_MISMATCH, message)


async def windows(tx: Transaction, run_id: int, shard: int) -> Sequence[RowMapping]:
    """The windows of a shard."""
    return await tx.rows(WINDOWS, {"run_id": run_id, "shard": shard})


async def staged(tx: Transaction, covered: Sequence[Row]) -> Rows:
    """What a run staged for the reps of a shard in the rounds before the shard's: `read` wants it for later rounds than the first."""
    if not covered[0]["round"]:
        return {}
    of = {"run_id": covered[0]["run_id"], "round": covered[0]["round"], "reps": sorted({row["rep_id"] for row in covered})}
    return {"covered": await tx.rows(COVERED, of), "staged": await tx.rows(STAGED, of)}


async def read(snapshot: Transaction, covered: Sequence[Row], before: Rows | None = None) -> Facts:
    """Everything that these windows, at least one, are calculated from; `before` is what `staged` found."""
    return Facts({**await read_rows(snapshot, covered), **(before or {})})


async def read_rows(snapshot: Transaction, covered: Sequence[Row]) -> Rows:
    """The rows that `Facts` are made of."""
    reps = sorted({row["rep_id"] for row in covered})
    starts, ends = min(row["starts"] for row in covered), max(row["through"] for row in covered)
    parts = await snapshot.rows(PARTS, {"reps": reps})
    paid = await snapshot.rows(paid_in.PAID_IN, {"reps": reps})
    forms = Counter((row["rep_id"], row["component_id"]) for row in parts)
    cut = sorted({rep_id for (rep_id, _), number in forms.items() if number > 1} | {row["id"] for row in paid if row["starts"]})
    reads_from = min((part_of(row).reads_from(starts) for row in parts), default=starts)
    earlier = {"reps": reps, "starts": starts, "reads_from": reads_from}
    credit_rows = await snapshot.rows(CREDITS, {"reps": reps, "starts": starts, "ends": ends})
    lines, titles = await levels.read(snapshot, credit_rows)
    return {
        "windows": covered,
        "covered": [],
        "staged": [],
        "reps": paid,
        "parts": parts,
        "measures": await snapshot.rows(MEASURES),
        "credits": credit_rows,
        "lines": lines,
        "titles": titles,
        "earlier": await snapshot.rows(EARLIER, earlier) if reads_from < starts else [],
        "quotas": await snapshot.rows(QUOTAS, {"reps": reps}),
        "openings": await snapshot.rows(OPENINGS, {"reps": reps}),
        "targets": await snapshot.rows(TARGETS, {"reps": reps}),
        "goals": await snapshot.rows(GOALS, {"reps": reps}),
        "booked": await snapshot.rows(BOOKED, {"reps": reps, "starts": starts}),
        "booked_shares": await snapshot.rows(BOOKED_SHARES, {"reps": cut, "starts": starts}) if cut else [],
    }


def _by_measure(rows: Iterable[Row], told: Levels) -> dict[tuple[int, int], list[tuple[Credit, str]]]:
    """Credits with their currencies, by rep and measure."""
    found: dict[tuple[int, int], list[tuple[Credit, str]]] = defaultdict(list)
    for row in rows:
        found[row["rep_id"], row["measure_id"]].append((_credit(row, told), row["currency"]))
    return found


def _credit(row: Row, told: Levels) -> Credit:
    attributes = {"account": row["account"], "opportunity": row["opportunity_name"], "transaction": row["kind"]}
    attributes |= {each["name"]: each["value"] for each in row.get("attributes") or ()}  # what a transaction says stands against its deal
    known: Mapping[str, str] = {name: value for name, value in attributes.items() if value is not None}
    if row["role"] == Role.ROLLUP and (seller := row.get("source_rep_id")):
        known = Rolled(known, told, row["rep_id"], seller, row["dated"])
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
        attributes=MappingProxyType(known),
    )


def _credit_id(transaction_id: int, role: str) -> str:
    return f"{global_id('transaction', transaction_id)}:{role}"
