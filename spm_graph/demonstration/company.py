"""A company to look at, as of today: two years of deals in three regions, paid by plans of every type that is bundled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from spm_graph.actions import (
    activities,
    company,
    components,
    measures,
    opportunities,
    periods,
    plan_assignments,
    plans,
    quotas,
    reps,
    rules,
    targets,
    territories,
    transactions,
)
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.ids import global_id
from spm_graph.domain.period import Span, months
from spm_graph.domain.terms import (
    AccountAttribute,
    ActivityKind,
    Backdating,
    ForecastCategory,
    Outcome,
    Proration,
    Role,
    TransactionKind,
    WindowKind,
)
from spm_graph.importing import records
from spm_graph.incentive_types import Id, IncentiveTypes
from spm_graph.store.database import Database

from .agreements import DOCUMENT, accept, agree
from .cast import COUNTRIES, PRODUCTS, REGIONS, Person
from .deals import LOST, STAGES, WON, Deal
from .plot import QUARTERS, SEED, Plot, plot, quarter_before
from .story import Say, Story

CLOUD = "Cloud"
MANAGERS = ("Sales Manager", "Vice President")

SELLER_QUOTA = Decimal(150_000)
RAMP = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))
"""What is expected of who joins in the first months: the share of the quota."""

FIRST_TIERS = (("0", "0.04"), ("1", "0.08"))
LATER_TIERS = (("0", "0.05"), ("0.8", "0.06"), ("1", "0.1"))
BANDS = (("0", "0.5"), ("0.5", "1"), ("1", "1.5"))


async def fill(database: Database, incentive_types: IncentiveTypes, say: Say) -> None:
    """Fill an empty database. Raises Refused if one of the bundled incentive types is not installed."""
    story, what = Story(database, incentive_types), plot(database.today())
    say(f"setting up a company with {len(what.people)} people in {len(REGIONS)} regions")
    await _set_up(story, what)
    say(f"recording {len(what.deals):,} deals, stage by stage")
    await _sell(story, what)
    say("setting quotas, targets and plans")
    await _promise(story, what)
    await agree(story, what)
    say("recording activities")
    await story.do_all(activities.record, _activities(what))
    await _pay(story, what, say)


async def _set_up(story: Story, what: Plot) -> None:
    await story.do(company.set_company, company.CompanySet(name="Northwind Instruments", proration=Proration.WHOLE_MONTHS))
    for year in range(what.first.year, what.today.year + 1):
        await story.do(periods.create, periods.PeriodsCreate(year))
    await story.do(measures.set_measure, measures.MeasureSet("bookings", roles=(Role.DIRECT, Role.SPLIT)))
    await story.do(measures.set_measure, measures.MeasureSet("team bookings", roles=(Role.ROLLUP,)))
    await story.do(measures.set_measure, measures.MeasureSet("cloud bookings", roles=(Role.OVERLAY,)))
    given = records.RecordsImport(
        reps=tuple(_rep(what, each) for each in what.people),
        accounts=tuple(records.AccountRecord(each.key, each.name, each.industry, each.country) for each in what.customers),
        products=tuple(records.ProductRecord(each.name, each.name, each.family, each.list_price) for each in PRODUCTS),
    )
    await story.do(records.import_records, given)
    for region, inside in REGIONS.items():
        await story.do(territories.upsert, territories.TerritoryUpsert(region, region))
        for name in inside:
            by_country = territories.TerritoryRuleGiven(AccountAttribute.COUNTRY, COUNTRIES[name])
            await story.do(territories.upsert, territories.TerritoryUpsert(name, name, Ref(external_id=region), (by_country,)))
    await story.do_all(
        territories.assign,
        (
            territories.TerritoryAssign(
                Ref(external_id=each.territory), what.starts(each), None, Ref(external_id=each.key), backdating=Backdating.RESTATE
            )
            for each in what.people
            if each.territory
        ),
    )
    await story.do(territories.assign_by_rules, territories.AccountsAssignByRules(what.first, Backdating.RESTATE))
    for region in REGIONS:
        specialist = Ref(external_id=f"specialist-{region.lower()}")
        rule = rules.CreditingRuleSet(
            f"Cloud in {region}", Role.OVERLAY, what.first, None, specialist, Ref(external_id=region), None, CLOUD, Decimal("0.5")
        )
        await story.do(rules.set_rule, rule)


def _rep(what: Plot, person: Person) -> records.RepRecord:
    address = f"{person.key}@northwind.example"
    return records.RepRecord(person.key, person.name, address, person.title, person.office, what.starts(person), manager=person.manager)


async def _sell(story: Story, what: Plot) -> None:
    """Every deal as it was in its first stage, then in its second, and so on: that makes the history of its stages."""
    for number in range(len(STAGES) + 1):
        reached = [deal for deal in what.deals if len(deal.path) > number]
        if reached:
            given = tuple(_record(deal, *deal.path[number]) for deal in reached)
            await story.do(records.import_records, records.RecordsImport(opportunities=given))
    random = Random(SEED)
    shared = random.sample([deal for deal in what.deals if deal.outcome is Outcome.WON], 40)
    await story.do_all(opportunities.share, (_split(random, what, deal) for deal in shared))


def _record(deal: Deal, stage: str, since: date) -> records.OpportunityRecord:
    decided = stage in (WON, LOST)
    probability, category = STAGES.get(stage, (None, None))
    return records.OpportunityRecord(
        external_id=deal.key,
        name=f"{deal.customer.name}: {deal.quantity} {deal.product.name}",
        owner=deal.owner.key,
        stage=stage,
        forecast_category=category or (ForecastCategory.CLOSED if stage == WON else ForecastCategory.OMITTED),
        probability=probability if probability is not None else Decimal(stage == WON),
        account=deal.customer.key,
        product=deal.product.name,
        amount=deal.amount,
        list_amount=deal.list_amount,
        opened_on=deal.path[0][1],
        expected_close_on=deal.closes_on,
        closed_on=deal.closes_on if decided else None,
        outcome=(Outcome.WON if stage == WON else Outcome.LOST) if decided else None,
        stage_since=since,
    )


def _split(random: Random, what: Plot, deal: Deal) -> opportunities.OpportunitySplit:
    mates = [each for each in what.sellers if each.territory == deal.owner.territory and each not in (deal.owner, what.joiner, what.leaver)]
    share = random.choice((Decimal("0.5"), Decimal("0.6"), Decimal("0.7")))
    parts = ((deal.owner, share), (random.choice(mates), 1 - share))
    return opportunities.OpportunitySplit(
        Ref(external_id=deal.key), tuple(opportunities.SplitShare(Ref(external_id=each.key), part) for each, part in parts)
    )


async def _promise(story: Story, what: Plot) -> None:
    await story.do_all(quotas.set_quota, _quotas(what))
    leaders = [each for each in what.people if each.title in MANAGERS]
    promised = [targets.TargetVariableSet(Ref(external_id=each.key), Decimal(60_000), what.first) for each in leaders]
    await story.do_all(targets.set_target_variable, promised)

    def tiers(given: Sequence[tuple[str, str]], **more: Any) -> Any:
        settings = {"tiersIn": "ATTAINMENT", "tiers": [{"starts": starts, "rate": rate} for starts, rate in given], **more}
        return story.incentive_types.decode("TieredCommission", settings)

    commission = components.ComponentDraft("Commission", "bookings", tiers(FIRST_TIERS), WindowKind.QUARTER_TO_DATE)
    plan = await story.plan(plans.PlanCreate((commission,), what.first, name="Account executive"))
    spif = story.incentive_types.decode("Spif", {"pays": "FIXED", "reward": "250", "products": ["Insight Enterprise"], "firstDeals": 3})
    changed = (
        components.ComponentDraft("Commission", "bookings", tiers(LATER_TIERS), WindowKind.QUARTER_TO_DATE),
        components.ComponentDraft("Insight launch", "bookings", spif),
    )
    version = await story.publish(plans.PlanCreate(changed, what.changed, plan=Id(global_id("plan", plan)), document=DOCUMENT))
    await _assign(story, plan, what.first, "Account Executive")
    await accept(story, what, version)

    bands = [{"starts": starts, "multiplier": multiplier} for starts, multiplier in BANDS]
    accelerator = story.incentive_types.decode("Accelerator", {"bands": bands, "threshold": "0.3"})
    leading = components.ComponentDraft("Target pay", "team bookings", accelerator, WindowKind.QUARTER_TO_DATE)
    plan = await story.plan(plans.PlanCreate((leading,), what.first, name="Leader"))
    bonus = story.incentive_types.decode("Bonus", {"bonus": "2000", "achieved": "GOALS"})
    objectives = components.ComponentDraft("Objectives", "team bookings", bonus, WindowKind.QUARTER_TO_DATE)
    await story.publish(plans.PlanCreate((leading, objectives), what.changed, plan=Id(global_id("plan", plan))))
    await _assign(story, plan, what.first, *MANAGERS)

    flat = story.incentive_types.decode("TieredCommission", {"tiers": [{"starts": "0", "rate": "0.03"}]})
    on_top = components.ComponentDraft("Cloud", "cloud bookings", flat)
    plan = await story.plan(plans.PlanCreate((on_top,), what.first, name="Cloud specialist"))
    await _assign(story, plan, what.first, "Cloud Specialist")


async def _assign(story: Story, plan: int, starts: date, *titles: str) -> None:
    for title in titles:
        await story.do(plan_assignments.assign, plan_assignments.PlanAssign(Id(global_id("plan", plan)), None, starts, title=title))


def _quotas(what: Plot) -> Iterator[quotas.QuotaSet]:
    """Quarterly quotas, ramping up for who joins; managers' are those of the people below them."""
    spans = [quarter_before(what.this_quarter, number) for number in range(QUARTERS, -1, -1)]
    team = SELLER_QUOTA * len(what.sellers) / (len(REGIONS) * 2)
    size = {"Account Executive": SELLER_QUOTA, "Sales Manager": team, "Vice President": team * 2}
    for person in what.people:
        measure = "bookings" if person.title == "Account Executive" else "team bookings"
        for span in spans:
            if person.title not in size or span.starts < what.starts(person) or (person is what.leaver and span.starts >= what.left_on):
                continue
            rep = Ref(external_id=person.key)
            name = f"{span.starts.year}-Q{(span.starts.month + 2) // 3}"
            yield quotas.QuotaSet(rep, measure, PeriodRef(name=name), size[person.title], ramp=RAMP if person is what.joiner else ())


