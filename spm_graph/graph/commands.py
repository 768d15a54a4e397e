"""Carrying out a command: one transaction, at most once for each idempotency key, expected noes as problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from spm_graph.actions.result import Result
from spm_graph.domain.problem import Problem, ProblemCode, Refused
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store import once
from spm_graph.store.database import Database, Transaction
from spm_graph.store.oversight import MOST_LEVELS
from spm_graph.store.visibility import Actor


@dataclass(frozen=True, slots=True)
class Deployment:
    """What acts act on: a database, and the incentive types that are installed."""

    database: Database
    incentive_types: IncentiveTypes


Perform = Callable[[Deployment, Actor, Any, object], Awaitable[Result]]
"""Carries out a command; the last argument is the command as the client wrote it, by which a repeated one is known."""

CONSTRAINTS = {
    "23505": (ProblemCode.DUPLICATE, "there is such a one already"),
    "23P01": (ProblemCode.OVERLAPS, "its dates overlap with one that exists"),
    "23514": (ProblemCode.INVALID, "a value is not what was expected"),
    "23503": (ProblemCode.NOT_FOUND, "it refers to what does not exist"),
}
"""What a violated constraint means, by SQLSTATE. Acts check first and say it better; this catches what they forgot."""

SAID = {"oversight_of_at_most_100_levels": f"somebody would have more than {MOST_LEVELS} managers one above the other"}
"""What the database alone finds, by the constraint."""


def transacted(act: Callable[[Transaction, Actor, Any], Awaitable[Result]]) -> Perform:
    """An act in a transaction of its own."""

    async def perform(deployment: Deployment, actor: Actor, command: Any, written: object) -> Result:
        key = getattr(command, "idempotency_key", None)
        async with deployment.database.transaction() as tx:
            if key is None:
                return await act(tx, actor, command)
            known = await once.earlier(tx, actor.name, key, [type(command).__name__, written])
            if known is not None:
                return _remembered(known)
            result = await act(tx, actor, command)
            await once.answered(tx, actor.name, key, _memory(result))
            return result

    return perform


def calculated(act: Callable[[Database, IncentiveTypes, Actor, Any], Awaitable[Result]]) -> Perform:
    """An act in several transactions: a calculation."""

    async def perform(deployment: Deployment, actor: Actor, command: Any, written: object) -> Result:
        return await act(deployment.database, deployment.incentive_types, actor, command)

    return perform


async def result_of(work: Awaitable[Result]) -> Result:
    """What came of an act: a refusal is a result with problems and without a position."""
    try:
        return await work
    except Refused as refused:
        return Result(None, {}, refused.problems)
    except IntegrityError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state not in CONSTRAINTS:
            raise
        code, message = CONSTRAINTS[state]
        constraint = getattr(getattr(error.orig, "__cause__", None), "constraint_name", None)
        said = SAID.get(constraint or "", f"{message} ({constraint})" if constraint else message)
        return Result(None, {}, (Problem(code, said),))


def _memory(result: Result) -> dict[str, Any]:
    problems = [[problem.code, problem.message, list(problem.path)] for problem in result.problems]
    return {"position": result.position, "values": dict(result.values), "problems": problems}


def _remembered(known: dict[str, Any]) -> Result:
    problems = tuple(Problem(ProblemCode[code], message, tuple(path)) for code, message, path in known["problems"])
    return Result(known["position"], known["values"], problems)
