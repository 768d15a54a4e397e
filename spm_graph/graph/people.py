"""Who sells, who reports to whom, and who is asking."""

from __future__ import annotations

import enum
from datetime import date
from decimal import Decimal

import strawberry

from spm_graph.domain.terms import Grant
from spm_graph.reading.declarations import NEWEST_FIRST, Arg, Order
from spm_graph.reading.fields import column, dates, described, key, many, money, node, one, rate, record, value
from spm_graph.reading.filters import NAMED, matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import (
    activity,
    credit,
    draw,
    earning,
    goal,
    opening_balance,
    opportunity,
    pay_currency,
    rep,
    rep_title,
    target_variable,
    territory_assignment,
)

from .activities import LATEST_ACTIVITY, Activity, ActivitySummary, ActivityWhere
from .attaining import Attainment
from .covering import QuotaCoverage
from .estimating import OF_OPEN_MONTH, Estimate
from .explaining import IN_ORDER, OF_PERIOD, Explanation
from .goals import BY_DATE, INSIDE, Goal
from .measuring import ASKED_MEASURE, Credit, OpeningBalance, PeriodQuota, Quota, months_of
from .pages import AS_OF, Connection, DateRange, Money, Node, PeriodRef, Ref, page
from .paying import Earning, EarningWhere
from .payments import Draw, Hold
from .pipeline import Pipeline, pipeline_of
from .plans import PlanAssignment, TargetVariable
from .selling import BY_NAME, LATEST, Account, AccountWhere, Opportunity, opportunity_page
from .statements import SAYS_SOMETHING, Statement
from .territories import TerritoryAssignment
from .what_if import BEST_DEALS, WHAT_IF, DealValue, WhatIf

PERIOD = {"period": Arg(PeriodRef, "The period.")}
IN_PERIOD = {"period": Arg(PeriodRef | None, "Only those in this period.", None)}
MEASURE = {"measure": Arg(str | None, "The name of a measure: the one set first, unless given.", None)}
DAY = "coalesce({$asOf}, {today})"
ABOVE = f"{{id}} = (select line.manager_id from reporting_line as line where line.rep_id = {{parent.id}} and line.effective @> {DAY})"
BELOW = f"""{{id}} in (
    with recursive below(rep_id) as (
        select line.rep_id from reporting_line as line where line.manager_id = {{parent.id}} and line.effective @> {DAY}
        union
        select line.rep_id from below join reporting_line as line on line.manager_id = below.rep_id
        where {{$deep}} and line.effective @> {DAY}
    )
    select rep_id from below
)"""


HELD = """({rep_id} = {parent.id} or ({rep_id} is null and case
    when {opportunity_id} is not null then exists (
        select from credit
        where credit.opportunity_id = {self}.opportunity_id and credit.rep_id = {parent.id} and credit.superseded_position is null)
    else exists (
        select from component join plan_membership as given on given.plan_id = component.plan_id
        where component.id = {self}.component_id and given.rep_id = {parent.id}) end))"""


@strawberry.enum(description="How reps can be ordered.")
class RepOrder(enum.Enum):
    """An order; the id decides between equals."""

    NAME = strawberry.enum_value("NAME", description="By name.")
    CREATED = strawberry.enum_value("CREATED", description="In the order in which they were recorded.")


REP_ORDERS = {RepOrder.NAME: BY_NAME, RepOrder.CREATED: Order((("{id}", "bigint"),))}


@narrowing("Which reps are wanted.")
class RepWhere:
    """A filter: each field narrows it further."""

    office: list[str] | None = matches("{office} = any({value})", "Those in one of these offices.")
    title: list[str] | None = matches("{title} = any({value})", "Those with one of these titles.")
    manager: Ref | None = matches(
        "{id} in (select line.rep_id from reporting_line as line where line.manager_id = {value} and line.effective @> {today})",
        "Those who report to this rep today.",
        rep,
    )
    name_starts: str | None = matches("starts_with({name}, {value})", "Those whose name starts so.")
    search: str | None = matches(NAMED, "Those whose name has each of these words, or one that begins so. No words: none.")
    has_manager: bool | None = matches(
        "exists (select from reporting_line as line where line.rep_id = {id} and line.effective @> {today}) = {value}",
        "True: those who report to somebody today. False: those who report to nobody.",
    )
    hired_from: date | None = matches("{hired_on} >= {value}", "Those hired on this day or later.")
    hired_before: date | None = matches("{hired_on} < {value}", "Those hired before this day.")
    active_on: date | None = matches(
        "coalesce({hired_on}, '-infinity') <= {value} and coalesce({left_on}, 'infinity') > {value}", "Those employed on this day."
    )


