"""Titles over time: the history, the directory that follows it, and leaving."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from spm_graph.actions import plan_assignments, reps, titles
from spm_graph.actions.refs import Ref
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import Grant
from spm_graph.store.visibility import Actor
from tests.company import Company, Flat
from tests.pay.test_runs import code_of

DIFFERENT = """
select rep.name from rep
left join rep_title as held on held.rep_id = rep.id and held.effective @> least(cast(:today as date), rep.left_on - 1)
where rep.title is distinct from held.title
"""


async def history(company: Company, name: str) -> list[tuple[str, str]]:
    """A rep's titles and their dates, after a proof that the directory is what the history says of today."""
    assert await company.rows(DIFFERENT, today=company.database.today()) == []
    found = await company.rows(
        "select rep_title.title, effective::text from rep_title join rep on rep.id = rep_id where external_id = :name order by effective",
        name=name,
    )
    return [(row["title"], row["effective"]) for row in found]


async def directory(company: Company, name: str) -> Any:
    """A rep's title in the directory."""
    return (await company.rows("select title from rep where external_id = :name", name=name))[0]["title"]


async def test_a_first_title_holds_from_hiring_and_another_one_from_today(company: Company) -> None:
    await company.titled("ana", "Junior", hired_on=date(2026, 2, 1))
    await company.titled("ana", "Senior", hired_on=date(2026, 2, 1))
    assert await history(company, "ana") == [("Junior", "[2026-02-01,2026-06-15)"), ("Senior", "[2026-06-15,)")]
    assert await directory(company, "ana") == "Senior"


async def test_without_a_day_of_hiring_a_first_title_holds_from_today(company: Company) -> None:
    await company.titled("ana", "Junior")
    assert await history(company, "ana") == [("Junior", "[2026-06-15,)")]


