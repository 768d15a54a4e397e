"""Managers who are set at once: what they oversee is right whichever is committed first, and nobody comes to report to themselves."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from spm_graph.actions import reps
from spm_graph.actions.refs import Ref
from spm_graph.actions.result import Result
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Backdating
from spm_graph.graph.commands import result_of
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from tests.company import ADMINISTRATOR, Company
from tests.conftest import execute
from tests.pay.test_races import UNLOCKED, Act, interleaved

OVERSIGHT = """
select manager.name as manager, string_agg(rep.name, ' ' order by rep.name) as people
from oversight join rep on rep.id = rep_id join rep as manager on manager.id = manager_id group by manager.name order by manager.name
"""


def managed(rep: str, manager: str) -> Act:
    """Setting somebody's manager."""

    async def act(tx: Transaction) -> object:
        command = reps.ManagerSet(Ref(external_id=rep), Ref(external_id=manager), tx.today)
        return await reps.set_manager(tx, ADMINISTRATOR, command)

    return act


async def in_a_line(company: Company, count: int) -> None:
    """So many reps, each of whom reports to the one before."""
    async with company.database.transaction() as tx:
        await clock.tick(tx, "test", "hire")
        await tx.execute(
            "insert into rep (external_id, name, currency, hired_on)"
            " select 'rep' || n, 'Rep ' || n, 'USD', date '2026-01-01' from generate_series(1, :count) as n",
            {"count": count},
        )
        await tx.execute(
            "insert into reporting_line (rep_id, manager_id, effective) select rep.id, boss.id, daterange('2026-01-01', null)"
            " from rep join rep as boss on boss.external_id = 'rep' || (substring(rep.external_id from 4)::int - 1)"
            " where rep.external_id ~ '^rep[0-9]'"
        )


async def people(company: Company) -> dict[str, str]:
    """Who is below whom, whenever."""
    return {row["manager"]: row["people"] for row in await company.rows(OVERSIGHT)}


@pytest.fixture
async def chain(company: Company) -> Company:
    """Cy reports to Bo."""
    await company.hire("ana", "bo", "cy", "dee")
    await company.managed("cy", "bo", "2026-01-01")
    return company


UPPER, LOWER = managed("bo", "ana"), managed("dee", "cy")
"""Above the chain and below it: they have no rep in common."""


@pytest.mark.parametrize("acts", [(UPPER, LOWER), (LOWER, UPPER)], ids=["upper first", "lower first"])
async def test_two_lines_of_a_chain_that_are_set_at_once_make_one_chain(chain: Company, acts: tuple[Act, Act]) -> None:
    assert await interleaved(chain, *acts) is None
    assert await people(chain) == {"Ana": "Bo Cy Dee", "Bo": "Cy Dee", "Cy": "Dee"}


@pytest.mark.parametrize("acts", [(UPPER, LOWER), (LOWER, UPPER)], ids=["upper first", "lower first"])
async def test_without_the_clocks_lock_the_first_of_the_chain_misses_the_last(
    chain: Company, acts: tuple[Act, Act], database_url: str
) -> None:
    await execute(database_url, UNLOCKED)
    assert await interleaved(chain, *acts) is None
    assert await people(chain) == {"Ana": "Bo Cy", "Bo": "Cy Dee", "Cy": "Dee"}


@pytest.fixture
async def pairs(company: Company) -> Company:
    """Bo reports to Ana, and Dee to Cy."""
    await company.hire("ana", "bo", "cy", "dee")
    await company.managed("bo", "ana", "2026-01-01")
    await company.managed("dee", "cy", "2026-01-01")
    return company


async def test_two_lines_that_are_set_at_once_close_no_circle(pairs: Company) -> None:
    refused = await interleaved(pairs, managed("ana", "dee"), managed("cy", "bo"))
    assert isinstance(refused, Refused)
    (problem,) = refused.problems
    assert (problem.code, problem.message, problem.path) == (ProblemCode.CYCLE, "Bo reports to Cy, directly or not", ("manager",))
    assert await people(pairs) == {"Ana": "Bo", "Cy": "Ana Bo Dee", "Dee": "Ana Bo"}


async def test_without_the_clocks_lock_they_do(pairs: Company, database_url: str) -> None:
    await execute(database_url, UNLOCKED)
    assert await interleaved(pairs, managed("ana", "dee"), managed("cy", "bo")) is None
    lines = "from reporting_line join rep on rep.id = rep_id join rep as manager on manager.id = manager_id order by rep.name"
    circle = [(row["name"], row["above"]) for row in await pairs.rows(f"select rep.name, manager.name as above {lines}")]
    assert circle == [("Ana", "Dee"), ("Bo", "Ana"), ("Cy", "Bo"), ("Dee", "Cy")]


async def test_a_circle_that_would_be_over_before_a_change_counts_is_none(company: Company) -> None:
    await company.hire("ana", "bo")
    await company.managed("bo", "ana", "2026-01-01")
    nobody = reps.ManagerSet(Ref(external_id="bo"), None, date(2026, 6, 1), Backdating.RESTATE)
    await company.do(reps.set_manager, nobody)
    with pytest.raises(Refused, match="Bo reports to Ana, directly or not"):
        await company.managed("ana", "bo", "2026-05-01", Backdating.RESTATE)
    await company.managed("ana", "bo", "2026-05-01", Backdating.FROM_NOW)
    assert await people(company) == {"Ana": "Bo", "Bo": "Ana"}


async def test_somebody_does_not_leave_people_to_whom_their_manager_will_report(company: Company) -> None:
    await company.hire("ana", "bo", "cy")
    await company.managed("ana", "cy", "2026-01-01")
    await company.managed("bo", "ana", "2026-01-01")
    await company.do(reps.set_manager, reps.ManagerSet(Ref(external_id="ana"), None, date(2026, 7, 1)))
    await company.managed("cy", "bo", "2026-07-01")
    before = await people(company)
    assert before == {"Ana": "Bo Cy", "Bo": "Cy", "Cy": "Ana Bo"}
    with pytest.raises(Refused) as refused:
        await company.do(reps.leave, reps.RepLeave(Ref(external_id="ana"), date(2026, 6, 15)))
    (problem,) = refused.value.problems
    assert problem.message == "somebody who reports to Ana would report to themselves: give them another manager first"
    assert (problem.code, problem.path) == (ProblemCode.CYCLE, ("rep",))
    assert await people(company) == before


async def test_who_would_have_more_than_a_hundred_managers_is_told_so(company: Company) -> None:
    await company.hire("ana")
    await in_a_line(company, 101)
    overseen = [{"count": 100 * 101 // 2}]
    assert await company.rows("select count(*) from oversight") == overseen

    async def act() -> Result:
        async with company.database.transaction() as tx:
            return await reps.set_manager(tx, ADMINISTRATOR, reps.ManagerSet(Ref(external_id="ana"), Ref(external_id="rep101"), tx.today))

    (problem,) = (await result_of(act())).problems
    assert (problem.code, problem.message) == (ProblemCode.INVALID, "somebody would have more than 100 managers one above the other")
    assert await company.rows("select count(*) from oversight") == overseen


async def test_a_list_filled_down_by_mistake_is_refused(company: Company) -> None:
    with pytest.raises(IntegrityError, match="more than 100 managers one above the other"):
        await in_a_line(company, 3_000)  # half of their square would be 4,500,000 rows
    assert await company.rows("select count(*) from oversight") == [{"count": 0}]
