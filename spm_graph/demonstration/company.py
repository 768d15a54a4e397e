"""A company to look at, as of today: two years of deals in three regions, paid by plans of every type that is bundled."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from spm_graph.actions import company, measures, periods, reps, rules, territories, transactions
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.ids import global_id
from spm_graph.domain.period import Span, months
from spm_graph.domain.terms import AccountAttribute, Backdating, Outcome, Proration, Role, TransactionKind
from spm_graph.importing import records
from spm_graph.incentive_types import Id, IncentiveTypes
from spm_graph.store.database import Database

from .agreements import agree
from .cast import COUNTRIES, PRODUCTS, REGIONS, Person
from .deals import Deal
from .plot import SEED, Plot, plot
from .promises import promise
from .sales import record_activities, sell
from .story import Say, Story

CLOUD = "Cloud"


async def fill(database: Database, incentive_types: IncentiveTypes, say: Say) -> None:
    """Fill an empty database. Raises Refused if one of the bundled incentive types is not installed."""
    story, what = Story(database, incentive_types), plot(database.today())
    say(f"setting up a company with {len(what.people)} people in {len(REGIONS)} regions")
    await _set_up(story, what)
    say(f"recording {len(what.deals):,} deals, stage by stage")
    await sell(story, what)
    say("setting quotas, targets and plans")
    await promise(story, what)
    await agree(story, what)
    say("recording activities")
    await record_activities(story, what)
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