def _activities(what: Plot) -> Iterator[activities.ActivityRecord]:
    """A few activities for each deal that was open in the last quarter or in this one."""
    random = Random(SEED)
    since = quarter_before(what.this_quarter, 1).starts
    for deal in what.deals:
        opened, until = max(deal.path[0][1], since), min(deal.closes_on, what.today)
        for _ in range(random.randrange(1, 4) if opened < until else 0):
            day = opened + timedelta(days=random.randrange((until - opened).days))
            kind = random.choice(list(ActivityKind))
            yield activities.ActivityRecord(Ref(external_id=deal.owner.key), kind, day, opportunity=Ref(external_id=deal.key))


async def _pay(story: Story, what: Plot, say: Say) -> None:
    """Pay every month that is over, and close those before this quarter; some deals are refunded after their month was closed."""
    random = Random(SEED)
    over = [each for each in months(Span(what.first, what.this_quarter.ends)) if each.ends <= what.today]
    refunded = random.sample([deal for deal in what.deals if deal.outcome is Outcome.WON and deal.closes_on < what.changed], 12)
    for each in over:
        name = f"{each.starts:%Y-%m}"
        say(f"calculating and posting {name}")
        if each.starts == what.changed:
            await story.do_all(transactions.record, [await _refund(story, deal, what.changed + timedelta(days=5)) for deal in refunded])
        if what.left_on in each:
            leaves = reps.RepLeave(Ref(external_id=what.leaver.key), what.left_on - timedelta(days=1), Backdating.RESTATE)
            await story.do(reps.leave, leaves)
        await story.pay(name)
        if each.ends <= what.this_quarter.starts:
            await story.do(periods.close, periods.PeriodClose(PeriodRef(name=name)))


async def _refund(story: Story, deal: Deal, day: date) -> transactions.TransactionRecord:
    (order,) = await story.rows(
        "select transaction.id from transaction join opportunity on opportunity.id = opportunity_id where opportunity.external_id = $1",
        deal.key,
    )
    return transactions.TransactionRecord(
        f"refund of {deal.key}",
        TransactionKind.REFUND,
        day,
        -deal.amount,
        Decimal(-1),
        corrects=Ref(id=Id(global_id("transaction", order["id"]))),
    )
