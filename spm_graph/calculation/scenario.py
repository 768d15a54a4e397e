"""A scenario as somebody writes it: deals that are recorded, won or changed, and deals that are not there at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import Table, select

from spm_graph.actions.refs import Ref, company_currency, not_found, unseen
from spm_graph.domain import ids
from spm_graph.domain.money import quantum, rounded
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Outcome
from spm_graph.store.database import Transaction
from spm_graph.store.tables import account, opportunity, product
from spm_graph.store.visibility import Actor, sees_row

from .facts import Row
from .supposing import Deal

MOST_DEALS = 100
"""How many deals one scenario may have."""

# What a stage stands for is what most deals in it have come to.
STAGE = "select outcome from opportunity where stage = :stage group by outcome order by count(*) desc, outcome limit 1"


@dataclass(frozen=True)
class DealSupposed:
    """A deal that is recorded, as it is supposed to be. What is not given stays as it is."""

    opportunity: Annotated[Ref, "The deal."]
    outcome: Annotated[Outcome | None, "How it ends: WON by default, unless a stage says otherwise."] = None
    stage: Annotated[str | None, "The stage that it moves to: it then ends as most deals in this stage did, or stays open with them."] = (
        None
    )
    closed_on: Annotated[
        date | None, "The day on which it ends: that on which it did or is expected to, or today where that is past, unless given."
    ] = None
    amount: Annotated[Decimal | None, "What the customer pays."] = None
    discount: Annotated[Decimal | None, "Off the list amount, instead of an amount: 0.1 is 10 %."] = None


@dataclass(frozen=True)
class DealImagined:
    """A deal that is not there: the rep wins it alone."""

    amount: Annotated[Decimal, "What the customer pays."]
    closed_on: Annotated[date | None, "The day on which it is won: today unless given."] = None
    currency: Annotated[str | None, "The currency of the amount (ISO 4217); the company's if not given."] = None
    account: Annotated[Ref | None, "The customer, for what depends on territories and accounts."] = None
    product: Annotated[Ref | None, "What is sold, for what depends on products."] = None


@dataclass(frozen=True)
class WhatIf:
    """What is supposed, all of it together. Nothing: what is earned and how far it is to quota and to the next tier."""

    deals: Annotated[tuple[DealSupposed, ...], "Deals that are recorded, 100 at most."] = ()
    new_deals: Annotated[tuple[DealImagined, ...], "Deals that are not, 100 at most."] = ()


async def read(tx: Transaction, actor: Actor, rep_id: int, scenario: WhatIf) -> list[Deal]:
    """The deals of a scenario, or a refusal: what the actor may not see is not found, and won deals need a proper amount."""
    for field, given in (("deals", scenario.deals), ("newDeals", scenario.new_deals)):
        if len(given) > MOST_DEALS:
            raise refuse(ProblemCode.INVALID, f"{len(given)} deals are too many; expected {MOST_DEALS} at most", [field])
    found = [await _supposed(tx, actor, given, ["deals", str(place)]) for place, given in enumerate(scenario.deals)]
    for place, deal in enumerate(found):
        if any(other.id == deal.id for other in found[:place]):
            raise refuse(ProblemCode.DUPLICATE, "the deal is supposed twice", ["deals", str(place), "opportunity"])
    return [
        *found,
        *[await _imagined(tx, rep_id, given, -place, ["newDeals", str(place - 1)]) for place, given in enumerate(scenario.new_deals, 1)],
    ]


async def _supposed(tx: Transaction, actor: Actor, given: DealSupposed, path: list[str]) -> Deal:
    row = await _named(tx, opportunity, given.opportunity, [*path, "opportunity"])
    if not await sees_row(tx, actor, "opportunity", row["id"]):
        raise unseen("opportunity", given.opportunity, [*path, "opportunity"])
    outcome = given.outcome
    if outcome is None:
        known = await tx.scalar(STAGE, {"stage": given.stage}) if given.stage is not None else Outcome.WON
        outcome = Outcome[known] if known else None
    usual = row["closed_on"] or max(row["expected_close_on"] or tx.today, tx.today)
    amount = row["amount"] if given.amount is None else given.amount
    if given.discount is not None:
        amount = _discounted(row, given, path)
    if outcome is Outcome.WON:
        _check(amount, row["currency"], path)
    return Deal(
        id=row["id"],
        owner_id=row["owner_id"],
        outcome=outcome,
        closed_on=(given.closed_on or usual) if outcome else None,
        amount=amount,
        currency=row["currency"],
        account_id=row["account_id"],
        product_id=row["product_id"],
    )


async def _imagined(tx: Transaction, rep_id: int, given: DealImagined, key: int, path: list[str]) -> Deal:
    currency = given.currency or await company_currency(tx)
    _check(given.amount, currency, path)
    return Deal(
        id=key,
        owner_id=rep_id,
        outcome=Outcome.WON,
        closed_on=given.closed_on or tx.today,
        amount=given.amount,
        currency=currency,
        account_id=(await _named(tx, account, given.account, [*path, "account"]))["id"] if given.account else None,
        product_id=(await _named(tx, product, given.product, [*path, "product"]))["id"] if given.product else None,
    )


def _discounted(row: Row, given: DealSupposed, path: Sequence[str]) -> Decimal:
    assert given.discount is not None
    if given.amount is not None:
        raise refuse(ProblemCode.INVALID, "an amount and a discount say the same: give one of them", [*path, "discount"])
    if row["list_amount"] is None:
        raise refuse(ProblemCode.INVALID, "the deal has no list amount to discount", [*path, "discount"])
    if not 0 <= given.discount <= 1:
        raise refuse(ProblemCode.INVALID, f"{given.discount} is no discount; expected 0 to 1", [*path, "discount"])
    return rounded(row["list_amount"] * (1 - given.discount), row["currency"])


def _check(amount: Decimal | None, currency: str, path: Sequence[str]) -> None:
    if amount is None:
        raise refuse(ProblemCode.INVALID, "a won opportunity needs an amount", [*path, "amount"])
    if amount < 0 or amount % quantum(currency):
        message = f"{amount} is no amount; expected zero or more {currency}, in steps of {quantum(currency)}"
        raise refuse(ProblemCode.INVALID, message, [*path, "amount"])


async def _named(tx: Transaction, table: Table, given: Ref, path: Sequence[str]) -> Any:
    """The row that a reference names, read and not locked."""
    field, named = ("id", str(given.id)) if given.id is not None else ("externalId", given.external_id or "")
    wanted = table.c.id == ids.number(named, table.name) if field == "id" else table.c.external_id == named
    row = await tx.row(select(table).where(wanted))
    if row is None:
        raise not_found(table.name, named, [*path, field])
    return row
