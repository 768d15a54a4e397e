"""The pipeline: what open deals are worth, how deals were decided, and what that lets expect."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Column

from spm_graph.domain.terms import ForecastCategory, names
from spm_graph.reading.declarations import Arg
from spm_graph.reading.fields import column, described, inline, many, money, ratio, record, summed, value
from spm_graph.store.tables import opportunity

from .attainment import standings
from .opportunities import OpportunityWhere
from .pages import Money, PeriodRef

CURRENCY = "(select currency from company)"
CONVERTED = f"""{{amount}} * case when {{currency}} = {CURRENCY} then 1 else (
    select fx.rate from fx_rate as fx
    where fx.base = {{currency}} and fx.quote = {CURRENCY} and fx.effective @> coalesce({{closed_on}}, {{today}})
) end"""
WORTH = "coalesce(sum(deal.worth), 0)"
WEIGHTED = "coalesce(sum(deal.worth * deal.probability), 0)"
COMES = "coalesce(deal.expected_close_on, date '-infinity')"
DUE = f"{COMES} >= {{starts}} and {COMES} < {{ends}}"
"""Whether an open deal is expected to be decided in the period; without a period, all are."""
SLIPPED = "deal.expected_close_on > deal.first_expected_on and deal.first_expected_on >= {starts} and deal.first_expected_on < {ends}"

TOTALS = f"""(
    select standing.*, decided.*
    from (
        select count(*) as open_count, {WORTH} as open_amount, {WEIGHTED} as weighted_amount,
               count(*) filter (where deal.expected_close_on < {{today}}) as overdue_count,
               count(*) filter (where {SLIPPED} and (deal.expected_close_on >= {{ends}} or not {{bounded}})) as slipped_count,
               coalesce(sum(deal.worth) filter (where {DUE}), 0) as due_amount,
               coalesce(sum(deal.worth) filter (where {DUE} and deal.forecast_category = 'COMMIT'), 0) as commit,
               coalesce(sum(deal.worth) filter (where {DUE} and deal.forecast_category = 'BEST_CASE'), 0) as best_case,
               coalesce(sum(deal.worth) filter (where {DUE} and deal.forecast_category = 'PIPELINE'), 0) as pipeline,
               coalesce(sum(deal.worth * deal.probability) filter (where {DUE} and deal.forecast_category <> 'OMITTED'), 0) as weighted
        from {{pool}} as deal where deal.outcome is null
    ) as standing
    left join (
        select count(*) filter (where deal.outcome = 'WON') as won_count,
               count(*) as decided_count,
               coalesce(sum(deal.worth) filter (where deal.outcome = 'WON'), 0) as won_amount,
               avg(deal.closed_on - deal.opened_on) filter (where deal.outcome = 'WON') as cycle
        from {{pool}} as deal where deal.closed_on >= {{starts}} and deal.closed_on < {{ends}}
    ) as decided on true
)"""

STAGES = f"""(
    select deal.stage, count(*) as deals, {WORTH} as amount, {WEIGHTED} as weighted, avg(deal.probability) as likely,
           avg({{today}} - (select change.dated from stage_change as change where change.opportunity_id = deal.id
                            order by change.position desc limit 1)) as days,
           (select count(*) filter (where change.outcome is distinct from 'LOST')::numeric / nullif(count(*), 0)
            from stage_change as change join {{parent.pool}} as moved on moved.id = change.opportunity_id
            where change.from_stage = deal.stage
            and change.dated >= {{parent.starts}} and change.dated < {{parent.ends}}) as conversion
    from {{parent.pool}} as deal where deal.outcome is null group by deal.stage
)"""

CATEGORIES = f"""(
    select deal.forecast_category, count(*) as deals, {WORTH} as amount, {WEIGHTED} as weighted
    from {{parent.pool}} as deal where deal.outcome is null group by deal.forecast_category
)"""


@record(STAGES, None)
class StageTotal:
    """The open deals in one stage."""

    stage: str = column("stage", "The stage.")
    count: int = column("deals", "How many there are.")
    amount: Money = money("{amount}", CURRENCY, "The sum of their amounts.")
    weighted_amount: Money = money("{weighted}", CURRENCY, "The sum of their amounts, each times its probability.")
    average_days_in_stage: Decimal | None = value("round({days}, 1)", "The days that they have been in the stage until today, on average.")
    conversion: Decimal | None = ratio(
        "{conversion}",
        "Of the moves out of this stage in the period, the part that was not a loss: the stage-to-stage conversion of a sales funnel."
        " Null: there was none.",
    )


@record(CATEGORIES, None)
class CategoryTotal:
    """The open deals in one forecast category."""

    category: ForecastCategory = column("forecast_category", "The category.")
    count: int = column("deals", "How many there are.")
    amount: Money = money("{amount}", CURRENCY, "The sum of their amounts.")
    weighted_amount: Money = money("{weighted}", CURRENCY, "The sum of their amounts, each times its probability.")


@described
class Forecast:
    """What a period will bring, the surer part first: each figure holds those before it.

    Open deals count if they are expected to be decided in the period; without a period, all of them do. After Salesforce's
    cumulative forecast rollups.
    """

    closed: Money = money("{closed}", CURRENCY, "What was won in the period.")
    commit: Money = money("{commit}", CURRENCY, "With that, open deals of the category COMMIT.")
    best_case: Money = money("{best_case}", CURRENCY, "With those, open deals of the category BEST_CASE.")
    pipeline: Money = money("{pipeline}", CURRENCY, "With those, open deals of the category PIPELINE.")
    weighted: Money = money(
        "{weighted}", CURRENCY, "What was won, and the amount times the probability of open deals of any category but OMITTED."
    )


WIN_RATE = "{won_count}::numeric / nullif({decided_count}, 0)"
DEAL_SIZE = "{won_amount} / nullif({won_count}, 0)"


@record(TOTALS, None)
class Pipeline:
    """Deals in sum, as far as the asker may see them, in the company's reporting currency.

    Amounts in another currency are converted by the rate of the day on which the deal was decided, or of today; without a rate, and
    without an amount, a deal counts as worth nothing.

    Open deals count whatever the period: narrow them with `where: {expectedFrom, expectedBefore}`. The period is the one in which
    deals were decided, and for which open ones are forecast; without one, it is all time.
    """

    open_count: int = column("open_count", "How many deals are open.")
    open_amount: Money = money("{open_amount}", CURRENCY, "What open deals are worth together.")
    weighted_amount: Money = money(
        "{weighted_amount}",
        CURRENCY,
        "The weighted pipeline: the sum over open deals of amount times probability."
        ' After Freshworks, "How to set up and use weighted pipelines".',
    )
    by_stage: list[StageTotal] = many(None, "Open deals by their stage, the least likely ones first.", order="{likely}, {stage}")
    by_category: list[CategoryTotal] = many(
        None,
        "Open deals by their forecast category.",
        order=f"strpos('{' '.join(names(ForecastCategory))}', {{forecast_category}})",
    )
    coverage: Decimal | None = ratio(
        "{due_amount} / {remaining}",
        "Pipeline coverage: the amount, not weighted, of open deals expected to be decided in the period, divided by what remains of its"
        " quota in the money measure that was set first. Of a rep, it is the rep's quota; of the company, the sum over those reps whom the"
        " asker sees and to whom nobody reports today, since a manager's quota covers the same deals. Null without a period, without a"
        " quota or when it is reached, and where `where` narrows the deals."
        ' After WinsAbove, "Pipeline Coverage Ratio".',
    )
    win_rate: Decimal | None = ratio(
        WIN_RATE,
        "Deals won divided by deals decided, won or lost, in the period. Null: none was."
        ' After Context Aware Analytics, "How to Calculate Win Rate".',
    )
    average_deal_size: Money | None = money(
        DEAL_SIZE, CURRENCY, "The amount won in the period, divided by the number of deals won. Null: none was."
    )
    average_cycle_days: Decimal | None = value(
        "round({cycle}, 1)",
        'The sales cycle: the days from opening to winning of the deals won in the period, on average. After WinsAbove, "Sales Velocity".',
    )
    velocity_per_day: Money | None = money(
        f"{{open_count}} * ({DEAL_SIZE}) * ({WIN_RATE}) / nullif({{cycle}}, 0)",
        CURRENCY,
        "Sales velocity: open deals times average deal size times win rate, divided by the days of the sales cycle. Null where one of"
        ' them is. After WinsAbove, "Sales Velocity".',
    )
    slipped_count: int = column(
        "slipped_count",
        "How many open deals are expected later than they were at first: of those first expected in the period, how many are expected after"
        " it.",
    )
    overdue_count: int = value("{overdue_count}", "How many open deals should have been decided before today.")
    forecast: Forecast = inline(
        {
            "closed": "{won_amount}",
            "commit": "({won_amount} + {commit})",
            "best_case": "({won_amount} + {commit} + {best_case})",
            "pipeline": "({won_amount} + {commit} + {best_case} + {pipeline})",
            "weighted": "({won_amount} + {weighted})",
        },
        "What the period will bring.",
    )


EDGE = "(select {}(effective) from period where id = {{$period}})"
NOBODY_BELOW = "not exists (select from reporting_line as line where line.manager_id = rep.id and line.effective @> {today})"


def remaining(who: str) -> str:
    """What is left of the quotas of reps in the period, in the money measure that was set first; null where nothing is."""
    return (
        "case when {?period} and not {?where} then (select nullif(greatest(0, sum(standing.quota) - sum(standing.credited)), 0)"
        " from (select id from measure where kind = 'MONEY' order by id limit 1) as counted"
        " cross join (select effective from period where id = {$period}) as asked"
        f" cross join lateral {standings('counted.id', 'asked.effective', who)} as standing) end"
    )


def pipeline_of(on: Column[Any] | None, who: str, description: str, *, inherited: bool = False) -> Any:
    """The pipeline of the deals whose foreign key names this row; `who` are the reps whose quota it covers."""
    facts = {
        "bounded": "{?period}",
        "starts": f"case when {{?period}} then {EDGE.format('lower')} else date '-infinity' end",
        "ends": f"case when {{?period}} then {EDGE.format('upper')} else date 'infinity' end",
        "remaining": f"({remaining(who)})",
    }
    arguments = {"period": Arg(PeriodRef | None, "The period in which deals are decided: all time unless given.", None)}
    return summed(
        opportunity,
        on,
        description,
        columns={"worth": CONVERTED},
        facts=facts,
        filters=OpportunityWhere,
        arguments=arguments,
        inherited=inherited,
    )
