"""Territories: a hierarchy of places or markets, who works them, and which accounts are in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from sqlalchemy import Table, delete, insert, select, update

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import AccountAttribute, Backdating, Grant
from spm_graph.store import clock, history
from spm_graph.store.database import Transaction
from spm_graph.store.tables import account, account_territory, territory, territory_assignment, territory_rule
from spm_graph.store.visibility import Actor

from .accounts import leads_to, require_named
from .crediting import recredit
from .dating import require_decided, require_later, takes_effect
from .refs import Ref, by_ref, visible_rep
from .result import Result

# An account is in the territories all of whose rules it fulfils. Where it was put by hand, on that day or later, it stays.
DUE = """
with matching as (
    select account.id as account_id, rule.territory_id
    from territory_rule as rule cross join account
    group by account.id, rule.territory_id
    having bool_and(
        coalesce(case rule.attribute when 'INDUSTRY' then account.industry else account.country end = any(rule.accepted), false)
    )
),
held as (
    select account_id, territory_id,
           bool_or(not by_rule) as by_hand,
           bool_or(by_rule and lower(effective) <= :starts and upper_inf(effective)) as for_good
    from account_territory
    where effective && daterange(cast(:starts as date), null)
    group by account_id, territory_id
)
select account_id, territory_id, matching.account_id is not null as wanted, held.account_id is not null as is_held
from matching full join held using (account_id, territory_id)
where not coalesce(held.by_hand, false) and (matching.account_id is null or not coalesce(held.for_good, false))
order by account_id, territory_id
"""

# What accounts bought since a day, and all that corrects it.
SOLD_TO = """
with recursive sold(id) as (
    select transaction.id
    from unnest(cast(:accounts as bigint[])) as given(account_id)
    join transaction on transaction.account_id = given.account_id and transaction.dated >= coalesce(cast(:starts as date), '-infinity')
    union
    select correction.id from sold join transaction as correction on correction.corrects_id = sold.id
)
select id from sold
"""

PLACED = """
with recursive inside(id) as (
    select unnest(cast(:territories as bigint[]))
    union
    select part.id from inside join territory as part on part.parent_id = inside.id where :deep
)
select distinct account_id from account_territory join inside on inside.id = territory_id
where effective && daterange(cast(:starts as date), null)
"""


@dataclass(frozen=True)
class TerritoryRuleGiven:
    """One condition for accounts to be in a territory."""

    attribute: Annotated[AccountAttribute, "What it looks at."]
    values: Annotated[tuple[str, ...], "What it has to be: one of these."]


@dataclass(frozen=True)
class TerritoryUpsert:
    """A territory as it should be: made if the external id is new, changed otherwise."""

    external_id: Annotated[str, "The territory's key in the company's CRM."]
    name: Annotated[str, "The territory's name."]
    parent: Annotated[Ref | None, "The territory that it is a part of."] = None
    rules: Annotated[
        tuple[TerritoryRuleGiven, ...],
        "Which accounts belong to it: those that fulfil all of these. `accountsAssignByRules` applies them; without rules, none do.",
    ] = ()


@dataclass(frozen=True)
class TerritoryAssign:
    """Who works a territory, or which account is in it, or no longer, in which dates."""

    territory: Annotated[Ref, "The territory."]
    starts: Annotated[date, "The first day."]
    ends: Annotated[date | None, "The first day no longer; none: for ever."] = None
    rep: Annotated[Ref | None, "Who works it; or else give `account`."] = None
    account: Annotated[Ref | None, "Which account is in it; or else give `rep`."] = None
    backdating: Annotated[Backdating | None, "For a day in the past: what becomes of the credits made since then."] = None
    assigned: Annotated[bool, "False takes it out in these dates; rules that are applied later may put an account in again."] = True


@dataclass(frozen=True)
class AccountsAssignByRules:
    """The territories' rules, applied to all accounts."""

    starts: Annotated[date, "The first day on which the accounts are where the rules say."]
    backdating: Annotated[Backdating | None, "For a day in the past: what becomes of the credits made since then."] = None


async def upsert(tx: Transaction, actor: Actor, command: TerritoryUpsert) -> Result:
    """Make or change a territory, its place in the hierarchy, and its rules. Deals in one that moves are credited again."""
    _require_planner(actor, "Changing territories")
    require_named("a territory", command.external_id, command.name)
    _check(command)
    position = await clock.tick(tx, actor.name, "territoryUpsert")
    above = await by_ref(tx, territory, command.parent, ["parent"]) if command.parent else None
    before = await tx.row(select(territory).where(territory.c.external_id == command.external_id))
    if before is not None and above is not None and await leads_to(tx, territory, above["id"], before["id"]):
        raise refuse(ProblemCode.CYCLE, f"{above['name']} is a part of {command.name}, directly or not", ["parent"])
    values = {"name": command.name, "parent_id": above["id"] if above is not None else None}
    if before is None:
        known = await tx.scalar(insert(territory).values(external_id=command.external_id, **values).returning(territory.c.id))
    else:
        known = before["id"]
        await tx.execute(update(territory).where(territory.c.id == known).values(**values))
        if before["parent_id"] != values["parent_id"]:
            await recredit(tx, position, await _sold_to(tx, await _placed(tx, [known], None, deep=True), None))
    await tx.execute(delete(territory_rule).where(territory_rule.c.territory_id == known))
    rules = [{"territory_id": known, "attribute": rule.attribute, "accepted": list(dict.fromkeys(rule.values))} for rule in command.rules]
    if rules:
        await tx.execute(insert(territory_rule), rules)
    return Result(position, {"territory_id": known})


