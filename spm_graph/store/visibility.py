"""Who may see what: one predicate for each table, compiled into every statement that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant

from .database import Transaction
from .predicates import (
    ABOVE,
    DEAL_OF_ROW,
    FEW,
    FEW_DEALS,
    FEW_TRANSACTIONS,
    SEEN,
    SEEN_BY,
    VISIBLE_REP,
    assigned,
    credited,
    deal,
    published,
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a rep, or a service, with the grants that widen what it sees and may do. `name` goes into the audit."""

    name: str
    rep_id: int | None
    grants: frozenset[Grant]

    def may(self, grant: Grant) -> bool:
        """Whether the actor holds the grant."""
        return grant in self.grants

    def require(self, grant: Grant) -> None:
        """Refuse with NOT_PERMITTED unless the actor holds the grant."""
        if grant not in self.grants:
            raise refuse(ProblemCode.NOT_PERMITTED, f"This needs the grant {grant.value}.")

    @property
    def sees_all(self) -> bool:
        """Whether the actor sees every rep's data."""
        return Grant.SEE_ALL in self.grants


@dataclass(frozen=True, slots=True)
class Rule:
    """Who sees the rows of a table: those with one of `grants` all of them, everybody else those where `predicate` holds.

    The predicate is SQL over the table `visible_rep`; `{row}` stands for the row's alias. None: everybody sees all.
    `besides` are the predicates of what a grant shows in addition. `few` says the same as `predicate`, in parts that have no
    row in common, so that indexes find the rows of a few reps among very many; `predicate` is quicker to check of a row that was
    found already. `own` is the column with the rep whose the row is, where each row has one, and `listed` the table that has
    those of others that are seen, under each rep for whom they are.
    """

    predicate: str | None = None
    grants: frozenset[Grant] = frozenset({Grant.SEE_ALL})
    besides: Mapping[Grant, str] = field(default_factory=dict)
    few: tuple[str, ...] = ()
    own: str | None = None
    listed: str | None = None

    def condition(self, grants: frozenset[Grant]) -> str | None:
        """What a row must fulfil to be seen by somebody with `grants`; None: every row is seen."""
        if self.predicate is None or self.grants & grants:
            return None
        shown = [predicate for grant, predicate in self.besides.items() if grant in grants]
        return f"({' or '.join([self.predicate, *shown])})" if shown else self.predicate


OVERSEES = "select exists (select from oversight where manager_id = :rep and rep_id = :wanted and effective @> cast(:today as date))"

EVERYONE = Rule()
OF_REP = Rule(f"{{row}}.rep_id {SEEN}", few=(f"{{row}}.rep_id {FEW}",), own="rep_id")
RUNNERS = Rule("false", frozenset({Grant.SEE_ALL, Grant.RUN}))
PLANNERS = frozenset({Grant.SEE_ALL, Grant.PLAN})
PAYERS = Rule("false", frozenset({Grant.SEE_ALL}))
ADMINISTRATORS = Rule("false", frozenset({Grant.ADMIN}))
NOBODY = Rule("false", frozenset())

TOLD_TO = {"RunProgress": Grant.RUN, "WebhookDisabled": Grant.ADMIN}
"""Events about nobody that only those with a grant are told of: of all others about nobody, everybody is."""

