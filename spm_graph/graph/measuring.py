"""The calendar, what counts for whom, and what is expected of whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.terms import MeasureBasis, MeasureKind, PeriodKind, PeriodState, Proration, Role, TransactionKind
from spm_graph.reading.declarations import Order
from spm_graph.reading.fields import column, dates, embedded, many, money, node, one, quantity, rate, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import credit, measure, opening_balance, period, quota, quota_part

from .pages import DateRange, Money, Node, PeriodRef, Quantity, Ref
from .scalars import Position

if TYPE_CHECKING:
    from .paying import Step
    from .people import Rep, RepCard
    from .selling import Opportunity, Product, Transaction

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.people")]
LazyRepCard = Annotated["RepCard", strawberry.lazy("spm_graph.graph.people")]
LazyStep = Annotated["Step", strawberry.lazy("spm_graph.graph.paying")]
LazyProduct = Annotated["Product", strawberry.lazy("spm_graph.graph.selling")]
LazyOpportunity = Annotated["Opportunity", strawberry.lazy("spm_graph.graph.selling")]
LazyTransaction = Annotated["Transaction", strawberry.lazy("spm_graph.graph.selling")]


UNIT = "case when measure.kind = 'UNITS' then 'units' else rep.currency end"

UNIT_ON = "case when measure.kind = 'UNITS' then 'units' else paid_in({{rep_id}}, {day}) end"
"""The unit of what was set for dates: money is in the currency in force on the first of them."""

UNIT_OF = f"(select {UNIT_ON.format(day='lower({effective})')} from measure where measure.id = {{measure_id}})"
OF_QUOTA = (
    f"(select {UNIT_ON.format(day='lower(whole.effective)')} from measure, quota as whole"
    " where measure.id = {measure_id} and whole.id = {quota_id})"
)


def months_in(effective: str) -> str:
    """The pay periods inside these dates, as a select of their keys."""
    return (
        "(select month.id from period as month where month.kind = 'MONTH'"
        f" and lower(month.effective) >= lower({effective}) and lower(month.effective) < upper({effective}))"
    )


def months(whole: str) -> str:
    """The pay periods inside a period, as a select of their keys; `whole` is the alias of the period's row."""
    return months_in(f"{whole}.effective")


def months_of(key: str) -> str:
    """The pay periods inside the period with a key, as a select of their keys."""
    return f"(select month.id from period as whole, period as month where whole.id = {key} and month.id in {months('whole')})"


@node(period, "period")
class Period(Node):
    """A month, a quarter or a year. Months are the pay periods: they carry money, and close."""

    name: str = column(period.c.name, "Its name: 2026-03, 2026-Q1 or 2026.")
    kind: PeriodKind = column(period.c.kind, "Its length.")
    starts: date = value("lower({effective})", "Its first day.")
    ends: date = value("upper({effective})", "The day after its last one.")
    state: PeriodState = column(period.c.state, "Whether earnings can still be booked in it.")
    closed_position: Position | None = column(period.c.closed_position, "The position at which it was closed.")


@node(measure, "measure")
class Measure(Node):
    """A named slice of credits that quotas and plans are measured in: bookings, margin, units of one kind of sale."""

    name: str = column(measure.c.name, "Its name, by which quotas and components refer to it.")
    kind: MeasureKind = column(measure.c.kind, "What it is counted in.")
    basis: MeasureBasis = column(measure.c.basis, "Which number of a transaction it counts.")
    transaction_kinds: list[TransactionKind] = column(measure.c.transaction_kinds, "The kinds of transactions that count.")
    roles: list[Role] = column(measure.c.roles, "The roles whose credits count.")
    products: list[LazyProduct] = many(
        None, "The products that count. Empty, with no families: all sales count.", where="{id} = any({parent.product_ids})"
    )
    product_families: list[str] = column(measure.c.product_families, "The families whose products count, beside `products`.")
    rollup_levels: int | None = column(
        measure.c.rollup_levels, "How many managers above a deal's people are credited with it, the nearest first. Null: all of them."
    )


