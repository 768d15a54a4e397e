"""Reps: who sells, who reports to whom, and all that hangs on somebody who sells."""

from __future__ import annotations

from datetime import date

from spm_graph.reading.declarations import NEWEST_FIRST, Arg
from spm_graph.reading.fields import column, many, money, node, one, value
from spm_graph.store import tables
from spm_graph.store.predicates import BELOW
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

from .accounts import Account, account_page
from .activities import Activity, ActivitySummary, activity_page
from .attainment import Attainment
from .credits import CREDIT_ORDERS, Credit, CreditWhere, OpeningBalance
from .directory import PayCurrency, RepCard, RepTitle, rep_page
from .earnings import Earning, earning_page
from .estimates import OF_OPEN_MONTH, Estimate
from .explanations import IN_ORDER, OF_PERIOD, Explanation
from .goals import BY_DATE, GOAL_ORDERS, INSIDE, Goal, GoalWhere
from .measures import ASKED_MEASURE, MEASURE
from .opportunities import Opportunity, opportunity_page
from .orders import LATEST
from .pages import AS_OF, DAY, Connection, Money, Node, PeriodRef, page
from .payments import HELD, Draw, Hold
from .periods import IN_PERIOD, PERIOD, months_of
from .pipeline import Pipeline, pipeline_of
from .plans import PlanAssignment, TargetVariable
from .quota_coverage import QuotaCoverage
from .quotas import PeriodQuota, Quota, quota_page
from .statements import SAYS_SOMETHING, Statement
from .territories import TerritoryAssignment
from .what_if import BEST_DEALS, WHAT_IF, DealValue, WhatIf

ABOVE = f"{{id}} = (select line.manager_id from reporting_line as line where line.rep_id = {{parent.id}} and line.effective @> {DAY})"

REPORTS = f"""{{id}} in (
    select line.rep_id from reporting_line as line where not {{$deep}} and line.manager_id = {{parent.id}} and line.effective @> {DAY}
    union all
    select below.rep_id from ({BELOW.format(rep="{parent.id}", today=DAY)}) as below where {{$deep}}
)"""


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
    reports: Connection[Rep] = rep_page(
        None,
        "Who reports to them.",
        where=REPORTS,
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
    quotas: Connection[Quota] = quota_page(tables.quota.c.rep_id, "All quotas that were set for them.", inherited=True)
    opportunities: Connection[Opportunity] = opportunity_page(opportunity.c.owner_id, "The deals that they own.", inherited=True)
    pipeline: Pipeline = pipeline_of(opportunity.c.owner_id, "rep.id = {parent.id}", "The deals that they own, in sum.", inherited=True)
    activities: Connection[Activity] = activity_page(activity.c.rep_id, "What they did to sell, the latest first.", inherited=True)
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
        filters=CreditWhere,
        orders=CREDIT_ORDERS,
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
    earnings: Connection[Earning] = earning_page(
        earning.c.rep_id, "What they earned, the latest first.", order=NEWEST_FIRST, inherited=True
    )
    earnings_total: Money = money(
        "(select coalesce(sum(earned.amount), 0) from earned where earned.rep_id = {id} and earned.currency = {currency}"
        f" and (not {{?period}} or earned.period_id = {months_of('{$period}')}))",
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
        filters=GoalWhere,
        orders=GOAL_ORDERS,
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
    accounts: Connection[Account] = account_page(
        None,
        "The accounts in the territories that they work.",
        where="{id} in (select given.account_id from territory_assignment as worked"
        " join account_territory as given on given.territory_id = worked.territory_id"
        f" where worked.rep_id = {{parent.id}} and worked.effective @> {DAY} and given.effective @> {DAY})",
        arguments=AS_OF,
    )
