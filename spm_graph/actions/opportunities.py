"""Opportunities: deals as the CRM knows them. Winning one makes the order that is credited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import RowMapping, delete, insert, select

from spm_graph.domain.money import quantum
from spm_graph.domain.problem import Problem, ProblemCode, Refused, refuse
from spm_graph.domain.terms import ForecastCategory, Grant, Outcome, Role
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from spm_graph.store.tables import account, opportunity, product, split
from spm_graph.store.visibility import Actor

from . import deals, doubts, revisions
from .attributes import AttributeGiven, stored
from .crediting import recredit
from .currencies import check_currency
from .refs import Ref, by_ref, company_currency, visible_opportunity, visible_rep
from .result import IdempotencyKey, Result

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
    list_amount: Annotated[Decimal | None, "What it would cost without a discount."] = None
    account: Annotated[Ref | None, "The customer."] = None
    product: Annotated[Ref | None, "What is sold."] = None
    opened_on: Annotated[date | None, "The day on which it was opened."] = None
    expected_close_on: Annotated[date | None, "The day on which it is expected to close."] = None
    closed_on: Annotated[date | None, "The day on which it closed."] = None
    outcome: Annotated[Outcome | None, "How it ended; none: it is open."] = None
    stage_since: Annotated[
        date | None,
        "The day on which it came into the stage, where that is another one: unless given, the day on which it closed; of a new one"
        " that on which it was opened; else today.",
    ] = None
    revision: Annotated[int | None, "The CRM's revision of the record: an older one than stored is ignored."] = None
    currency: Annotated[str | None, "The currency of the amounts (ISO 4217); the company's if not given."] = None
    attributes: Annotated[tuple[AttributeGiven, ...], "What else is known of it, such as new business: the whole list."] = ()
    idempotency_key: IdempotencyKey = None


@dataclass(frozen=True)
class OpportunityMove:
    """A deal in another stage. What else is not given stays as it is."""

    opportunity: Annotated[Ref, "The deal."]
    stage: Annotated[str, "The sales stage that it is in from now on."]
    outcome: Annotated[Outcome | None, "How it ended; none: it is open, or open again."] = None
    closed_on: Annotated[date | None, "For one that ended, the day on which it did: today unless given."] = None
    amount: Annotated[Decimal | None, "What the customer would pay; needed to win."] = None
    probability: Annotated[Decimal | None, "How likely it is to be won: 1 if it was, 0 if it was lost. Needed to open it again."] = None
    forecast_category: Annotated[
        ForecastCategory | None, "How sure the owner is: CLOSED if it was won, OMITTED if it was lost. Needed to open it again."
    ] = None
    stage_since: Annotated[date | None, "The day on which it came into the stage: that on which it closed, or today, unless given."] = None
    idempotency_key: IdempotencyKey = None


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


async def upsert(tx: Transaction, actor: Actor, command: OpportunityUpsert) -> Result:
    """Make or change an opportunity, and its order with it: winning makes one, un-winning makes it worth nothing."""
    actor.require(Grant.IMPORT)
    if command.currency is not None:
        check_currency(command.currency, ["currency"])
    currency = command.currency or await company_currency(tx)
    _check(command, currency)
    position = await clock.tick(tx, actor.name, "opportunityUpsert")
    owner = await visible_rep(tx, actor, command.owner, ["owner"])
    before = await tx.row(select(opportunity).where(opportunity.c.external_id == command.external_id))
    if before is not None:
        await visible_opportunity(tx, actor, Ref(external_id=command.external_id), ["externalId"])
        if (remark := revisions.stale(before, command.revision, command.external_id)) is not None:
            return Result(position, {"opportunity_id": before["id"]}, (remark,))
    values = {
        "external_id": command.external_id,
        "name": command.name,
        "account_id": (await by_ref(tx, account, command.account, ["account"]))["id"] if command.account else None,
        "product_id": (await by_ref(tx, product, command.product, ["product"]))["id"] if command.product else None,
        "owner_id": owner["id"],
        "stage": command.stage,
        "forecast_category": command.forecast_category,
        "probability": command.probability,
        "amount": command.amount,
        "list_amount": command.list_amount,
        "currency": currency,
        "opened_on": command.opened_on,
        "expected_close_on": command.expected_close_on,
        "closed_on": command.closed_on,
        "outcome": command.outcome,
        "attributes": stored(command.attributes),
        "revision": revisions.kept(before, command.revision),
    }
    deal_id = await deals.write(tx, position, before, values, command.stage_since)
    return Result(position, {"opportunity_id": deal_id}, await doubts.of_orders(tx, deal_id) if command.outcome is Outcome.WON else ())


async def move(tx: Transaction, actor: Actor, command: OpportunityMove) -> Result:
    """Move a deal to another stage, and win, lose or reopen it with that: its order and credits follow."""
    actor.require(Grant.IMPORT)
    position = await clock.tick(tx, actor.name, "opportunityMove")
    before = await visible_opportunity(tx, actor, command.opportunity, ["opportunity"])
    values = _moved(command, before, tx.today)
    problems = _faults(values, before["currency"])
    if command.outcome is None and command.closed_on is not None:
        problems.append(Problem(ProblemCode.INVALID, "a deal that closed has an outcome", ("outcome",)))
    if problems:
        raise Refused(problems)
    deal_id = await deals.write(tx, position, before, values, command.stage_since)
    return Result(position, {"opportunity_id": deal_id}, await doubts.of_orders(tx, deal_id) if command.outcome is Outcome.WON else ())


async def share(tx: Transaction, actor: Actor, command: OpportunitySplit) -> Result:
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
    await recredit(tx, position, await deals.transactions(tx, deal["id"]))
    return Result(position, {"opportunity_id": deal["id"]})


def _check(command: OpportunityUpsert, currency: str) -> None:
    needed = (
        ("externalId", command.external_id, "an opportunity needs an external id"),
        ("name", command.name, "an opportunity needs a name"),
    )
    problems = [Problem(ProblemCode.INVALID, message, (field,)) for field, text, message in needed if not text.strip()]
    problems += _faults(vars(command), currency)
    if (command.outcome is None) != (command.closed_on is None):
        problems.append(Problem(ProblemCode.INVALID, "outcome and closedOn are given together, or neither", ("closedOn",)))
    if problems:
        raise Refused(problems)


def _faults(values: Mapping[str, Any], currency: str) -> list[Problem]:
    """What is wrong with a deal's stage, probability and amounts."""
    problems = []

    def need(holds: bool, message: str, field: str) -> None:
        if not holds:
            problems.append(Problem(ProblemCode.INVALID, message, (field,)))

    need(bool(values["stage"].strip()), "an opportunity needs a stage", "stage")
    need(ZERO <= values["probability"] <= ONE, f"{values['probability']} is no probability; expected 0 to 1", "probability")
    need(values["outcome"] is not Outcome.WON or values["amount"] is not None, "a won opportunity needs an amount", "amount")
    unit = quantum(currency)
    for column, field in (("amount", "amount"), ("list_amount", "listAmount")):
        amount = values[column]
        need(
            amount is None or (amount >= 0 and not amount % unit),
            f"{amount} is no amount; expected zero or more {currency}, in steps of {unit}",
            field,
        )
    return problems


def _moved(command: OpportunityMove, before: RowMapping, today: date) -> dict[str, Any]:
    """The columns of a deal that a move decides. Raises Refused for a reopened deal about which too little is said."""
    decided = {Outcome.WON: (ONE, ForecastCategory.CLOSED), Outcome.LOST: (ZERO, ForecastCategory.OMITTED)}
    if command.outcome is None and before["outcome"] is not None and None in (command.probability, command.forecast_category):
        field = "probability" if command.probability is None else "forecastCategory"
        raise refuse(ProblemCode.INVALID, "a deal that is opened again needs a probability and a forecast category", [field])
    probability, category = decided[command.outcome] if command.outcome else (before["probability"], before["forecast_category"])
    return {
        "stage": command.stage,
        "outcome": command.outcome,
        "closed_on": (command.closed_on or today) if command.outcome else None,
        "amount": command.amount if command.amount is not None else before["amount"],
        "list_amount": before["list_amount"],
        "probability": command.probability if command.probability is not None else probability,
        "forecast_category": command.forecast_category or category,
    }
