"""What happens in sales: deals are made, moved, shared and told by the CRM, paid for, given back and corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from spm_graph.actions import opportunities, transactions
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import ForecastCategory, Outcome, Role, TransactionKind
from spm_graph.importing import records

from .crediting import ACCOUNTS, COUNTRIES, FAMILIES, PRODUCTS
from .world import World, ref

CURRENCIES = ("USD", "USD", "USD", "EUR")
SHARES = (("0.5", "0.5"), ("0.6", "0.4"), ("0.3333", "0.6667"), ("0.2", "0.3", "0.5"))

ORDERS = """
select sold.id, sold.amount, sold.dated, exists (select from split where split.opportunity_id = sold.opportunity_id) as is_split,
       exists (select from transaction as refund where refund.corrects_id = sold.id) as is_corrected
from transaction as sold where kind = 'ORDER' and external_id is null and amount > 0 order by id
"""


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


async def import_catalogue(world: World) -> None:
    """The CRM tells of an account and a product that are elsewhere now."""
    account, product = world.one(ACCOUNTS), world.one(PRODUCTS)
    command = records.RecordsImport(
        accounts=(records.AccountRecord(account, account.title(), country=world.one(COUNTRIES)),),
        products=(records.ProductRecord(product, product.title(), world.one(FAMILIES)),),
    )
    await world.do(records.import_records, command)


async def _correct(world: World, what: Ref, kind: TransactionKind, amount: Decimal, more: Mapping[str, Any]) -> None:
    key = world.named("refund")
    quantity = Decimal(-1) if amount < 0 else Decimal(1)
    command = transactions.TransactionRecord(key, kind, amount=amount, quantity=quantity, corrects=what, **more)
    if await world.do(transactions.record, command):
        world.sold.append(key)


async def refund(world: World) -> None:
    """Some of a deal is given back, all of it, or more than that; in parts, and sometimes long after."""
    orders = await world.company.rows(ORDERS)
    if orders:
        often = [each for each in orders if each["is_split"] or each["is_corrected"]]
        sold = world.one(often if often and world.chance(0.5) else orders)
        some = sold["amount"] if world.chance(0.3) else min(world.money(2000), sold["amount"])
        dated = sold["dated"] + timedelta(days=world.dice.randrange(0, 200)) if world.chance(0.5) else world.day()
        await _correct(world, Ref(id=f"transaction_{sold['id']}"), TransactionKind.REFUND, -some, {"dated": dated})  # type: ignore[arg-type]


async def correct(world: World) -> None:
    """Something that was recorded is corrected, corrections among them: less, or more of it."""
    if world.sold:
        recently = world.sold[-5:] if world.chance(0.5) else world.sold
        kind = world.one((TransactionKind.REFUND, TransactionKind.REFUND, TransactionKind.ORDER))
        amount = world.money(500) * (1 if kind is TransactionKind.ORDER and world.chance(0.5) else -1)
        margin = {"margin": -world.money(200)} if world.chance(0.2) else {}
        await _correct(world, ref(world.one(recently)), kind, amount, {"dated": world.day(), **margin})


async def transaction(world: World) -> None:
    """An invoice, a payment, an order without a deal, or something that was recorded before changes."""
    kind = world.one((TransactionKind.INVOICE, TransactionKind.PAYMENT, TransactionKind.PAYMENT, TransactionKind.ORDER))
    key = world.one(world.sold) if world.sold and world.chance(0.15) else world.named("sale")
    whose = {"rep": world.somebody()} if kind is TransactionKind.ORDER or not world.deals else {"opportunity": ref(world.one(world.deals))}
    command = transactions.TransactionRecord(
        key,
        kind,
        world.day(),
        world.money(3000),
        Decimal(world.dice.randrange(1, 20)),
        margin=world.money(900) if world.chance(0.4) else None,
        currency=world.one(CURRENCIES),
        product=ref(world.one(PRODUCTS)) if world.chance(0.3) else None,
        **whose,
    )
    if await world.do(transactions.record, command) and key not in world.sold:
        world.sold.append(key)
