"""Events: what happened, in order, as it was told then."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from spm_graph.domain.terms import AdjustmentReason, DisputeState, Outcome, PeriodKind, RunState
from spm_graph.reading.fields import column, described, embedded, reads, value
from spm_graph.store.tables import event

from ..scalars import Cursor, Position
from .pages import Money, Quantity, ticked


@described
class EventRep:
    """A rep as the directory had them when something happened."""

    id: strawberry.ID = strawberry.field(description="The rep's id.")
    external_id: str | None = strawberry.field(description="Their key in the CRM.")
    name: str = strawberry.field(description="Their name.")
    title: str | None = strawberry.field(description="What they were called at work.")


@described
class EventPeriod:
    """A period as it was when something happened."""

    id: strawberry.ID = strawberry.field(description="The period's id.")
    name: str = strawberry.field(description="Its name.")
    kind: PeriodKind = strawberry.field(description="Its length.")
    starts: date = strawberry.field(description="Its first day.")
    ends: date = strawberry.field(description="The day after its last one.")


@described
class EventOpportunity:
    """An opportunity as it was when something happened."""

    id: strawberry.ID = strawberry.field(description="The opportunity's id.")
    external_id: str | None = strawberry.field(description="Its key in the CRM.")
    name: str = strawberry.field(description="Its name.")


def told(name: str, description: str) -> Any:
    """What the event was told with, under this name."""
    return embedded(f"({{payload}} -> '{name}')", description)


@reads(event.name, event)
@strawberry.interface(description="Something that happened. Its numbers are those of its position, whenever it is read.")
class Event:
    """What all events have."""

    cursor: Cursor = value("concat_ws('.', {position}, {ordinal})", "Where it is in the stream: read on from here.")
    at: datetime = value(ticked("at"), "When it happened.")
    position: Position = column(event.c.position, "The position of the transaction that it happened in.")


@described
class AttainmentChange(Event):
    """A rep's attainment changed: one event for each measure and each month, quarter and year that is concerned."""

    rep: EventRep = told("rep", "Whose attainment it is.")
    measure: str = told("measure", "The name of the measure.")
    period: EventPeriod = told("period", "The period.")
    credited: Quantity = told("credited", "What is credited in the period now.")
    quota: Quantity | None = told("quota", "What is expected in the period. Null: nothing was set.")
    ratio: Decimal | None = told("ratio", "Credited divided by quota: 1 is on quota.")


@described
class DisputeOpened(Event):
    """A rep doubts an earning, or what a deal paid."""

    rep: EventRep = told("rep", "Who doubts it.")
    dispute: strawberry.ID = told("dispute", "The dispute's id.")
    about: strawberry.ID = told("about", "The id of the earning, or of the deal.")
    state: DisputeState = told("state", "That it is open.")


@described
class DisputeResolved(Event):
    """A dispute was answered."""

    rep: EventRep = told("rep", "Whose dispute it is.")
    dispute: strawberry.ID = told("dispute", "The dispute's id.")
    about: strawberry.ID = told("about", "The id of the earning, or of the deal.")
    state: DisputeState = told("state", "How it was answered.")


@described
class EarningAdjusted(Event):
    """A rep's pay was adjusted by hand."""

    rep: EventRep = told("rep", "Whose pay it is.")
    period: EventPeriod = told("period", "The pay period that it is paid in.")
    adjustment: strawberry.ID = told("adjustment", "The adjustment's id.")
    reason: AdjustmentReason = told("reason", "Why.")
    amount: Money = told("amount", "How much. Negative: taken back.")


@described
class EarningsPosted(Event):
    """Earnings of a rep were booked in the ledger."""

    rep: EventRep = told("rep", "Who earned them.")
    period: EventPeriod = told("period", "The pay period that they are paid in.")
    posting: strawberry.ID = told("posting", "The posting's id.")
    amount: Money = told("amount", "Their sum.")


@described
class EventComponent:
    """What one component would pay, as an event tells it."""

    component: strawberry.ID = strawberry.field(description="The component's id.")
    name: str = strawberry.field(description="What it was called.")
    amount: Money = strawberry.field(description="What it would pay.")


@described
class EstimateChange(Event):
    """What a rep would be paid if a pay period ended now is another amount, or can't be calculated any more."""

    rep: EventRep = told("rep", "Whose pay it is.")
    period: EventPeriod = told("period", "The pay period.")
    total: Money | None = told("total", "What would be booked in the pay period. Null: it can't be calculated.")
    by_component: list[EventComponent] = told("byComponent", "The same by component.")
    reflects: Position = told("reflects", "The position of the facts that it was calculated from.")
    problem: str | None = told("problem", "Why it can't be calculated. Null: it can.")


@described
class OpportunityMoved(Event):
    """An opportunity came up, changed its stage, or was decided."""

    opportunity: EventOpportunity = told("opportunity", "The opportunity.")
    owner: EventRep = told("owner", "Whose deal it is.")
    from_stage: str | None = told("fromStage", "The stage that it was in. Null: it is new.")
    to_stage: str = told("toStage", "The stage that it is in.")
    outcome: Outcome | None = told("outcome", "How it ended. Null: it is open.")
    amount: Money | None = told("amount", "What it is worth.")


@described
class PeriodClosed(Event):
    """A pay period closed for good."""

    period: EventPeriod = told("period", "The pay period.")


@described
class PlanAccepted(Event):
    """A rep accepted the text of a plan."""

    rep: EventRep = told("rep", "Who accepted it.")
    plan: str = told("plan", "The plan's name.")
    plan_version: strawberry.ID = told("planVersion", "The id of the version whose text it is.")
    version: int = told("version", "That version's number within the plan.")


@described
class StatementPaid(Event):
    """A pay period closed, and this is what it pays a rep."""

    rep: EventRep = told("rep", "Who is paid.")
    period: EventPeriod = told("period", "The pay period.")
    amount: Money = told("amount", "How much.")


@described
class RunProgress(Event):
    """A run was started, went on, was posted or was cancelled."""

    run: strawberry.ID = told("run", "The run's id.")
    state: RunState = told("state", "Where it is in its life.")
    shards: int = told("shards", "How many parts it is calculated in.")
    shards_done: int = told("shardsDone", "How many of them are done.")


@described
class WebhookDisabled(Event):
    """A webhook failed for so long that nothing is sent to it any more, until it is enabled again."""

    webhook: strawberry.ID = told("webhook", "The webhook's id.")
    name: str = told("name", "What it is for.")
    attempts: int = told("attempts", "How often the event that it failed on was sent.")
    problem: str | None = told("problem", "What was wrong at last.")


EVENTS = tuple(Event.__subclasses__())


@described
class EventPage:
    """Events in the order in which they happened."""

    nodes: list[Event] = column("nodes", "The events.")
    cursor: Cursor = column("cursor", "Where to read on: give it to `after`, or to a subscription.")
    has_more: bool = column("has_more", "Whether there is more to read at once.")
