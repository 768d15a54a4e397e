"""Managers who are set at once: what they oversee is right whichever is committed first, and nobody comes to report to themselves."""

from __future__ import annotations

from datetime import date

import pytest

from spm_graph.actions import reps
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Backdating
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
