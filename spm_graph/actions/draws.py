"""Draws: pay that a rep gets in a month whatever is earned, as an advance or as a guarantee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from spm_graph.domain.money import quantum
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import DrawKind, Grant
from spm_graph.incentive_types import Id
from spm_graph.store import clock, history, paid_in
from spm_graph.store.database import Transaction
from spm_graph.store.tables import component, draw
from spm_graph.store.visibility import Actor

from .dating import require_later
from .refs import Ref, by_id, visible_rep
from .result import Result


@dataclass(frozen=True)
class DrawSet:
    """What a rep is topped up to in each month of some dates."""

    rep: Annotated[Ref, "Who gets it."]
    monthly: Annotated[
        Decimal | None,
        "For a whole month, in the currency that the rep is paid in on the first day; none: there is no draw over these dates.",
    ]
    starts: Annotated[date, "The first day that it holds."]
    ends: Annotated[date | None, "The first day that it no longer holds; none: for ever."] = None
    kind: Annotated[DrawKind, "Whether it is paid back."] = DrawKind.RECOVERABLE
    prorated: Annotated[
        bool, "Whether a month that it or the rep's employment covers in part gives its part of the draw by days, or all of it."
    ] = True
    recovery_starts: Annotated[date | None, "From the month of this day on it is recovered; none: at once."] = None
    recovery_share: Annotated[Decimal, "How much of what a month brings above the draw goes into recovery: 0.5 is half."] = Decimal(1)
    forgiven_on: Annotated[date | None, "For a draw that is forgiven: from the month of this day on, nothing is owed."] = None
    protected: Annotated[
        tuple[Id, ...], "Components whose earnings are paid on top: they neither use up the draw nor go into recovery."
    ] = ()


async def set_draw(tx: Transaction, actor: Actor, command: DrawSet) -> Result:
    """Set a rep's draw over some dates. Months that are closed stay as they are."""
    actor.require(Grant.PLAN)
    _check(command)
    position = await clock.tick(tx, actor.name, "drawSet")
    who = await visible_rep(tx, actor, command.rep, ["rep"])
    values = None
    if command.monthly is not None:
        paid = (await paid_in.read(tx, [who["id"]]))[who["id"]]
        currency = paid.on(command.starts)
        if changed := [
            each for each in paid.changes if each.starts > command.starts and (command.ends is None or each.starts < command.ends)
        ]:
            message = f"{who['name']} is paid in {changed[0].currency} from {changed[0].starts} on: end the draw then, and set another"
            raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["ends"])
        unit = quantum(currency)
        if command.monthly <= 0 or command.monthly % unit:
            raise refuse(ProblemCode.INVALID, f"{command.monthly} is no draw; expected more than zero, in steps of {unit}", ["monthly"])
        protected = [(await by_id(tx, component, "component", given, ["protected"]))["id"] for given in command.protected]
        values = {
            "kind": command.kind,
            "monthly": command.monthly,
            "currency": currency,
            "prorated": command.prorated,
            "recovery_starts": command.recovery_starts,
            "recovery_share": command.recovery_share,
            "forgiven_on": command.forgiven_on,
            "protected": sorted(set(protected)),
        }
    await history.supersede(tx, draw, {"rep_id": who["id"]}, command.starts, command.ends, values)
    return Result(position, {"rep_id": who["id"]})


def _check(command: DrawSet) -> None:
    require_later(command.starts, command.ends)
    if not 0 < command.recovery_share <= 1:
        message = f"{command.recovery_share} is no share of the excess; expected above 0 and at most 1"
        raise refuse(ProblemCode.INVALID, message, ["recoveryShare"])
    forgiven = command.kind is DrawKind.RECOVERABLE_THEN_FORGIVEN
    if forgiven != (command.forgiven_on is not None) and command.monthly is not None:
        message = "a draw that is forgiven needs the day from which it is" if forgiven else f"a {command.kind} draw is never forgiven"
        raise refuse(ProblemCode.INVALID, message, ["forgivenOn"])