async def assign(tx: Transaction, actor: Actor, command: TerritoryAssign) -> Result:
    """Let a rep work a territory, or an account be in it, in some dates, or no longer."""
    actor.require(Grant.PLAN)
    if (command.rep is None) == (command.account is None):
        raise refuse(ProblemCode.INVALID, "give either `rep` or `account`", ["rep"])
    if command.account is not None:
        _require_planner(actor, "Moving accounts")
    require_decided(command.starts, tx.today, command.backdating)
    require_later(command.starts, command.ends)
    position = await clock.tick(tx, actor.name, "territoryAssign")
    where = await by_ref(tx, territory, command.territory, ["territory"])
    keys: dict[str, Any] = {"territory_id": where["id"]}
    table: Table
    if command.rep is not None:
        keys["rep_id"] = (await visible_rep(tx, actor, command.rep, ["rep"]))["id"]
        table, values = territory_assignment, {}
    else:
        assert command.account is not None, "either a rep or an account is given"
        keys["account_id"] = (await by_ref(tx, account, command.account, ["account"]))["id"]
        table, values = account_territory, {"by_rule": False}
    starts = takes_effect(command.starts, tx.today, command.backdating)
    if command.ends is None or command.ends > starts:
        await history.supersede(tx, table, keys, starts, command.ends, values if command.assigned else None)
        moved = [keys["account_id"]] if command.account else await _placed(tx, [where["id"]], starts)
        await recredit(tx, position, await _sold_to(tx, moved, starts))
    return Result(position, keys)


async def assign_by_rules(tx: Transaction, actor: Actor, command: AccountsAssignByRules) -> Result:
    """Put accounts where the territories' rules say from a day on, and take them out where rules had put them before."""
    _require_planner(actor, "Moving accounts")
    require_decided(command.starts, tx.today, command.backdating)
    position = await clock.tick(tx, actor.name, "accountsAssignByRules")
    starts = takes_effect(command.starts, tx.today, command.backdating)
    due = await tx.rows(DUE, {"starts": starts})
    wanted = [{"account_id": row["account_id"], "territory_id": row["territory_id"]} for row in due if row["wanted"]]
    for row in due:
        if row["is_held"]:
            keys = {"account_id": row["account_id"], "territory_id": row["territory_id"]}
            await history.supersede(tx, account_territory, keys, starts)
    if wanted:
        shared = {"effective": history.effective(starts, None), "by_rule": True}
        await tx.execute(insert(account_territory), [{**keys, **shared} for keys in wanted])
    await recredit(tx, position, await _sold_to(tx, [row["account_id"] for row in due], starts))
    return Result(position, {"assigned": len(wanted), "removed": len(due) - len(wanted)})


async def sold_by(tx: Transaction, rep_id: int, starts: date) -> list[int]:
    """What was sold since a day to the accounts in the territories that a rep works from that day on."""
    later = territory_assignment.c.effective.op("&&")(history.effective(starts, None))
    held = await tx.rows(select(territory_assignment.c.territory_id).where(territory_assignment.c.rep_id == rep_id, later))
    return await _sold_to(tx, await _placed(tx, [row["territory_id"] for row in held], starts), starts)


async def _placed(tx: Transaction, territories: Sequence[int], starts: date | None, deep: bool = False) -> list[int]:
    """The accounts that are in these territories, or inside them, on some day since."""
    return [row["account_id"] for row in await tx.rows(PLACED, {"territories": territories, "starts": starts, "deep": deep})]


async def _sold_to(tx: Transaction, accounts: Sequence[int], starts: date | None) -> list[int]:
    return [row["id"] for row in await tx.rows(SOLD_TO, {"accounts": accounts, "starts": starts})]


def _require_planner(actor: Actor, what: str) -> None:
    """Territories and where accounts are concern everybody who sells."""
    actor.require(Grant.PLAN)
    if not actor.sees_all:
        raise refuse(ProblemCode.NOT_PERMITTED, f"{what} needs the grant SEE_ALL beside PLAN.")


def _check(command: TerritoryUpsert) -> None:
    seen: set[AccountAttribute] = set()
    for index, rule in enumerate(command.rules):
        if rule.attribute in seen:
            message = f"two rules look at {rule.attribute}: name all of its values in one"
            raise refuse(ProblemCode.DUPLICATE, message, ["rules", str(index), "attribute"])
        if not rule.values or not all(value.strip() for value in rule.values):
            raise refuse(ProblemCode.INVALID, "a rule needs values, none of them blank", ["rules", str(index), "values"])
        seen.add(rule.attribute)
