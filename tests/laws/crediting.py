"""What decides how a sale is credited: the catalogue, territories, rules, rates and measures; all of it changes, mostly in the past."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from spm_graph.actions import accounts, currencies, measures, products, rules, territories
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import AccountAttribute, Backdating, MeasureBasis, Role, TransactionKind

from .world import World, ref

ACCOUNTS = ("acme", "bolt", "crux", "dune")
TERRITORIES = ("north", "south", "coast")
PRODUCTS = ("anvil", "bellows")
FAMILIES = ("tools", "toys")
COUNTRIES = ("PT", "SE")


async def founded(world: World) -> None:
    """Catalogue, territories, rates and measures."""
    for key in PRODUCTS:
        await world.do(products.upsert, products.ProductUpsert(key, key.title(), family=FAMILIES[0]))
    for key in ACCOUNTS:
        await world.do(accounts.upsert, accounts.AccountUpsert(key, key.title(), None, world.one(COUNTRIES)))
    for key, country in zip(TERRITORIES[:2], COUNTRIES, strict=True):
        await _territory(world, key, country, None)
    await _territory(world, TERRITORIES[2], None, ref(TERRITORIES[1]))
    await world.do(territories.assign_by_rules, territories.AccountsAssignByRules(world.today))
    for base, quote, rate in (("EUR", "USD", "1.1"), ("USD", "EUR", "0.90909091")):
        await world.do(currencies.set_rate, currencies.FxRateSet(base, quote, Decimal(rate), world.today))
    await world.do(measures.set_measure, measures.MeasureSet("units", MeasureBasis.QUANTITY))
    await world.do(measures.set_measure, measures.MeasureSet("profit", MeasureBasis.MARGIN))


async def _territory(world: World, key: str, country: str | None, parent: Ref | None) -> None:
    given = (territories.TerritoryRuleGiven(AccountAttribute.COUNTRY, (country,)),) if country else ()
    await world.do(territories.upsert, territories.TerritoryUpsert(key, key.title(), parent, given))


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


async def regions(world: World) -> None:
    """A territory becomes a part of another, or is to hold other accounts; a customer moves; or what follows from it takes effect."""
    what = world.dice.randrange(3)
    if what == 0:
        parent = ref(world.one(TERRITORIES)) if world.chance(0.7) else None
        await _territory(world, world.one(TERRITORIES), world.one((None, *COUNTRIES)), parent)
    elif what == 1:
        key = world.one(ACCOUNTS)
        await world.do(accounts.upsert, accounts.AccountUpsert(key, key.title(), None, world.one(COUNTRIES)))
    else:
        command = territories.AccountsAssignByRules(world.day(ahead=5), world.one(tuple(Backdating)))
        await world.do(territories.assign_by_rules, command)


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
        world.one(FAMILIES) if world.chance(0.3) else None,
        share=Decimal(world.one(("0.1", "0.5", "1"))),
    )
    await world.do(rules.set_rule, command)


async def rate(world: World) -> None:
    """A currency moves, perhaps in the past."""
    base, quote = world.one((("EUR", "USD"), ("USD", "EUR")))
    value = Decimal(world.dice.randrange(80, 130)) / 100
    await world.do(currencies.set_rate, currencies.FxRateSet(base, quote, value, world.day()))


async def measure(world: World) -> None:
    """What the team's measure, the units' or the margins' counts changes."""
    roles = (Role.DIRECT, Role.SPLIT, world.one((Role.ROLLUP, Role.OVERLAY, Role.TERRITORY)))
    name, basis = world.one((("team", MeasureBasis.AMOUNT), ("units", MeasureBasis.QUANTITY), ("profit", MeasureBasis.MARGIN)))
    kinds = world.one(((TransactionKind.ORDER, TransactionKind.REFUND), (TransactionKind.INVOICE, TransactionKind.REFUND)))
    levels = world.one((None, 1, 2)) if Role.ROLLUP in roles else None
    sold = {"products": (ref(world.one(PRODUCTS)),)} if world.chance(0.2) else {"product_families": FAMILIES} if world.chance(0.2) else {}
    await world.do(measures.set_measure, measures.MeasureSet(name, basis, kinds, roles, rollup_levels=levels, **sold))


async def product(world: World) -> None:
    """A product gets into another family, or into none."""
    key = world.one(PRODUCTS)
    await world.do(products.upsert, products.ProductUpsert(key, key.title(), world.one((None, *FAMILIES))))
