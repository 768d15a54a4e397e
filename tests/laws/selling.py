"""What happens in sales: deals are made, moved, shared, corrected and paid for, and territories change hands."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from spm_graph.actions import accounts, currencies, measures, opportunities, products, rules, territories, transactions
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import AccountAttribute, Backdating, ForecastCategory, MeasureBasis, Outcome, Role, TransactionKind
from spm_graph.importing import records

from .world import World, ref

ACCOUNTS = ("acme", "bolt", "crux", "dune")
TERRITORIES = ("north", "south")
PRODUCTS = ("anvil", "bellows")
CURRENCIES = ("USD", "USD", "USD", "EUR")
SHARES = (("0.5", "0.5"), ("0.6", "0.4"), ("0.3333", "0.6667"), ("0.2", "0.3", "0.5"))


async def founded(world: World) -> None:
    """Catalogue, territories, rates and measures."""
    for key in PRODUCTS:
        await world.do(products.upsert, products.ProductUpsert(key, key.title(), family="tools"))
    for key in ACCOUNTS:
        await world.do(accounts.upsert, accounts.AccountUpsert(key, key.title(), None, world.one(("PT", "SE"))))
    for key, country in zip(TERRITORIES, ("SE", "PT"), strict=True):
        given = (territories.TerritoryRuleGiven(AccountAttribute.COUNTRY, (country,)),)
        await world.do(territories.upsert, territories.TerritoryUpsert(key, key.title(), None, given))
    await world.do(territories.assign_by_rules, territories.AccountsAssignByRules(world.today))
    for base, quote, rate in (("EUR", "USD", "1.1"), ("USD", "EUR", "0.90909091")):
        await world.do(currencies.set_rate, currencies.FxRateSet(base, quote, Decimal(rate), world.today))
    await world.do(measures.set_measure, measures.MeasureSet("units", MeasureBasis.QUANTITY))


def _deal(world: World, key: str, outcome: Outcome | None) -> opportunities.OpportunityUpsert:
    return opportunities.OpportunityUpsert(
        external_id=key,
        name=key,
        owner=world.somebody(),
        stage="Won" if outcome is Outcome.WON else "Lost" if outcome else "Open",
        forecast_category=ForecastCategory.CLOSED if outcome else ForecastCategory.PIPELINE,
        probability=Decimal(outcome is Outcome.WON) if outcome else Decimal("0.5"),
        amount=world.money(5000),
        account=ref(world.one(ACCOUNTS)) if world.chance(0.5) else None,
        product=ref(world.one(PRODUCTS)) if world.chance(0.5) else None,
        closed_on=world.day(back=60, ahead=5) if outcome else None,
        outcome=outcome,
        currency=world.one(CURRENCIES),
    )


async def deal(world: World) -> None:
    """A deal is won, mostly."""
    key = world.named("deal")
    outcome = world.one((Outcome.WON, Outcome.WON, Outcome.WON, Outcome.LOST, None))
    if await world.do(opportunities.upsert, _deal(world, key, outcome)):
        world.deals.append(key)


async def change_deal(world: World) -> None:
    """A deal turns out to be another's, of another amount or day, or not won at all."""
    if world.deals:
        outcome = world.one((Outcome.WON, Outcome.WON, Outcome.LOST, None))
        await world.do(opportunities.upsert, _deal(world, world.one(world.deals), outcome))


async def move(world: World) -> None:
    """A deal moves on."""
    if world.deals:
        won = world.chance(0.7)
        command = opportunities.OpportunityMove(
            ref(world.one(world.deals)),
            "Won" if won else "Talks",
            Outcome.WON if won else None,
            world.day(back=20, ahead=0) if won else None,
        )
        await world.do(opportunities.move, command)


async def split(world: World) -> None:
    """A deal is shared, a specialist joins, or it is one owner's again."""
    if not world.deals:
        return
    parts = world.one(SHARES) if world.chance(0.8) else ()
    chosen = world.dice.sample(world.hired, min(len(parts) + 1, len(world.hired)))
    shares = [opportunities.SplitShare(ref(name), Decimal(part)) for name, part in zip(chosen, parts, strict=False)]
    if world.chance(0.3):
        shares.append(opportunities.SplitShare(ref(chosen[-1]), Decimal(world.one(("0.25", "1"))), Role.OVERLAY))
    await world.do(opportunities.share, opportunities.OpportunitySplit(ref(world.one(world.deals)), tuple(shares)))