RULES: dict[str, Rule] = {
    "account": EVERYONE,
    "account_territory": EVERYONE,
    "acknowledgement": OF_REP,
    "adjustment": OF_REP,
    "adjustment_decision": Rule(
        f"exists (select from adjustment where adjustment.id = {{row}}.adjustment_id and adjustment.rep_id {SEEN})"
    ),
    "activity": Rule(f"({{row}}.rep_id {SEEN} or {DEAL_OF_ROW})"),
    "activity_target": Rule(f"{{row}}.rep_id {SEEN}", PLANNERS),
    "api_key": ADMINISTRATORS,
    "audit": ADMINISTRATORS,
    "clock": EVERYONE,
    "company": EVERYONE,
    "component": EVERYONE,
    "component_version": Rule(
        f"exists (select from plan_version as version where version.id = {{row}}.plan_version_id and {published('version')})", PLANNERS
    ),
    "credit": OF_REP,
    "credited": OF_REP,
    "credited_deal": NOBODY,
    "crediting_rule": EVERYONE,
    "dispute": Rule(f"{{row}}.rep_id {SEEN}", frozenset({Grant.SEE_ALL, Grant.RUN})),
    "draw": Rule(f"{{row}}.rep_id {SEEN}", PLANNERS),
    "earned": OF_REP,
    "earning": OF_REP,
    "earning_credit": Rule(f"exists (select from earning where earning.id = {{row}}.earning_id and earning.rep_id {SEEN})"),
    "estimate": OF_REP,
    "estimate_due": NOBODY,
    "estimate_part": OF_REP,
    "estimate_progress": NOBODY,
    "evaluation": OF_REP,
    "event": Rule(
        f"({{row}}.rep_id {SEEN} or ({{row}}.rep_id is null and {{row}}.kind not in ({', '.join(map(repr, TOLD_TO))})))",
        besides={grant: f"{{row}}.kind = '{kind}'" for kind, grant in TOLD_TO.items()},
    ),
    "event_horizon": EVERYONE,
    "fx_rate": EVERYONE,
    "hold": Rule(
        f"case when {{row}}.rep_id is not null then {{row}}.rep_id {SEEN} when {{row}}.opportunity_id is not null then {DEAL_OF_ROW}"
        f" else exists (select from component where component.id = {{row}}.component_id and {assigned('component.plan_id')}) end"
    ),
    "goal": OF_REP,
    "measure": EVERYONE,
    "once": NOBODY,
    "oversight": NOBODY,
    "opening_balance": OF_REP,
    "opportunity": Rule(deal("{row}"), few=FEW_DEALS, own="owner_id", listed="credited_deal"),
    "pay_currency": OF_REP,
    "payment": OF_REP,
    "payout": PAYERS,
    "payout_line": PAYERS,
    "period": EVERYONE,
    "plan": Rule(assigned("{row}.id"), PLANNERS),
    "plan_acceptance": OF_REP,
    "plan_assignment": Rule(f"{{row}}.rep_id {SEEN}", PLANNERS),
    "plan_feedback": Rule("false", frozenset({Grant.PLAN})),
    "plan_title": Rule(assigned("{row}.plan_id"), PLANNERS),
    "plan_version": Rule(published("{row}"), PLANNERS),
    "posting": Rule(
        f"exists (select from earning where earning.posting_id = {{row}}.id and earning.rep_id {SEEN})",
        frozenset({Grant.SEE_ALL, Grant.RUN}),
    ),
    "plugin_change": RUNNERS,
    "product": EVERYONE,
    "quota": OF_REP,
    "quota_part": OF_REP,
    "rep_title": OF_REP,
    "rep": Rule(f"{{row}}.id {SEEN}", few=(f"{{row}}.id {FEW}",)),
    "reporting_line": OF_REP,
    "run": RUNNERS,
    "run_change": RUNNERS,
    "run_evaluation": RUNNERS,
    "run_line": RUNNERS,
    "run_plugin": RUNNERS,
    "run_problem": RUNNERS,
    "split": Rule(f"({{row}}.rep_id {SEEN} or {DEAL_OF_ROW})"),
    "stage_change": Rule(DEAL_OF_ROW),
    "territory": EVERYONE,
    "territory_assignment": EVERYONE,
    "territory_rule": EVERYONE,
    "tick": EVERYONE,
    "target_variable": OF_REP,
    "touch": NOBODY,
    "webhook": ADMINISTRATORS,
    "webhook_attempt": ADMINISTRATORS,
    "webhook_progress": ADMINISTRATORS,
    "webhook_secret": NOBODY,
    "transaction": Rule(f"({{row}}.rep_id {SEEN} or {credited('{row}')} or {DEAL_OF_ROW})", few=(FEW_TRANSACTIONS,)),
}


def visible(table: str, grants: frozenset[Grant]) -> str | None:
    """The predicate that a read of `table` carries for somebody with `grants`, over `{row}`; None where every row is seen.

    Raises LookupError for a table without a rule: nothing is readable because somebody forgot.
    """
    return RULES[table].condition(grants)


def visible_to_few(table: str, grants: frozenset[Grant]) -> tuple[str, ...]:
    """The same predicate for somebody who sees few reps, over `{row}`, in parts; none where the table has no quicker way for them."""
    return RULES[table].few if RULES[table].condition(grants) else ()


def found_by_rep(table: str) -> tuple[str | None, str | None]:
    """The column that says whose a row is, and the table that lists under each rep what else is seen; None where there is none."""
    return RULES[table].own, RULES[table].listed


def visible_alone(table: str, grants: frozenset[Grant]) -> str | None:
    """The same predicate for one row that was found by its key, over `{row}`, `{rep}` and `{today}`; None where every row is seen."""
    predicate = visible(table, grants)
    return predicate if predicate is None or not RULES[table].few else SEEN_BY.sub(ABOVE, predicate)


async def sees(tx: Transaction, actor: Actor, rep_id: int) -> bool:
    """Whether the actor may see that rep: itself, somebody under it today, or anybody with SEE_ALL."""
    if actor.sees_all or actor.rep_id == rep_id:
        return True
    return bool(await tx.scalar(OVERSEES, {"rep": actor.rep_id, "today": tx.today, "wanted": rep_id}))


async def sees_row(tx: Transaction, actor: Actor, table: str, key: int) -> bool:
    """Whether the actor may see that row of the table, by the rule that reads of it carry."""
    predicate = visible(table, actor.grants)
    if predicate is None:
        return True
    seen = VISIBLE_REP.format(rep="cast(:rep as bigint)", today="cast(:today as date)")
    found = f"select exists (select from {table} as given where given.id = :key and {predicate.replace('{row}', 'given')})"
    return bool(await tx.scalar(f"with {seen} {found}", {"rep": actor.rep_id, "today": tx.today, "key": key}))