@node(rep, "rep")
class Rep(Node):
    """Somebody who sells, or manages those who do."""

    external_id: str | None = column(rep.c.external_id, "Their key in the CRM.")
    name: str = column(rep.c.name, "Their name.")
    email: str | None = column(rep.c.email, "Their address.")
    title: str | None = column(rep.c.title, "What they are called at work today, or were on their last day.")
    office: str | None = column(rep.c.office, "Where they work.")
    currency: str = value(
        f"coalesce((select paid.currency from pay_currency as paid where paid.rep_id = {{id}} and paid.effective @> {DAY}), {{currency}})",
        "The currency that they are paid in.",
        **AS_OF,
    )
    pay_currencies: list[PayCurrency] = many(
        pay_currency.c.rep_id,
        "The currencies that they were, are and will be paid in, and when. Empty: it never changed.",
        order="coalesce(lower({effective}), '-infinity')",
        inherited=True,
    )
    hired_on: date | None = column(rep.c.hired_on, "Their first day.")
    left_on: date | None = column(rep.c.left_on, "The day after their last one. Null: they are here.")
    manager: Rep | None = one(
        None,
        "Whom they report to. Null: nobody, or somebody whom the asker may not see: `managerCard` says who.",
        where=ABOVE,
        arguments=AS_OF,
    )
    manager_card: RepCard | None = one(None, "Whom they report to, as the directory has them. Null: nobody.", where=ABOVE, arguments=AS_OF)
    reports: Connection[Rep] = page(
        None,
        "Who reports to them.",
        where=BELOW,
        order=BY_NAME,
        filters=RepWhere,
        orders=(RepOrder, REP_ORDERS),
        arguments={**AS_OF, "deep": Arg(bool, "Those who report to them through others, too.", False)},
    )
    quota: PeriodQuota | None = one(
        None,
        "What is expected of them in a period. Null: nothing was set, or there is no such period.",
        where=f"{ASKED_MEASURE} and {{quota}} is not null",
        arguments={**PERIOD, **MEASURE},
    )
    quota_coverage: QuotaCoverage | None = one(
        None,
        "How the quotas of those who sell below them cover their own in a period. Null: there is no such period or measure.",
        where=ASKED_MEASURE,
        arguments={**PERIOD, **MEASURE},
    )
    quotas: Connection[Quota] = page(tables.quota.c.rep_id, "All quotas that were set for them.", order=NEWEST_FIRST, inherited=True)
    opportunities: Connection[Opportunity] = opportunity_page(opportunity.c.owner_id, "The deals that they own.", inherited=True)
    pipeline: Pipeline = pipeline_of(opportunity.c.owner_id, "rep.id = {parent.id}", "The deals that they own, in sum.", inherited=True)
    activities: Connection[Activity] = page(
        activity.c.rep_id,
        "What they did to sell, the latest first.",
        order=LATEST_ACTIVITY,
        filters=ActivityWhere,
        inherited=True,
    )
    activity_summary: ActivitySummary | None = one(
        None, "What they did in a period, against what is expected. Null: there is no such period.", arguments=PERIOD
    )
    credits: Connection[Credit] = page(
        credit.c.rep_id,
        "What they are credited with.",
        where="{superseded_position} is null"
        " and (not {?measure} or {measure_id} = (select id from measure where name = {$measure}))"
        " and (not {?period} or (select effective from period where id = {$period}) @> {dated})",
        order=LATEST,
        arguments={**IN_PERIOD, "measure": Arg(str | None, "Only those that this measure counts.", None)},
        inherited=True,
    )
    attainment: Attainment | None = one(
        None,
        "How far they are in a period. Null: there is no such period or measure.",
        where=ASKED_MEASURE,
        arguments={**PERIOD, **MEASURE},
    )
    attainments: list[Attainment] = many(None, "How far they are in a period, in every measure.", order="{measure_id}", arguments=PERIOD)
    earnings: Connection[Earning] = page(
        earning.c.rep_id, "What they earned, the latest first.", order=NEWEST_FIRST, filters=EarningWhere, inherited=True
    )
    earnings_total: Money = money(
        "(select coalesce(sum(earned.amount), 0) from earned where earned.rep_id = {id} and earned.currency = {currency}"
        f" and (not {{?period}} or earned.period_id in {months_of('{$period}')}))",
        "{currency}",
        "The sum of what they earned, in the currency that they are paid in last.",
        **IN_PERIOD,
    )
    estimate: Estimate | None = one(
        None,
        "What they would be paid for a pay period if it ended now. Null: it is no open pay period, or not estimated yet.",
        where=OF_OPEN_MONTH,
        arguments=PERIOD,
        inherited=True,
    )
    what_if: WhatIf = WHAT_IF
    best_deals: list[DealValue] = BEST_DEALS
    statement: Statement | None = one(
        None,
        "What they are paid for a pay period, in the currency that they are paid in then. Null: it is no pay period.",
        where="{usual}",
        arguments=PERIOD,
    )
    statements: list[Statement] = many(
        None,
        "What they are paid for a pay period, in each currency by itself: beside that of the pay period those of before, as long as refunds"
        " and debts are left in them. Empty: it is no pay period.",
        where=SAYS_SOMETHING,
        order="{usual} desc, {currency}",
        arguments=PERIOD,
    )
    draws: list[Draw] = many(draw.c.rep_id, "What they are topped up to, and when.", order="lower({effective})", inherited=True)
    draw_balance: Money = money(
        "(select drawn from debt_of({id}, {currency}))",
        "{currency}",
        "What they owe of draws after the months that are closed: drawn and neither recovered nor forgiven, in the"
        " currency that they are paid in last.",
    )
    receivable: Money = money(
        "case when {left_on} <= {today} then (select carried + drawn from debt_of({id}, {currency})) else 0 end",
        "{currency}",
        "What somebody who left owes the company: debts that no later pay will cover. Zero for those who are here.",
    )
    holds: list[Hold] = many(
        None,
        "The holds on what they earn: on them, on deals that they are credited on, and on components of their plans.",
        where=HELD,
        inherited=True,
    )
    explanations: list[Explanation] = many(
        None,
        "What each component pays them in a pay period, and why it pays no more, or nothing. Empty: it is no pay period.",
        order=IN_ORDER,
        relation=OF_PERIOD,
        arguments=PERIOD,
        inherited=True,
    )
    goals: Connection[Goal] = page(
        goal.c.rep_id,
        "What they are to do besides selling, the earliest first.",
        where=INSIDE,
        order=BY_DATE,
        arguments={"period": Arg(PeriodRef | None, "Only those for this period, and for periods inside it.", None)},
        inherited=True,
    )
    opening_balances: list[OpeningBalance] = many(
        opening_balance.c.rep_id, "What was credited and earned before calculation began here.", inherited=True
    )
    target_variables: list[TargetVariable] = many(
        target_variable.c.rep_id, "The variable pay that they are promised for reaching quota.", order="lower({effective})", inherited=True
    )
    plans: list[PlanAssignment] = many(
        None,
        "The plans that they are on.",
        where=f"{{rep_id}} = {{parent.id}} and {{effective}} @> {DAY}",
        order="{plan_id}",
        arguments=AS_OF,
        inherited=True,
    )
    titles: list[RepTitle] = many(
        rep_title.c.rep_id, "What they were, are and will be called at work, and when.", order="lower({effective})", inherited=True
    )
    territories: list[TerritoryAssignment] = many(
        territory_assignment.c.rep_id,
        "The territories that they work.",
        where=f"{{effective}} @> {DAY}",
        order="{territory_id}",
        arguments=AS_OF,
    )
    accounts: Connection[Account] = page(
        None,
        "The accounts in the territories that they work.",
        where="{id} in (select given.account_id from territory_assignment as worked"
        " join account_territory as given on given.territory_id = worked.territory_id"
        f" where worked.rep_id = {{parent.id}} and worked.effective @> {DAY} and given.effective @> {DAY})",
        order=BY_NAME,
        filters=AccountWhere,
        arguments=AS_OF,
    )


