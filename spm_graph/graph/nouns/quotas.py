"""Quotas: what is expected of whom, and how that comes about."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.domain.terms import Proration
from spm_graph.reading.declarations import NEWEST_FIRST
from spm_graph.reading.fields import column, dates, described, embedded, many, node, one, quantity, rate, record
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import period, quota, quota_part

from .directory import of_rep_named, of_team
from .events import EventRep
from .measures import UNIT, UNIT_OF, UNIT_ON, Measure
from .orders import EFFECTIVE, RECORDED, named, orders, sized
from .pages import DateRange, Node, PeriodRef, Quantity, Ref, page
from .periods import Period, months_in, months_of

if TYPE_CHECKING:
    from .earnings import Step
    from .reps import Rep

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.nouns.reps")]
LazyStep = Annotated["Step", strawberry.lazy("spm_graph.graph.nouns.earnings")]

OF_QUOTA = (
    f"(select {UNIT_ON.format(day='lower(whole.effective)')} from measure, quota as whole"
    " where measure.id = {measure_id} and whole.id = {quota_id})"
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
            where balance.rep_id = rep.id and balance.measure_id = measure.id and balance.period_id = {months_of("{$period}")})
             + (select coalesce(sum(opening.credited * opening.carry), 0) from opening_balance as opening
                where opening.rep_id = rep.id and opening.measure_id = measure.id and opening.effective <@ period.effective) as credited,
           expected.quota, expected.full_quota
    from (select {{parent.id}} as id, {{parent.currency}} as currency) as rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota from quota_part as part
        where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id = {months_of("{$period}")}
    ) as expected
    where period.id = {{$period}}
)"""
"""What was credited to a rep and expected of it in a period, by measure: sums of the balances of the pay periods inside, money in the last
currency that the rep is paid in."""


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


@narrowing("Which quotas are wanted.")
class QuotaWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    team: Ref | None = of_team("{rep_id}")
    search: str | None = of_rep_named()
    measure: str | None = matches("{measure_id} = (select id from measure where name = {value})", "Those in the measure of this name.")
    period: PeriodRef | None = matches(
        "{effective} && (select effective from period where id = {value})", "Those with days in this period.", period
    )
    manager: Ref | None = matches(
        "{rep_id} in (select line.rep_id from reporting_line as line where line.manager_id = {value} and line.effective @> {today})",
        "Those of reps who report to this one today.",
        tables.rep,
    )
    value_from: Decimal | None = matches("{self}.value >= {value}", "Those of at least this much, as it is expected.")
    value_below: Decimal | None = matches("{self}.value < {value}", "Those of less than this.")


quota_page = partial(
    page,
    order=NEWEST_FIRST,
    filters=QuotaWhere,
    orders=orders(
        "QuotaOrder",
        "How quotas can be ordered.",
        **RECORDED,
        **EFFECTIVE,
        **sized("{value}", "By how much is expected, whatever its unit"),
        **named("{rep_id}"),
    ),
)
"""A page of quotas, those first that were set last."""


@described
class QuotaAllocation:
    """What somebody got of a target that was shared out as quotas."""

    rep: EventRep = strawberry.field(description="Who got it.")
    weight: Decimal = strawberry.field(description="What their part weighs against the others'.")
    full_value: Quantity = strawberry.field(description="Their part: the quota before proration and ramp.")
    value: Quantity = strawberry.field(description="What is expected of them after proration and ramp.")
    quota: strawberry.ID | None = strawberry.field(description="The id of the quota that was set. Null: it is a preview.")