def explained(parts: str, said: str, total: str, currency: str, carry: str = "") -> str:
    """Steps that tell how the parts for which `parts` holds come to a total in a currency, `carry` being what they are multiplied by to be
    in it: one for each pay period, what rounding adds, and the total."""
    amount = f"round(part.full_value{carry} * part.rate, 8)"
    rounding = f"trim_scale({total} - coalesce(sum({amount}), 0))"
    step = f"""jsonb_build_object(
    'says', part.says, 'base', measure_text(part.full_value{carry}, measure.kind, {currency}),
    'rate', trim_scale(round(part.rate, 8))::text,
    'amount', trim_scale({amount})::text)"""
    return f"""(
    select coalesce(jsonb_agg({step} order by lower(month.effective)), '[]')
    || case when {rounding} = 0 then '[]' else jsonb_build_array(jsonb_build_object(
        'says', 'rounded', 'base', {rounding}::text, 'rate', '1', 'amount', {rounding}::text)) end
    || jsonb_build_array(jsonb_build_object(
        'says', {said}, 'base', measure_text({total}, measure.kind, {currency}), 'rate', '1',
        'amount', measure_text({total}, measure.kind, {currency})))
    from measure join rep on rep.id = {{rep_id}}
    left join quota_part as part on part.rep_id = rep.id and part.measure_id = measure.id and {parts}
    left join period as month on month.id = part.period_id
    where measure.id = {{measure_id}} group by measure.kind, rep.currency
)"""


EXPLANATION = (
    "How it comes about, step by step: what each pay period has of the full quota, by the rate that employment and ramp leave of it, and"
    " what rounding adds; the last step is their sum, the value."
)


@node(quota, "quota")
class Quota(Node):
    """What is expected of a rep in one measure over some dates. It is spread over the pay periods inside.

    Each season, the whole quota if it has none, is split over its months by largest remainder. Of somebody who joins, leaves
    or ramps up, the mean of its months' rates is expected of a season, rounded half-up.
    """

    rep: LazyRep = one(quota.c.rep_id, "Of whom it is expected.", inherited=True)
    measure: Measure = one(quota.c.measure_id, "What counts towards it.")
    effective: DateRange = dates(quota.c.effective, "Its dates.")
    value: Quantity = quantity(
        "{value}",
        UNIT_OF,
        "How much is expected over all of its dates, after proration and ramp.",
    )
    full_value: Quantity = quantity("{full_value}", UNIT_OF, "How much was set, before proration and ramp.")
    seasonality: list[Decimal] = embedded(
        "(select coalesce(jsonb_agg(trim_scale(weight)::text), '[]') from unnest({seasonality}) as weight)",
        "How its months, or its quarters, weigh against each other. Empty: all the same.",
    )
    proration: Proration = column(quota.c.proration, "What is taken off for days on which the rep is not employed.")
    ramp: list[Decimal] = embedded(
        "(select coalesce(jsonb_agg(trim_scale(share)::text), '[]') from unnest({ramp}) as share)",
        "The shares that are expected in the first months of employment, the whole behind them. Empty: the whole from the start.",
    )
    explanation: list[LazyStep] = embedded(
        explained("part.quota_id = {id}", "'the quota as it is expected'", "{value}", "paid_in({rep_id}, lower({effective}))"), EXPLANATION
    )


@record(quota_part.name, quota_part)
class QuotaPart:
    """The part of a quota that falls into one pay period."""

    period: Period = one(quota_part.c.period_id, "The pay period.")
    quota: Quota = one(quota_part.c.quota_id, "The quota that it is a part of.", inherited=True)
    value: Quantity = quantity(
        "{value}",
        OF_QUOTA,
        "How much is expected in the pay period.",
    )
    full_value: Quantity = quantity("{full_value}", OF_QUOTA, "What of the full quota falls into it, before proration and ramp.")
    rate: Decimal = rate("{rate}", "The rate of it that is expected: the part of its days that counts as employed, times the ramp's share.")
    says: str = column(quota_part.c.says, "The pay period, and why the rate is what it is.")


TOTAL = f"""(
    select period.id as period_id, period.name as period_name, period.effective, measure.id as measure_id,
           measure.name as measure, rep.id as rep_id, {UNIT} as unit,
           (select coalesce(sum(balance.value), 0) from credited as balance
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id in {months("period")})
             + (select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           (select sum(part.value * part.carry) from quota_part as part
            where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id in {months("period")}) as quota,
           (select sum(part.full_value * part.carry) from quota_part as part
            where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id in {months("period")}) as full_quota
    from rep, period, measure
    where rep.id = {{parent.id}} and period.id = {{$period}}
)"""
"""What was credited to a rep and expected of it in a period, by measure: sums of the balances of the pay periods inside, money in the last
currency that the rep is paid in."""

