"""How far reps are, and how they stand to each other."""

from __future__ import annotations

from decimal import Decimal

from spm_graph.reading.fields import column, one, quantity, ratio, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables

from ..scalars import Position
from .directory import RepCard, of_rep_named, of_team
from .measures import UNIT
from .orders import Keys, falling, orders, rising
from .pages import Quantity, Ref
from .periods import Period, months_in
from .quotas import TOTAL

REMAINING = "(case when {quota} is not null then greatest(0, {quota} - {credited}) end)"
DAYS_LEFT = "greatest(0, upper({effective}) - greatest({today}, lower({effective})))"

AUDIENCE = "((select leaderboard from company) = 'EVERYONE' or {seen.rep})"
"""Whether the asker finds a rep in the ranking."""


def standings(measure: str, effective: str, who: str) -> str:
    """The reps with a quota in a measure over some dates for whom `who` holds: what is expected of them, what was credited."""
    # One list of all, added up by rep: a join of sums has no statistics to be planned by, and was a hundred times slower.
    counted = f"measure_id = {measure} and period_id in {months_in(effective)}"
    return f"""(
        select rep.id as rep_id, total.quota, total.credited, round(total.credited / total.quota, 6) as ratio
        from (select part.rep_id, sum(part.quota) as quota, sum(part.credited) as credited
              from (select rep_id, value * carry as quota, 0 as credited from quota_part where {counted}
                    union all select rep_id, 0, value from credited where {counted}
                    union all select rep_id, 0, credited * carry from opening_balance
                              where measure_id = {measure} and opening_balance.effective <@ {effective}) as part
              group by part.rep_id having sum(part.quota) > 0) as total
        join rep on rep.id = total.rep_id and {who}
    )"""


RANK = f"""case when {{quota}} > 0 then (
    select 1 + count(*) from {standings("{measure_id}", "{effective}", AUDIENCE)} as other
    where other.ratio > round({{credited}} / {{quota}}, 6)
) end"""

LEADERBOARD = f"""(
    select period.id as period_id, period.effective, measure.id as measure_id, measure.name as measure, rep.id as rep_id, rep.name,
           {UNIT} as unit, standing.credited, standing.quota, rank() over (order by standing.ratio desc) as rank
    from period
    join measure on measure.name = coalesce({{$measure}}, (select name from measure order by id limit 1))
    cross join lateral {standings("measure.id", "period.effective", AUDIENCE)} as standing
    join rep on rep.id = standing.rep_id
    where period.id = {{$period}}
)"""
"""Those who have a quota and whom the asker finds, ranked by how far they are."""


@record(TOTAL, None, computed={"rank": RANK})
class Attainment:
    """How far a rep is in a period: what was credited, divided by the quota.

    Money is in the currency that the rep is paid in last: what counted before a change is carried over it at the rate of its day.
    """

    rank: int | None = column(
        "rank",
        "The place among all reps with a quota that the asker finds in the ranking, by ratio as it is written: equals share one, and the"
        " places behind them are left out, after the standard competition ranking. Null without a quota.",
    )
    rep: RepCard = one(None, "Whose it is.", where="{id} = {parent.rep_id}")
    period: Period = one(None, "The period.", where="{id} = {parent.period_id}")
    measure: str = column("measure", "The name of the measure.")
    credited: Quantity = quantity("{credited}", "{unit}", "What was credited in the period.")
    quota: Quantity | None = quantity("{quota}", "{unit}", "What is expected in the period. Null: nothing was set.")
    ratio: Decimal | None = ratio(
        "{credited} / nullif({quota}, 0)",
        "Credited divided by quota: 1 is on quota. Null without a quota, and with one of zero."
        ' After Xactly, "Understanding Attainment Calculations".',
    )
    remaining: Quantity | None = quantity(REMAINING, "{unit}", "Quota less credited, zero once the quota is reached. Null without a quota.")
    days_left: int = value(DAYS_LEFT, "The days of the period that are left, today among them.")
    required_per_day: Quantity | None = quantity(
        f"round({REMAINING} / nullif({DAYS_LEFT}, 0), 8)",
        "{unit}",
        "What is remaining divided by the days left. Null without a quota, and when no day is left.",
    )
    required_per_week: Quantity | None = quantity(
        f"round({REMAINING} * least(7, {DAYS_LEFT}) / nullif({DAYS_LEFT}, 0), 8)",
        "{unit}",
        "What is required of seven days, or of as many as are left. Null without a quota, and when no day is left.",
    )
    position: Position = value("(select position from clock)", "The position that these numbers reflect.")


OF_RANKING: Keys = (("{rep_id}", "bigint"),)
BY_RANK = rising("{rank}", "bigint", OF_RANKING)
ATTAINMENT_ORDERS = orders(
    "AttainmentOrder",
    "How a ranking can be ordered.",
    RANK=("By rank, the first one first.", BY_RANK),
    CREDITED=("By what was credited, most first.", falling("{credited}", "numeric", OF_RANKING)),
    NAME=("By the reps' names.", rising("{name}", "text", OF_RANKING)),
)


@narrowing("Whose attainment is wanted. Ranks stay those among everybody.")
class AttainmentWhere:
    """A filter: each field narrows it further."""

    manager: Ref | None = matches(
        "{rep_id} in (select line.rep_id from reporting_line as line where line.manager_id = {value} and line.effective @> {today})",
        "Of those who report to this rep today.",
        tables.rep,
    )
    rep: Ref | None = matches("{rep_id} = {value}", "That of this rep.", tables.rep)
    team: Ref | None = of_team("{rep_id}")
    search: str | None = of_rep_named()
    ratio_from: Decimal | None = matches("round({credited} / {quota}, 6) >= {value}", "Of those with at least this ratio: 1 is on quota.")
    ratio_below: Decimal | None = matches("round({credited} / {quota}, 6) < {value}", "Of those with less than this ratio.")
