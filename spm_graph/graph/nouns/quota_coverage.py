"""How the quotas of those who sell cover the quota of the manager whom they report to."""

from __future__ import annotations

from decimal import Decimal

from spm_graph.reading.fields import column, one, quantity, ratio, record
from spm_graph.store.predicates import BELOW

from .measures import UNIT
from .pages import Quantity
from .periods import Period, months_in

# Only today's reporting line counts, as everywhere where somebody asks about their people. Who has somebody below them is
# covered by those, and not counted again. A quota in another currency does not add up with the others.
COVERAGE = f"""(
    with seller as (
        select rep.id, rep.currency from ({BELOW.format(rep="{parent.id}", today="{today}")}) as below join rep on rep.id = below.rep_id
        where not exists (select from reporting_line as line where line.manager_id = rep.id and line.effective @> {{today}})
    )
    select period.id as period_id, measure.name as measure, {UNIT} as unit, street.quota as street, street.full_quota as full_street,
           street.carrying, (select count(*) from seller) - street.carrying as without,
           (select sum(part.value * part.carry) from quota_part as part
            where part.rep_id = rep.id and part.measure_id = measure.id and part.period_id in {months_in("period.effective")}) as quota
    from rep, period, measure
    cross join lateral (
        select sum(part.value * part.carry) as quota, sum(part.full_value * part.carry) as full_quota, count(distinct seller.id) as carrying
        from seller join quota_part as part on part.rep_id = seller.id and part.measure_id = measure.id
        where part.period_id in {months_in("period.effective")} and (measure.kind = 'UNITS' or seller.currency = rep.currency)
    ) as street
    where rep.id = {{parent.id}} and period.id = {{$period}}
)"""


@record(COVERAGE, None)
class QuotaCoverage:
    """Whether what is expected of those who sell adds up to what is expected of their manager.

    After Revcast, "How to calculate quota attainment, over-assignment and number of sales reps".
    """

    period: Period = one(None, "The period.", where="{id} = {parent.period_id}")
    measure: str = column("measure", "The name of the measure.")
    quota: Quantity | None = quantity("{quota}", "{unit}", "The manager's own quota. Null: nothing was set.")
    street_quota: Quantity | None = quantity(
        "{street}",
        "{unit}",
        "The street quota: the sum of the quotas, after proration and ramp, of everybody below the manager who has nobody below them."
        " Null: nothing was set for them.",
    )
    full_street_quota: Quantity | None = quantity("{full_street}", "{unit}", "What the street quota would be without proration and ramp.")
    over_assignment: Decimal | None = ratio(
        "{street} / nullif({quota}, 0)",
        "Street quota divided by the manager's quota: at 1.25, a quarter more is handed out than is needed. Null without either of them.",
    )
    attainment_factor: Decimal | None = ratio(
        "{quota} / nullif({street}, 0)",
        "The manager's quota divided by the street quota: the attainment of those who sell at which the manager is on quota. Null without"
        " either of them.",
    )
    carrying: int = column("carrying", "How many carry a part of the street quota.")
    without: int = column("without", "How many sell below the manager and carry none, or one in another currency.")
