"""Webhooks: addresses that events are sent to, for integrators without a connection of their own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from sqlalchemy import RowMapping, func, insert, select, update

from spm_graph.domain import cursor, signature
from spm_graph.domain.cursor import LAST
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import EventKind, Grant, WebhookState
from spm_graph.incentive_types import Id
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from spm_graph.store.tables import clock as clock_table
from spm_graph.store.tables import event_horizon, webhook, webhook_progress, webhook_secret
from spm_graph.store.visibility import Actor

from .keys import LONGEST_NAME
from .refs import Ref, by_id, visible_rep
from .result import Result

LONGEST_URL = 2_000
FORMER_HOURS = 24


@dataclass(frozen=True)
class WebhookCreate:
    """An address that events are sent to, in order, each until it is taken."""

    name: Annotated[str, "What it is for: the audit shows it."]
    url: Annotated[str, "Where events are sent by POST: an https address of the public internet."]
    kinds: Annotated[tuple[EventKind, ...], "Which events; empty: all of them."] = ()
    rep: Annotated[Ref | None, "Only events that this rep may see; none: all events."] = None
    after: Annotated[str | None, "The cursor of the last event that is known there; from now on, unless given."] = None


@dataclass(frozen=True)
class WebhookDisable:
    """A webhook that nothing is sent to for the time being."""

    webhook: Annotated[Id, "The webhook's id, as in webhook_12."]


@dataclass(frozen=True)
class WebhookEnable:
    """A webhook that goes on where it stopped."""

    webhook: Annotated[Id, "The webhook's id, as in webhook_12."]


@dataclass(frozen=True)
class WebhookReplay:
    """A webhook that is sent again what happened behind a cursor."""

    webhook: Annotated[Id, "The webhook's id, as in webhook_12."]
    after: Annotated[str, "The cursor behind which everything is sent again: `0` for all of it."]


@dataclass(frozen=True)
class WebhookSecretRotate:
    """A webhook that gets another secret. For a day messages are signed with both."""

    webhook: Annotated[Id, "The webhook's id, as in webhook_12."]


async def create(tx: Transaction, actor: Actor, command: WebhookCreate) -> Result:
    """Register an address. The outcome's `secret` is the only time that it is told.

    Whether the address is a public one is seen when something is sent: what a name stands for may change.
    """
    actor.require(Grant.ADMIN)
    name = command.name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise refuse(ProblemCode.INVALID, f"expected a name of 1 to {LONGEST_NAME} printable characters", ["name"])
    _check_url(command.url)
    position = await clock.tick(tx, actor.name, "webhookCreate")
    start = await _standing(tx, _cursor(command.after, ["after"]), ["after"]) if command.after is not None else (position, LAST)
    rep = await visible_rep(tx, actor, command.rep, ["rep"]) if command.rep else None
    values = {
        "name": name,
        "url": command.url,
        "kinds": sorted({kind.value for kind in command.kinds}),
        "rep_id": rep["id"] if rep else None,
        "state": WebhookState.ENABLED,
        "created_at": func.now(),
    }
    webhook_id = await tx.scalar(insert(webhook).values(values).returning(webhook.c.id))
    secret = secrets.token_bytes(signature.SECRET_BYTES)
    await tx.execute(insert(webhook_secret).values(webhook_id=webhook_id, secret=secret))
    await tx.execute(insert(webhook_progress).values(webhook_id=webhook_id, position=start[0], ordinal=start[1], due_at=func.now()))
    return Result(position, {"webhook_id": webhook_id, "secret": signature.written(secret)})


async def disable(tx: Transaction, actor: Actor, command: WebhookDisable) -> Result:
    """Send nothing there until it is enabled again; what happens meanwhile is not lost."""
    return await _turned(tx, actor, command.webhook, "webhookDisable", WebhookState.DISABLED)


async def enable(tx: Transaction, actor: Actor, command: WebhookEnable) -> Result:
    """Go on where it stopped, at once: also where it was disabled for failing too long.

    Refused where events that it has yet to take are gone: replay it from a cursor that stands, and enable it then.
    """
    return await _turned(tx, actor, command.webhook, "webhookEnable", WebhookState.ENABLED)


async def replay(tx: Transaction, actor: Actor, command: WebhookReplay) -> Result:
    """Send what is behind a cursor, in order: again what was sent before, with the ids that it had."""
    actor.require(Grant.ADMIN)
    position = await clock.tick(tx, actor.name, "webhookReplay")
    found = await by_id(tx, webhook, "webhook", command.webhook, ["webhook"])
    start = await _standing(tx, _cursor(command.after, ["after"]), ["after"])
    await _goes_on(tx, found, position=start[0], ordinal=start[1])
    return Result(position, {"webhook_id": found["id"]})


async def rotate(tx: Transaction, actor: Actor, command: WebhookSecretRotate) -> Result:
    """Make another secret, told this once. The former one signs for a day beside it, so that receivers can change over."""
    actor.require(Grant.ADMIN)
    position = await clock.tick(tx, actor.name, "webhookSecretRotate")
    found = await by_id(tx, webhook, "webhook", command.webhook, ["webhook"])
    secret = secrets.token_bytes(signature.SECRET_BYTES)
    changed = {
        "secret": secret,
        "former": webhook_secret.c.secret,
        "former_until": func.now() + func.make_interval(0, 0, 0, 0, FORMER_HOURS),
    }
    await tx.execute(update(webhook_secret).where(webhook_secret.c.webhook_id == found["id"]).values(changed))
    return Result(position, {"webhook_id": found["id"], "secret": signature.written(secret)})


async def _turned(tx: Transaction, actor: Actor, given: Id, action: str, state: WebhookState) -> Result:
    actor.require(Grant.ADMIN)
    position = await clock.tick(tx, actor.name, action)
    found = await by_id(tx, webhook, "webhook", given, ["webhook"])
    if found["state"] == state:
        raise refuse(ProblemCode.WRONG_STATE, f"the webhook is {state.lower()} already", ["webhook"])
    if state is WebhookState.ENABLED:
        at = await tx.row(select(webhook_progress).where(webhook_progress.c.webhook_id == found["id"]))
        assert at is not None, "every webhook is somewhere"
        await _standing(tx, (at["position"], at["ordinal"]), ["webhook"])
    await tx.execute(update(webhook).where(webhook.c.id == found["id"]).values(state=state))
    await _goes_on(tx, found)
    return Result(position, {"webhook_id": found["id"]})


async def _goes_on(tx: Transaction, found: RowMapping, **where: int) -> None:
    """Begin anew with trying, at once; whoever is sending just now sees that by the cursor."""
    mine = webhook_progress.c.webhook_id == found["id"]
    await tx.execute(select(webhook_progress.c.webhook_id).where(mine).with_for_update())
    await tx.execute(update(webhook_progress).where(mine).values(failures=0, failing_since=None, due_at=func.now(), **where))


def _cursor(given: str, path: list[str]) -> tuple[int, int]:
    try:
        return cursor.read(given)
    except ValueError:
        raise refuse(ProblemCode.INVALID, f'"{given:.40}" is no cursor; expected one that an event or `position` told', path) from None


async def _standing(tx: Transaction, at: tuple[int, int], path: list[str]) -> tuple[int, int]:
    """The cursor, if everything behind it is still kept and it does not lie ahead; otherwise a refusal."""
    horizon = int(await tx.scalar(select(event_horizon.c.position)))
    now = int(await tx.scalar(select(clock_table.c.position)))
    if horizon and at < (horizon, LAST):
        message = f"events behind this cursor are gone: replay from {horizon} on, which is the earliest that is kept"
        raise refuse(ProblemCode.CURSOR_EXPIRED, message, path)
    if at[0] > now:
        raise refuse(ProblemCode.INVALID, f"the cursor lies ahead: it is {now} now", path)
    return at


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or len(url) > LONGEST_URL or not url.isascii() or any(sign.isspace() or not sign.isprintable() for sign in url):
        raise refuse(
            ProblemCode.INVALID, f"expected an address as in https://example.com/events, {LONGEST_URL} characters at most", ["url"]
        )
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise refuse(ProblemCode.INVALID, "an address must not have a user, a password or a fragment: messages are signed", ["url"])
