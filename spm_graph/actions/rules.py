"""Crediting rules: who is credited on top of a deal's own people, by product and by territory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, Role
from spm_graph.store import clock, history
from spm_graph.store.database import Transaction
from spm_graph.store.tables import crediting_rule, product, rep, territory
from spm_graph.store.visibility import Actor

from .crediting import recredit
from .dating import require_later
from .refs import Ref, by_ref
from .result import Result

MOST_SHARE = 10

# Corrections are credited as what they correct, on its date.
DATED = """
with recursive dated(id) as (
    select id from transaction where corrects_id is null and dated <@ daterange(cast(:starts as date), cast(:ends as date))
    union select correction.id from dated join transaction as correction on correction.corrects_id = dated.id
)
select id from dated
"""


@dataclass(frozen=True)
class CreditingRuleSet:
    """Who is credited on top of a deal's owner or split. Without product, family and territory: on every deal."""

    name: Annotated[str, "The rule's name: another one of that name takes its place."]
    role: Annotated[Role, "OVERLAY, for a rep who is named; TERRITORY, for the reps of the account's territory on the deal's date."]
    starts: Annotated[date, "The first day whose deals it is for."]
    ends: Annotated[date | None, "The first day whose deals it is no longer for; none: for ever."] = None
    rep: Annotated[Ref | None, "Who is credited, for an overlay."] = None
    territory: Annotated[Ref | None, "Only deals with accounts in this territory, or in those inside it."] = None
    product: Annotated[Ref | None, "Only deals of this product."] = None
    product_family: Annotated[str | None, "Only deals of products of this family."] = None
    share: Annotated[Decimal, "The share of the deal that they are credited with: 1 is all of it."] = Decimal(1)


async def set_rule(tx: Transaction, actor: Actor, command: CreditingRuleSet) -> Result:
    """Set a crediting rule. Deals of its dates, and of those that it had before, are credited again."""
    actor.require(Grant.PLAN)
    if not actor.sees_all:
        raise refuse(ProblemCode.NOT_PERMITTED, "A crediting rule is everybody's: setting one needs the grant SEE_ALL beside PLAN.")
    _check(command)
    position = await clock.tick(tx, actor.name, "creditingRuleSet")
    effective = history.effective(command.starts, command.ends)
    values = {
        "role": command.role,
        "rep_id": (await by_ref(tx, rep, command.rep, ["rep"]))["id"] if command.rep else None,
        "territory_id": (await by_ref(tx, territory, command.territory, ["territory"]))["id"] if command.territory else None,
        "product_id": (await by_ref(tx, product, command.product, ["product"]))["id"] if command.product else None,
        "product_family": command.product_family,
        "share": command.share,
        "effective": effective,
    }
    before = await tx.scalar(select(crediting_rule.c.effective).where(crediting_rule.c.name == command.name))
    statement = insert(crediting_rule).values(name=command.name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    rule_id = await tx.scalar(statement.returning(crediting_rule.c.id))
    concerned = {
        row["id"]
        for span in (before, effective)
        if span is not None
        for row in await tx.rows(DATED, {"starts": span.lower, "ends": span.upper})
    }
    await recredit(tx, position, concerned)
    return Result(position, {"crediting_rule_id": rule_id})


def _check(command: CreditingRuleSet) -> None:
    if not command.name.strip():
        raise refuse(ProblemCode.INVALID, "a rule needs a name", ["name"])
    if command.role not in (Role.OVERLAY, Role.TERRITORY):
        raise refuse(ProblemCode.INVALID, f"{command.role} follows from the deal itself; expected OVERLAY or TERRITORY", ["role"])
    if (command.role is Role.OVERLAY) != (command.rep is not None):
        raise refuse(ProblemCode.INVALID, "an overlay names the rep who is credited, and a territory's credit names nobody", ["rep"])
    if not 0 < command.share <= MOST_SHARE:
        raise refuse(ProblemCode.INVALID, f"{command.share} is no share; expected above 0 and at most {MOST_SHARE}", ["share"])
    require_later(command.starts, command.ends)
