"""What a demonstration does: acts by an actor of its own, many to a transaction, each with its tick."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from spm_graph.actions import plans, runs
from spm_graph.actions.refs import PeriodRef
from spm_graph.actions.result import Result
from spm_graph.calculation import run
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import Grant
from spm_graph.incentive_types import Id, IncentiveTypes
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

ACTOR = Actor("demonstration", None, frozenset(Grant))

Act = Callable[..., Awaitable[Result]]
Say = Callable[[str], None]
ACTS_A_TRANSACTION = 200


class Story:
    """Acts upon a database, one after the other."""

    def __init__(self, database: Database, incentive_types: IncentiveTypes) -> None:
        self.database = database
        self.incentive_types = incentive_types

    async def do(self, act: Act, command: object, actor: Actor = ACTOR) -> Result:
        """One act, in a transaction of its own."""
        async with self.database.transaction() as tx:
            return await act(tx, actor, command)

    async def do_all(self, act: Act, commands: Iterable[object]) -> None:
        """One act many times, in few transactions."""
        waiting = iter(commands)
        while some := list(islice(waiting, ACTS_A_TRANSACTION)):
            async with self.database.transaction() as tx:
                for command in some:
                    await act(tx, ACTOR, command)

    async def plan(self, draft: plans.PlanCreate) -> int:
        """A new plan, in force; its key."""
        made = await self.do(plans.create, draft)
        await self.do(plans.publish, plans.PlanPublish(_version(made)))
        return int(made.values["plan_id"])

    async def publish(self, draft: plans.PlanCreate) -> Id:
        """The next version of a plan, in force; its id."""
        version = _version(await self.do(plans.create, draft))
        await self.do(plans.publish, plans.PlanPublish(version))
        return version

    async def pay(self, month: str) -> None:
        """Calculate and post a month."""
        result = await run.start(self.database, self.incentive_types, ACTOR, run.RunStart(PeriodRef(name=month)))
        await self.do(runs.post, runs.RunPost(Id(global_id("run", result.values["run_id"]))))

    async def rows(self, statement: str, *values: Any) -> Sequence[Any]:
        """What a query finds."""
        found: Sequence[Any] = await self.database.pool.fetch(statement, *values)
        return found


def _version(made: Result) -> Id:
    return Id(global_id("version", made.values["plan_version_id"]))