ASKED_MEASURE = "{measure} = coalesce({$measure}, (select name from measure order by id limit 1))"
"""A measure's name, or the one that was set first."""


@record(TOTAL, None)
class PeriodQuota:
    """What is expected of a rep in a period: the sum of the quotas' parts that fall into it.

    Money is in the currency that the rep is paid in last, carried over each change at the rate of its day.
    """

    period: Period = one(None, "The period.", where="{id} = {parent.period_id}")
    measure: str = column("measure", "The name of the measure.")
    value: Quantity = quantity("{quota}", "{unit}", "How much is expected, after proration and ramp.")
    full_value: Quantity = quantity("{full_quota}", "{unit}", "How much would be expected without proration and ramp.")
    explanation: list[LazyStep] = embedded(
        explained(
            f"part.period_id in {months_in('{effective}')}", "'expected in ' || {period_name}", "{quota}", "rep.currency", " * part.carry"
        ),
        EXPLANATION,
    )
    parts: list[QuotaPart] = many(
        None,
        "How it comes about, by pay period.",
        where="{rep_id} = {parent.rep_id} and {measure_id} = {parent.measure_id}"
        " and {period_id} in (select month.id from period as month where month.kind = 'MONTH' and month.effective <@ {parent.effective})",
        order="(select lower(month.effective) from period as month where month.id = {period_id})",
        inherited=True,
    )


@node(opening_balance, "opening")
class OpeningBalance(Node):
    """What was credited and earned elsewhere, before calculation began here: it counts as attained, and is not paid again."""

    rep: LazyRep = one(opening_balance.c.rep_id, "Whose it is.", inherited=True)
    measure: Measure = one(opening_balance.c.measure_id, "The measure that it was credited in.")
    effective: DateRange = dates(opening_balance.c.effective, "The dates that it covers.")
    credited: Quantity = quantity("{credited}", UNIT_OF, "What was credited.")
    earned: Money = money(opening_balance.c.earned, "paid_in({rep_id}, lower({effective}))", "What was earned and paid.")


@node(credit, "credit")
class Credit(Node):
    """One rep's share of one transaction, as one measure counts it."""

    rep: LazyRepCard = one(credit.c.rep_id, "Who is credited.")
    role: Role = column(credit.c.role, "Why.")
    measure: Measure = one(credit.c.measure_id, "The measure that counts it.")
    transaction: LazyTransaction = one(credit.c.transaction_id, "What was sold.", inherited=True)
    opportunity: LazyOpportunity | None = one(credit.c.opportunity_id, "The deal.")
    source_rep: LazyRepCard | None = one(credit.c.source_rep_id, "The rep whose deal it is, where the credit rolled up to a manager.")
    dated: date = column(credit.c.dated, "The day that it counts on.")
    share: Decimal = rate(credit.c.share, "The share of the transaction: 0.5 is half.")
    amount: Money = money(credit.c.amount, credit.c.currency, "The share in money.")
    sold: Money = money(credit.c.sold_amount, credit.c.sold_currency, "The share in the currency that it was sold in.")
    fx_rate: Decimal = rate(credit.c.fx_rate, "What that was converted by, into the currency that the rep is paid in.")
    units: Decimal = value("trim_scale({units})", "The share in units.")
    made_position: Position = column(credit.c.made_position, "The position at which it was made.")
    superseded_position: Position | None = column(
        credit.c.superseded_position, "The position at which another took its place. Null: it counts."
    )


@narrowing("Which periods are wanted.")
class PeriodWhere:
    """A filter: each field narrows it further."""

    kind: PeriodKind | None = matches("{kind} = {value}", "Those of this length.")
    state: PeriodState | None = matches("{state} = {value}", "Those in this state.")
    ends_after: date | None = matches("upper({effective}) > {value}", "Those that hold this day, or come after it.")
    starts_before: date | None = matches("lower({effective}) < {value}", "Those that start before this day.")


BY_START = Order((("lower({effective})", "date"), ("{id}", "bigint")))


@narrowing("Which quotas are wanted.")
class QuotaWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    measure: str | None = matches("{measure_id} = (select id from measure where name = {value})", "Those in the measure of this name.")
    period: PeriodRef | None = matches(
        "{effective} && (select effective from period where id = {value})", "Those with days in this period.", period
    )