@record(pay_currency.name, pay_currency)
class PayCurrency:
    """What a rep is paid in over some dates, where that ever changed."""

    currency: str = column(pay_currency.c.currency, "The currency (ISO 4217).")
    rate: Decimal = rate(
        "{rate}",
        "What one unit of the currency before was worth in it on the first day: quotas and tiers go on at this rate. 1 for the first.",
    )
    effective: DateRange = dates(pay_currency.c.effective, "The dates.")


@record(rep_title.name, rep_title)
class RepTitle:
    """What a rep is called at work over some dates."""

    title: str = column(rep_title.c.title, "The title.")
    effective: DateRange = dates(rep_title.c.effective, "The dates.")


@record(rep.name, None, prefix="rep")
class RepCard:
    """A rep as the directory has them: everybody may read it."""

    id: strawberry.ID = key("The rep's id.")
    external_id: str | None = column(rep.c.external_id, "Their key in the CRM.")
    name: str = column(rep.c.name, "Their name.")
    title: str | None = column(rep.c.title, "What they are called at work.")
    rep: Rep | None = one(None, "The rep. Null: the asker may not see more of them.", where="{id} = {parent.id}")


@described
class Viewer:
    """Who is asking."""

    name: str = column("name", "The name under which their acts are recorded.")
    rep: Rep | None = one(None, "The rep that they are. Null: a service or an administrator.", where="{id} = {parent.rep_id}")
    grants: list[Grant] = column("grants", "What they may do beyond seeing themselves and their reports.")
