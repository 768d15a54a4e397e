"""Opportunities: deals as the CRM knows them. Winning one makes the order that is credited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import RowMapping, delete, insert, select, update

from spm_graph.domain.money import quantum
from spm_graph.domain.problem import Problem, ProblemCode, Refused, refuse
from spm_graph.domain.terms import ForecastCategory, Grant, Role
from spm_graph.domain.terms import Outcome as Ending
from spm_graph.store import clock, events
from spm_graph.store.database import Transaction
from spm_graph.store.events import Event
from spm_graph.store.tables import account, opportunity, product, split, transaction
from spm_graph.store.visibility import Actor

from .crediting import recredit
from .outcome import Outcome
from .refs import Ref, by_ref, company_currency, visible_opportunity, visible_rep

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class OpportunityUpsert:
    """An opportunity as it should be: made if the external id is new, changed otherwise."""

    external_id: Annotated[str, "The opportunity's key in the company's CRM."]
    name: Annotated[str, "What the deal is called."]
    owner: Annotated[Ref, "The rep who owns the deal."]
    stage: Annotated[str, "The sales stage that it is in."]
    forecast_category: Annotated[ForecastCategory, "How sure the owner is."]
    probability: Annotated[Decimal, "How likely it is to be won: 0.3 is 30 %."]
    amount: Annotated[Decimal | None, "What the customer would pay; needed to win."] = None
    account: Annotated[Ref | None, "The customer."] = None
    product: Annotated[Ref | None, "What is sold."] = None
    opened_on: Annotated[date | None, "The day on which it was opened."] = None
    expected_close_on: Annotated[date | None, "The day on which it is expected to close."] = None
    closed_on: Annotated[date | None, "The day on which it closed."] = None
    outcome: Annotated[Ending | None, "How it ended; none: it is open."] = None
    revision: Annotated[int | None, "The CRM's revision of the record: an older one than stored is ignored."] = None
    idempotency_key: Annotated[str | None, "Any text: the same key and input get the same answer, and act once."] = None


@dataclass(frozen=True)
class SplitShare:
    """One rep's share of a deal."""

    rep: Annotated[Ref, "Who is credited."]
    share: Annotated[Decimal, "The share of the deal: 0.4 is 40 %."]
    role: Annotated[Role, "SPLIT, whose shares sum to 1, or OVERLAY, on top with any share."] = Role.SPLIT


@dataclass(frozen=True)
class OpportunitySplit:
    """Who shares a deal; the whole list. An empty one gives the deal back to its owner."""

    opportunity: Annotated[Ref, "The deal."]
    shares: Annotated[tuple[SplitShare, ...], "Everybody's share. Those of role SPLIT sum to exactly 1."]


async def upsert(tx: Transaction, actor: Actor, command: OpportunityUpsert) -> Outcome:
    """Make or change an opportunity, and its order with it: winning makes one, un-winning makes it worth nothing."""
    actor.require(Grant.IMPORT)
    currency = await company_currency(tx)
    _check(command, currency)
    position = await clock.tick(tx, actor.name, "opportunityUpsert")
    owner = await visible_rep(tx, actor, command.owner, ["owner"])
    before = await tx.row(select(opportunity).where(opportunity.c.external_id == command.external_id))
    if before is not None:
        await visible_opportunity(tx, actor, Ref(external_id=command.external_id), ["externalId"])
        if (stale := _stale(before["revision"], command.revision, command.external_id)) is not None:
            return Outcome(position, {"opportunity_id": before["id"]}, (stale,))
    values = {
        "name": command.name,
        "account_id": (await by_ref(tx, account, command.account, ["account"]))["id"] if command.account else None,
        "product_id": (await by_ref(tx, product, command.product, ["product"]))["id"] if command.product else None,
        "owner_id": owner["id"],
        "stage": command.stage,
        "forecast_category": command.forecast_category,
        "probability": command.probability,
        "amount": command.amount,
        "currency": currency,
        "opened_on": command.opened_on,
        "expected_close_on": command.expected_close_on,
        "closed_on": command.closed_on,
        "outcome": command.outcome,
        "revision": _revision(command.revision, before),
    }
    if before is None:
        made = insert(opportunity).values(external_id=command.external_id, **values).returning(opportunity.c.id)
        opportunity_id = await tx.scalar(made)
    else:
        opportunity_id = before["id"]
        await tx.execute(update(opportunity).where(opportunity.c.id == opportunity_id).values(**values))
    await _order(tx, opportunity_id, values)
    await recredit(tx, position, await _transactions(tx, opportunity_id))
    if before is None or before["stage"] != command.stage:
        await events.append(tx, position, [_moved(opportunity_id, command, owner, before["stage"] if before else None, currency)])
    return Outcome(position, {"opportunity_id": opportunity_id})


