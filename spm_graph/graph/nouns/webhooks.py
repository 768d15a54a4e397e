"""Where events are sent, how far that is, and the log of it."""

from __future__ import annotations

from datetime import datetime

from spm_graph.domain.cursor import LAST
from spm_graph.domain.terms import EventKind, WebhookState
from spm_graph.reading.declarations import NEWEST_FIRST
from spm_graph.reading.fields import column, node, one, record, value
from spm_graph.reading.filters import matches, narrowing, with_words
from spm_graph.store.tables import webhook, webhook_attempt

from ..scalars import Cursor
from .directory import RepCard
from .orders import RECORDED, orders
from .pages import Connection, Node, page


def progress(expression: str) -> str:
    """Something of how far a webhook is."""
    return f"(select {expression} from webhook_progress as progress where progress.webhook_id = {{id}})"


@record(webhook_attempt.name, webhook_attempt)
class WebhookAttempt:
    """One message that was sent, or could not be."""

    event: Cursor = value("concat_ws('.', {position}, {ordinal})", "The cursor of the event that it tells.")
    number: int = column(webhook_attempt.c.number, "Which attempt it was for this event: 1 is the first.")
    at: datetime = column(webhook_attempt.c.at, "When it ended.")
    milliseconds: int = column(webhook_attempt.c.milliseconds, "How long it took.")
    status: int | None = column(webhook_attempt.c.status, "The HTTP status of the answer: 200 to 299 means taken. Null: there was none.")
    problem: str | None = column(webhook_attempt.c.problem, "Why there was no answer.")


@narrowing("Which attempts are wanted.")
class WebhookAttemptWhere:
    """A filter: each field narrows it further."""

    failed: bool | None = matches(
        "(coalesce({status}, 0) not between 200 and 299) = {value}", "True: those in vain. False: those that were taken."
    )
    at_from: datetime | None = matches("{at} >= {value}", "Those that ended at this moment or later.")
    at_before: datetime | None = matches("{at} < {value}", "Those that ended before this moment.")


ATTEMPT_ORDERS = orders("WebhookAttemptOrder", "How attempts can be ordered.", **RECORDED)


@node(webhook, "webhook")
class Webhook(Node):
    """An address that events are sent to by POST, in order, each until it is taken, signed as Standard Webhooks has it."""

    name: str = column(webhook.c.name, "What it is for; the audit shows it.")
    url: str = column(webhook.c.url, "Where events are sent.")
    kinds: list[EventKind] = column(webhook.c.kinds, "Which events are sent. Empty: all of them.")
    rep: RepCard | None = one(webhook.c.rep_id, "Only events that this rep may see are sent. Null: all of them.")
    state: WebhookState = column(webhook.c.state, "Whether events are sent.")
    created_at: datetime = column(webhook.c.created_at, "When it was registered.")
    cursor: Cursor | None = value(
        progress(f"concat_ws('.', progress.position, nullif(progress.ordinal, {LAST}))"),
        "The last event that was taken, or that didn't concern it; a position alone is all that happened there.",
    )
    lag: int | None = value(
        progress("greatest((select position from clock) - progress.position, 0)"), "How many positions of the clock it is behind."
    )
    failures: int | None = value(progress("progress.failures"), "How often the next event was sent in vain.")
    failing_since: datetime | None = value(progress("progress.failing_since"), "Since when it fails. Null: it doesn't.")
    next_attempt_at: datetime | None = value(
        progress("case when progress.failures > 0 and {state} = 'ENABLED' then progress.due_at end"),
        "When the event that was sent in vain is sent again. Null: it doesn't fail, or nothing is sent.",
    )
    attempts: Connection[WebhookAttempt] = page(
        webhook_attempt.c.webhook_id,
        "What was sent in the last 30 days, the latest first.",
        order=NEWEST_FIRST,
        filters=WebhookAttemptWhere,
        orders=ATTEMPT_ORDERS,
    )


@narrowing("Which webhooks are wanted.")
class WebhookWhere:
    """A filter: each field narrows it further."""

    state: WebhookState | None = matches("{state} = {value}", "Those in this state.")
    failing: bool | None = matches(
        f"(coalesce({progress('progress.failures')}, 0) > 0) = {{value}}",
        "True: those whose next event was sent in vain. False: all others.",
    )
    search: str | None = with_words()