async def test_saying_a_title_again_changes_nothing_not_even_one_that_is_set_for_later(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    await company.titled("ana", "Senior", "2026-09-01")
    await company.titled("ana", "Junior")
    await company.titled("ana", "Senior", "2026-09-01")
    assert await history(company, "ana") == [("Junior", "[2026-01-01,2026-09-01)"), ("Senior", "[2026-09-01,)")]
    assert await directory(company, "ana") == "Junior"


async def test_a_title_from_a_day_on_replaces_all_later_ones(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    await company.titled("ana", "Senior", "2026-09-01")
    await company.titled("ana", "Junior", "2026-03-01")
    assert await history(company, "ana") == [("Junior", "[2026-01-01,2026-03-01)"), ("Junior", "[2026-03-01,)")]


async def test_a_title_of_a_later_day_reaches_the_directory_on_that_day(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    await company.titled("ana", "Senior", "2026-09-01")
    company.database.today = lambda: date(2026, 9, 1)
    async with company.database.transaction() as tx:
        await tx.execute("select spm_tick('clock', 'titlesCatchUp')")
        assert await titles.catch_up(tx) == 1
        assert await titles.catch_up(tx) == 0
    assert await directory(company, "ana") == "Senior"


async def test_a_rep_without_a_title_had_one_until_today(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    await company.titled("ana", None)
    assert await history(company, "ana") == [("Junior", "[2026-01-01,2026-06-15)")]
    assert await directory(company, "ana") is None


async def test_no_title_is_held_after_leaving_and_the_directory_keeps_the_last_one(company: Company) -> None:
    left = {"hired_on": date(2026, 1, 1), "left_on": date(2026, 5, 1)}
    await company.titled("ana", "Junior", **left)
    await company.titled("ana", "Junior", **left)
    assert await history(company, "ana") == [("Junior", "[2026-01-01,2026-05-01)")]
    await company.titled("ana", "Junior", hired_on=date(2026, 1, 1), left_on=date(2026, 4, 1))
    assert await history(company, "ana") == [("Junior", "[2026-01-01,2026-04-01)")]
    assert await directory(company, "ana") == "Junior"


async def test_leaving_ends_all_that_a_rep_is_a_part_of_with_the_last_day(company: Company) -> None:
    await company.hire("mia", "bo")
    await company.titled("ana", "Junior", "2026-01-01")
    await company.managed("ana", "mia", "2026-01-01")
    await company.managed("bo", "ana", "2026-01-01")
    await company.assign(await company.plan("Commission", ("commission", Flat(1))), "ana")  # type: ignore[arg-type]
    await company.territory("west")
    await company.works("ana", "west")
    await company.works("ana", "west", starts="2026-09-01", ends="2026-10-01")
    await company.leaves("ana", "2026-06-30")
    assert await history(company, "ana") == [("Junior", "[2026-01-01,2026-07-01)")]
    ended = await company.rows(
        "select effective::text from reporting_line where rep_id = (select id from rep where name = 'Ana')"
        " union all select effective::text from plan_assignment union all select effective::text from territory_assignment"
    )
    assert [row["effective"] for row in ended] == ["[2026-01-01,2026-07-01)"] * 3
    rows = await company.rows("select left_on, title from rep where name = 'Ana'")
    assert [tuple(row.values()) for row in rows] == [(date(2026, 7, 1), "Junior")]
    below = await company.rows(
        "select name, effective::text from reporting_line join rep on rep.id = manager_id"
        " where rep_id = (select id from rep where name = 'Bo') order by effective"
    )
    assert [tuple(row.values()) for row in below] == [("Ana", "[2026-01-01,2026-07-01)"), ("Mia", "[2026-07-01,)")]


async def test_what_a_leavers_team_sells_rolls_up_past_them(company: Company) -> None:
    await company.hire("mia", "bo", "cy", "ana")
    for name, manager in (("ana", "mia"), ("bo", "ana"), ("cy", "bo")):
        await company.managed(name, manager, "2026-01-01")
    await company.won("1000", rep="cy", on="2026-02-10")
    await company.won("200", rep="cy", on="2026-03-10")
    await company.leaves("ana", "2026-02-28")
    found = await company.rows(
        "select rep.name, sum(value) as value from credited join rep on rep.id = rep_id join measure on measure.id = measure_id"
        " where measure.name = 'team' group by 1 order by 1"
    )
    assert [(row["name"], row["value"]) for row in found] == [("Ana", 1000), ("Bo", 1200), ("Cy", 1200), ("Mia", 1200)]


async def test_the_team_of_a_leaver_without_a_manager_reports_to_nobody(company: Company) -> None:
    await company.hire("ana", "bo")
    await company.managed("bo", "ana", "2026-01-01")
    await company.leaves("ana", "2026-06-30")
    below = await company.rows("select effective::text from reporting_line")
    assert [row["effective"] for row in below] == ["[2026-01-01,2026-07-01)"]


@pytest.mark.parametrize(
    ("last_day", "backdating", "expected"),
    [
        ("2026-06-13", False, ProblemCode.BACKDATING_UNDECIDED),
        ("2025-12-31", True, ProblemCode.INVALID),
        ("2026-08-01", True, ProblemCode.WRONG_STATE),
    ],
)
async def test_leaving_on_an_impossible_day_is_refused(company: Company, last_day: str, backdating: bool, expected: ProblemCode) -> None:
    await company.titled("ana", "Junior", hired_on=date(2026, 1, 1), left_on=date(2026, 7, 1))
    assert await code_of(company.leaves("ana", last_day, *(() if backdating else (None,)))) == expected


@pytest.mark.parametrize(
    "given",
    [{"title": " "}, {"title": "Junior", "title_from": date(2025, 12, 31)}],
)
async def test_titles_that_cant_be_are_refused(company: Company, given: dict[str, Any]) -> None:
    command = reps.RepUpsert(external_id="ana", name="Ana", hired_on=date(2026, 1, 1), **given)
    assert await code_of(company.do(reps.upsert, command)) == ProblemCode.INVALID


async def test_a_plan_is_given_to_a_rep_or_to_a_title_by_who_sees_all_whom_it_pays(company: Company) -> None:
    await company.hire("ana")
    plan = global_id("plan", await company.plan("Commission", ("commission", Flat(1))))  # type: ignore[arg-type]
    day, ana = date(2026, 1, 1), Ref(external_id="ana")
    both, neither = plan_assignments.PlanAssign(plan, ana, day, title="Junior"), plan_assignments.PlanAssign(plan, None, day)  # type: ignore[arg-type]
    for command in (both, neither, plan_assignments.PlanAssign(plan, None, day, title="")):  # type: ignore[arg-type]
        assert await code_of(company.do(plan_assignments.assign, command)) == ProblemCode.INVALID
    planner = Actor("planner", None, frozenset({Grant.PLAN}))
    by_title = plan_assignments.PlanAssign(plan, None, day, title="Junior")  # type: ignore[arg-type]
    assert await code_of(company.do(plan_assignments.assign, by_title, planner)) == ProblemCode.NOT_PERMITTED


async def test_a_title_set_for_a_later_day_is_in_the_directory_once_that_day_has_come(company: Company) -> None:
    company.database.today = lambda: date(2026, 6, 15)
    await company.hire("ana")
    await company.do(reps.upsert, reps.RepUpsert(external_id="ana", name="Ana", title="Senior", title_from=date(2026, 7, 1)))
    await titles.turn_of_day(company.database)
    before = await company.rows("select title, (select position from clock) as position from rep")
    company.database.today = lambda: date(2026, 7, 1)
    await titles.turn_of_day(company.database)
    await titles.turn_of_day(company.database)
    after = await company.rows("select title, (select position from clock) as position from rep")
    assert (before[0]["title"], after[0]["title"]) == (None, "Senior")
    assert after[0]["position"] == before[0]["position"] + 1
