"""What a deal brings along when it changes: the history of its stages, its order, its credits, and the event that tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from spm_graph.domain.money import quantum
from spm_graph.domain.terms import Outcome
from spm_graph.store import events, stages
from spm_graph.store.database import Transaction
from spm_graph.store.events import Event
from spm_graph.store.tables import opportunity, rep, transaction

from .crediting import described_otherwise, recredit

DESCRIBING = ("name", "account_id", "product_id", "attributes")
"""What incentive types read of a deal beside what is credited."""

CHANGED = (
    "(select cast(:deal as bigint) as opportunity_id, cast(:from_stage as text) as from_stage, cast(:dated as date) as dated) as changed"
)


async def write(tx: Transaction, position: int, before: RowMapping | None, values: Mapping[str, Any], since: date | None) -> int:
    """Make a deal or change the one that was there before, and all that follows; its key.

    `since` is the day on which it came into its stage, where that is another one; null leaves it to the deal's own dates.
    """
    if before is None:
        key: int = await tx.scalar(insert(opportunity).values(**values).returning(opportunity.c.id))
    else:
        key = before["id"]
        await tx.execute(update(opportunity).where(opportunity.c.id == key).values(**values))
    deal = await tx.row(select(opportunity).where(opportunity.c.id == key))
    assert deal is not None, "it was written a moment ago"
    stage = before["stage"] if before is not None else None
    await stages.record(tx, position, CHANGED, {"deal": key, "from_stage": stage, "dated": since})
    await _order(tx, key, deal)
    mine = await transactions(tx, key)
    await recredit(tx, position, mine)
    if before is not None and any(before[name] != deal[name] for name in DESCRIBING):
        await described_otherwise(tx, position, mine)
    if stage != deal["stage"]:
        await events.append(tx, position, [await _moved(tx, deal, stage)])
    return key


async def _order(tx: Transaction, opportunity_id: int, deal: RowMapping) -> None:
    """The order of a deal: what it came to when won. A deal no longer won keeps its order, at zero, which credits nobody."""
    mine = (transaction.c.opportunity_id == opportunity_id) & (transaction.c.kind == "ORDER") & transaction.c.external_id.is_(None)
    known = await tx.scalar(select(transaction.c.id).where(mine))
    if deal["outcome"] == Outcome.WON:
        values = {
            "account_id": deal["account_id"],
            "product_id": deal["product_id"],
            "dated": deal["closed_on"],
            "quantity": Decimal(1),
            "amount": deal["amount"],
            "currency": deal["currency"],
        }
        if known is None:
            await tx.execute(insert(transaction).values(kind="ORDER", opportunity_id=opportunity_id, **values))
        else:
            await tx.execute(update(transaction).where(transaction.c.id == known).values(**values))
    elif known is not None:
        await tx.execute(update(transaction).where(transaction.c.id == known).values(quantity=Decimal(0), amount=Decimal(0)))


async def transactions(tx: Transaction, opportunity_id: int) -> list[int]:
    """The deal's transactions; crediting takes what corrects them along."""
    rows = await tx.rows(select(transaction.c.id).where(transaction.c.opportunity_id == opportunity_id))
    return [row["id"] for row in rows]


async def _moved(tx: Transaction, deal: RowMapping, before: str | None) -> Event:
    owner = await tx.row(select(rep).where(rep.c.id == deal["owner_id"]))
    assert owner is not None, "every deal has an owner"
    amount, currency = deal["amount"], deal["currency"]
    payload = {
        "opportunity": {"id": f"opportunity_{deal['id']}", "externalId": deal["external_id"], "name": deal["name"]},
        "owner": events.card(owner),
        "fromStage": before,
        "toStage": deal["stage"],
        "outcome": deal["outcome"],
        "amount": {"amount": str(amount.quantize(quantum(currency))), "currency": currency} if amount is not None else None,
    }
    return Event("OpportunityMoved", payload, owner["id"])