async def share(tx: Transaction, actor: Actor, command: OpportunitySplit) -> Outcome:
    """Share a deal between reps: credits already made on it are made again."""
    actor.require(Grant.IMPORT)
    position = await clock.tick(tx, actor.name, "opportunitySplit")
    deal = await visible_opportunity(tx, actor, command.opportunity, ["opportunity"])
    rows: list[dict[str, Any]] = []
    for index, given in enumerate(command.shares):
        path = ["shares", str(index)]
        who = await visible_rep(tx, actor, given.rep, [*path, "rep"])
        if given.role not in (Role.SPLIT, Role.OVERLAY):
            raise refuse(ProblemCode.INVALID, f"{given.role} is no share of a deal; expected SPLIT or OVERLAY", [*path, "role"])
        if not ZERO < given.share <= (ONE if given.role is Role.SPLIT else 10):
            raise refuse(ProblemCode.INVALID, f"{given.share} is no share; expected above 0 and, for a split, at most 1", [*path, "share"])
        row = {"opportunity_id": deal["id"], "rep_id": who["id"], "role": given.role, "share": given.share}
        if any((row["rep_id"], row["role"]) == (other["rep_id"], other["role"]) for other in rows):
            raise refuse(ProblemCode.DUPLICATE, f"{who['name']} is named twice as {given.role}", [*path, "rep"])
        rows.append(row)
    total = sum((given.share for given in command.shares if given.role is Role.SPLIT), ZERO)
    if total not in (ZERO, ONE):
        raise refuse(ProblemCode.INVALID, f"the shares of the split sum to {total}; expected exactly 1", ["shares"])
    await tx.execute(delete(split).where(split.c.opportunity_id == deal["id"]))
    if rows:
        await tx.execute(insert(split), rows)
    await recredit(tx, position, await _transactions(tx, deal["id"]))
    return Outcome(position, {"opportunity_id": deal["id"]})


def _check(command: OpportunityUpsert, currency: str) -> None:
    problems = []

    def need(holds: bool, message: str, field: str) -> None:
        if not holds:
            problems.append(Problem(ProblemCode.INVALID, message, (field,)))

    need(bool(command.external_id.strip()), "an opportunity needs an external id", "externalId")
    need(bool(command.name.strip()), "an opportunity needs a name", "name")
    need(bool(command.stage.strip()), "an opportunity needs a stage", "stage")
    need(ZERO <= command.probability <= ONE, f"{command.probability} is no probability; expected 0 to 1", "probability")
    need((command.outcome is None) == (command.closed_on is None), "outcome and closedOn are given together, or neither", "closedOn")
    need(command.outcome is not Ending.WON or command.amount is not None, "a won opportunity needs an amount", "amount")
    unit = quantum(currency)
    need(
        command.amount is None or (command.amount >= 0 and not command.amount % unit),
        f"{command.amount} is no amount; expected zero or more {currency}, in steps of {unit}",
        "amount",
    )
    if problems:
        raise Refused(problems)


def _revision(given: int | None, before: RowMapping | None) -> int | None:
    return given if given is not None or before is None else before["revision"]


def _stale(stored: int | None, given: int | None, external_id: str) -> Problem | None:
    if stored is None or given is None or given >= stored:
        return None
    message = f'revision {given} of "{external_id}" was ignored: revision {stored} is stored'
    return Problem(ProblemCode.STALE_REVISION, message, ("revision",))


async def _order(tx: Transaction, opportunity_id: int, deal: Mapping[str, Any]) -> None:
    """The order of a deal: what it came to when won. A deal no longer won keeps its order, at zero, which credits nobody."""
    mine = (transaction.c.opportunity_id == opportunity_id) & (transaction.c.kind == "ORDER") & transaction.c.external_id.is_(None)
    known = await tx.scalar(select(transaction.c.id).where(mine))
    if deal["outcome"] == Ending.WON:
        values = {
            "account_id": deal["account_id"],
            "product_id": deal["product_id"],
            "dated": deal["closed_on"],
            "quantity": ONE,
            "amount": deal["amount"],
            "currency": deal["currency"],
        }
        if known is None:
            await tx.execute(insert(transaction).values(kind="ORDER", opportunity_id=opportunity_id, **values))
        else:
            await tx.execute(update(transaction).where(transaction.c.id == known).values(**values))
    elif known is not None:
        await tx.execute(update(transaction).where(transaction.c.id == known).values(quantity=ZERO, amount=ZERO))


async def _transactions(tx: Transaction, opportunity_id: int) -> list[int]:
    """The deal's transactions, and what corrects them."""
    rows = await tx.rows(
        """
        with recursive mine(id) as (
            select id from transaction where opportunity_id = :opportunity_id
            union select correction.id from mine join transaction as correction on correction.corrects_id = mine.id
        )
        select id from mine
        """,
        {"opportunity_id": opportunity_id},
    )
    return [row["id"] for row in rows]


def _moved(opportunity_id: int, command: OpportunityUpsert, owner: RowMapping, before: str | None, currency: str) -> Event:
    payload = {
        "opportunity": {"id": f"opportunity_{opportunity_id}", "externalId": command.external_id, "name": command.name},
        "owner": events.card(owner),
        "fromStage": before,
        "toStage": command.stage,
        "outcome": command.outcome,
        "amount": {"amount": str(command.amount.quantize(quantum(currency))), "currency": currency} if command.amount is not None else None,
    }
    return Event("OpportunityMoved", payload, owner["id"])