async def import_deals(world: World) -> None:
    """The CRM tells of several deals at once, some of them known."""
    given = []
    for _ in range(world.dice.randrange(1, 6)):
        known = world.deals and world.chance(0.3)
        told = _deal(world, world.one(world.deals) if known else world.named("deal"), world.one((Outcome.WON, Outcome.WON, None)))
        owner, product, account = (each and each.external_id for each in (told.owner, told.product, told.account))
        shared = {
            name: getattr(told, name) for name in ("name", "stage", "forecast_category", "probability", "amount", "closed_on", "outcome")
        }
        given.append(records.OpportunityRecord(told.external_id, owner=owner, product=product, account=account, **shared))
    unique = {each.external_id: each for each in given}
    if await world.do(records.import_records, records.RecordsImport(opportunities=tuple(unique.values()))):
        rows = await world.company.rows("select external_id from opportunity where external_id = any(:keys)", keys=list(unique))
        world.deals += [row["external_id"] for row in rows if row["external_id"] not in world.deals]


async def refund(world: World) -> None:
    """Some of a deal, or all of it, is given back, sometimes long after."""
    rows = await world.company.rows(
        "select transaction.id, deal.external_id as deal, transaction.amount, transaction.dated from transaction"
        " join opportunity as deal on deal.id = opportunity_id where kind = 'ORDER' and transaction.external_id is null and"
        " transaction.amount > 0 order by transaction.id"
    )
    if rows:
        sold = world.one(rows)
        amount = -sold["amount"] if world.chance(0.4) else -min(world.money(2000), sold["amount"])
        dated = sold["dated"] + timedelta(days=world.dice.randrange(0, 200)) if world.chance(0.5) else world.day()
        key = world.named("refund")
        command = transactions.TransactionRecord(
            key,
            TransactionKind.REFUND,
            dated,
            amount,
            Decimal(-1),
            corrects=Ref(id=f"transaction_{sold['id']}"),  # type: ignore[arg-type]
        )
        if await world.do(transactions.record, command):
            world.sold.append(key)


async def transaction(world: World) -> None:
    """An invoice, a payment, an order without a deal, or something that was recorded before changes."""
    kind = world.one((TransactionKind.INVOICE, TransactionKind.PAYMENT, TransactionKind.PAYMENT, TransactionKind.ORDER))
    key = world.one(world.sold) if world.sold and world.chance(0.15) else world.named("sale")
    whose = {"rep": world.somebody()} if kind is TransactionKind.ORDER or not world.deals else {"opportunity": ref(world.one(world.deals))}
    quantity = Decimal(world.dice.randrange(1, 20))
    command = transactions.TransactionRecord(key, kind, world.day(), world.money(3000), quantity, currency=world.one(CURRENCIES), **whose)
    if await world.do(transactions.record, command) and key not in world.sold:
        world.sold.append(key)


async def correct(world: World) -> None:
    """Something that was recorded is corrected, corrections among them."""
    if world.sold:
        key = world.named("refund")
        command = transactions.TransactionRecord(
            key, TransactionKind.REFUND, world.day(), -world.money(500), Decimal(-1), corrects=ref(world.one(world.sold))
        )
        if await world.do(transactions.record, command):
            world.sold.append(key)


async def territory(world: World) -> None:
    """A territory gets somebody or loses them, or an account."""
    starts = world.day()
    who, where = world.somebody(), ref(world.one(TERRITORIES))
    account = ref(world.one(ACCOUNTS)) if world.chance(0.5) else None
    ends = starts + timedelta(days=world.dice.randrange(1, 200)) if world.chance(0.4) else None
    command = territories.TerritoryAssign(
        where, starts, ends, None if account else who, account, world.one(tuple(Backdating)), world.chance(0.7)
    )
    await world.do(territories.assign, command)


async def rule(world: World) -> None:
    """A crediting rule is made or changed."""
    role = world.one((Role.OVERLAY, Role.TERRITORY))
    starts = world.day()
    command = rules.CreditingRuleSet(
        f"rule{world.dice.randrange(4)}",
        role,
        starts,
        starts + timedelta(days=world.dice.randrange(1, 200)) if world.chance(0.5) else None,
        world.somebody() if role is Role.OVERLAY else None,
        ref(world.one(TERRITORIES)) if world.chance(0.5) else None,
        ref(world.one(PRODUCTS)) if world.chance(0.3) else None,
        share=Decimal(world.one(("0.1", "0.5", "1"))),
    )
    await world.do(rules.set_rule, command)


async def rate(world: World) -> None:
    """A currency moves, perhaps in the past."""
    base, quote = world.one((("EUR", "USD"), ("USD", "EUR")))
    value = Decimal(world.dice.randrange(80, 130)) / 100
    await world.do(currencies.set_rate, currencies.FxRateSet(base, quote, value, world.day()))


async def measure(world: World) -> None:
    """What the team's measure or the units' counts changes."""
    roles = (Role.DIRECT, Role.SPLIT, world.one((Role.ROLLUP, Role.OVERLAY, Role.TERRITORY)))
    name, basis = world.one((("team", MeasureBasis.AMOUNT), ("units", MeasureBasis.QUANTITY)))
    levels = world.one((None, 1, 2)) if Role.ROLLUP in roles else None
    await world.do(measures.set_measure, measures.MeasureSet(name, basis, roles=roles, rollup_levels=levels))
