"""Transactions: what counts beside the orders that opportunities make: invoices, payments, refunds, orders of other systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from sqlalchemy import RowMapping, insert, select, update

from spm_graph.domain.money import quantum
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, TransactionKind
from spm_graph.store import clock, visibility
from spm_graph.store.database import Transaction
from spm_graph.store.tables import opportunity, product, transaction
from spm_graph.store.visibility import Actor

from . import doubts, revisions
from .attributes import AttributeGiven, stored
from .crediting import described_otherwise, recredit
from .currencies import check_currency
from .refs import Ref, by_ref, company_currency, not_found, visible_opportunity, visible_rep
from .result import IdempotencyKey, Result

# What corrects a sale goes with it into another deal, but for what was recorded of a deal of its own.
FOLLOW = """
with recursive behind(id) as (
    select id from transaction where corrects_id = :id
    union
    select correction.id from behind join transaction as correction on correction.corrects_id = behind.id
)
update transaction set opportunity_id = :deal
where id in (select id from behind) and opportunity_id is not distinct from cast(:left as bigint)
"""

DESCRIBING = ("kind", "opportunity_id", "account_id", "product_id", "corrects_id", "attributes")
"""What incentive types read of a transaction beside what is credited."""

LEADS_BACK = """
with recursive corrected(id) as (
    select cast(:corrects as bigint)
    union
    select earlier.corrects_id from corrected join transaction as earlier on earlier.id = corrected.id where earlier.corrects_id is not null
)
select exists (select from corrected where id = :id)
"""


@dataclass(frozen=True)
class TransactionRecord:
    """A transaction as it should be: made if the external id is new, changed otherwise."""

    external_id: Annotated[str, "The transaction's key in the system that it comes from."]
    kind: Annotated[TransactionKind, "What it is."]
    dated: Annotated[date, "The day that it counts on; for a refund, the day of the refund."]
    amount: Annotated[Decimal, "What it comes to; a refund's is negative."]
    quantity: Annotated[Decimal, "How many units; a refund's is negative."] = Decimal(1)
    margin: Annotated[Decimal | None, "The amount less its cost."] = None
    currency: Annotated[str | None, "The currency of the amount and the margin (ISO 4217); by default the deal's, or the company's."] = None
    opportunity: Annotated[Ref | None, "The deal that it belongs to; its owner or split is credited."] = None
    corrects: Annotated[Ref | None, "The transaction that it corrects; the same people are credited."] = None
    rep: Annotated[Ref | None, "Who is credited, where there is no deal."] = None
    product: Annotated[Ref | None, "What was sold."] = None
    attributes: Annotated[
        tuple[AttributeGiven, ...], "What else is known of it, beside what is known of its deal, such as new business: the whole list."
    ] = ()
    revision: Annotated[int | None, "The source's revision of the record: an older one than stored is ignored."] = None
    idempotency_key: IdempotencyKey = None


async def record(tx: Transaction, actor: Actor, command: TransactionRecord) -> Result:
    """Record a transaction and credit it."""
    actor.require(Grant.IMPORT)
    _check(command)
    position = await clock.tick(tx, actor.name, "transactionRecord")
    deal = await visible_opportunity(tx, actor, command.opportunity, ["opportunity"]) if command.opportunity else None
    corrected = await _corrected(tx, actor, command.corrects) if command.corrects else None
    who = await visible_rep(tx, actor, command.rep, ["rep"]) if command.rep else None
    sold = await by_ref(tx, product, command.product, ["product"]) if command.product else None
    before = await tx.row(select(transaction).where(transaction.c.external_id == command.external_id))
    if before is not None:
        await _require_visible(tx, actor, before, command.external_id, ["externalId"])
        if corrected is not None and await tx.scalar(LEADS_BACK, {"id": before["id"], "corrects": corrected["id"]}):
            raise refuse(ProblemCode.CYCLE, f'what "{command.external_id}" would correct is a correction of it', ["corrects"])
        if (remark := revisions.stale(before, command.revision, command.external_id)) is not None:
            return Result(position, {"transaction_id": before["id"]}, (remark,))
    source = deal or corrected
    currency = command.currency or (source["currency"] if source else await company_currency(tx))
    _check_amounts(command, currency)
    values = {
        "kind": command.kind,
        "opportunity_id": deal["id"] if deal else corrected["opportunity_id"] if corrected else None,
        "rep_id": who["id"] if who else None,
        "account_id": source["account_id"] if source else None,
        "product_id": sold["id"] if sold else source["product_id"] if source else None,
        "dated": command.dated,
        "quantity": command.quantity,
        "amount": command.amount,
        "margin": command.margin,
        "currency": currency,
        "corrects_id": corrected["id"] if corrected else None,
        "attributes": stored(command.attributes),
        "revision": revisions.kept(before, command.revision),
    }
    if before is None:
        made = insert(transaction).values(external_id=command.external_id, **values).returning(transaction.c.id)
        transaction_id = await tx.scalar(made)
    else:
        transaction_id = before["id"]
        await tx.execute(update(transaction).where(transaction.c.id == transaction_id).values(**values))
        if before["opportunity_id"] != values["opportunity_id"]:
            await tx.execute(FOLLOW, {"id": transaction_id, "left": before["opportunity_id"], "deal": values["opportunity_id"]})
    # What it corrected until now is credited without it.
    left = [before["corrects_id"]] if before is not None and before["corrects_id"] is not None else []
    await recredit(tx, position, [transaction_id, *left])
    if before is not None and any(before[name] != values[name] for name in DESCRIBING):
        await described_otherwise(tx, position, [transaction_id])
    remarks = await doubts.of_correction(tx, transaction_id)
    if command.kind is TransactionKind.ORDER and deal is not None and corrected is None:
        remarks += await doubts.of_orders(tx, deal["id"])
    return Result(position, {"transaction_id": transaction_id}, remarks)


def _check_amounts(command: TransactionRecord, currency: str) -> None:
    unit = quantum(currency)
    for field, money in (("amount", command.amount), ("margin", command.margin)):
        if money is not None and money % unit:
            raise refuse(ProblemCode.INVALID, f"{money} is no amount of {currency}; expected steps of {unit}", [field])


def _check(command: TransactionRecord) -> None:
    if command.currency is not None:
        check_currency(command.currency, ["currency"])
    if not command.external_id.strip():
        raise refuse(ProblemCode.INVALID, "a transaction needs an external id", ["externalId"])
    if command.kind is TransactionKind.REFUND and (command.amount > 0 or command.quantity > 0):
        field = "amount" if command.amount > 0 else "quantity"
        raise refuse(ProblemCode.INVALID, f"a refund's {field} is not above zero; expected it negative, as in -100.00", [field])
    if not (command.opportunity or command.corrects or command.rep):
        raise refuse(ProblemCode.INVALID, "nobody to credit: give opportunity, corrects or rep", ["opportunity"])


async def _corrected(tx: Transaction, actor: Actor, given: Ref) -> RowMapping:
    row = await by_ref(tx, transaction, given, ["corrects"])
    await _require_visible(tx, actor, row, given.id or given.external_id or "", ["corrects"])
    return row


async def _require_visible(tx: Transaction, actor: Actor, row: RowMapping, named: str, path: list[str]) -> None:
    """A transaction is seen by who sees the rep it names, or the owner of its deal."""
    rep_id = row["rep_id"]
    if rep_id is None:
        rep_id = await tx.scalar(select(opportunity.c.owner_id).where(opportunity.c.id == row["opportunity_id"]))
    if not await visibility.sees(tx, actor, rep_id):
        raise not_found("transaction", named, path)
