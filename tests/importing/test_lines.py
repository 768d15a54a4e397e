"""Reporting lines that an import begins do not lead back to whose they are, on whatever day."""

from __future__ import annotations

from datetime import date

import pytest

from spm_graph.actions import reps
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Backdating
from spm_graph.importing.records import RecordsImport, RepRecord, import_records
from spm_graph.store.database import Database
from tests.company import Company

LINES = """
select rep.name, manager.name as manager, effective
from reporting_line join rep on rep.id = rep_id join rep as manager on manager.id = manager_id
"""


async def test_a_rep_does_not_come_to_report_to_themselves_on_days_past(database: Database) -> None:
    company = await Company.founded(database, today="2026-03-14")
    await company.hire("ana")
    await company.hire("bo", manager="ana")
    await company.do(reps.set_manager, reps.ManagerSet(Ref(external_id="bo"), None, date(2026, 3, 1), Backdating.RESTATE))
    before = await company.rows(LINES)
    ana = RepRecord("ana", "Ana", title="Lead", hired_on=date(2026, 1, 1), manager="bo")
    with pytest.raises(Refused) as refused:
        await company.do(import_records, RecordsImport(reps=(ana,)))
    assert [(problem.code, problem.message) for problem in refused.value.problems] == [
        (
            ProblemCode.CYCLE,
            "from 2026-01-01 on, Ana would report to themselves: set their manager with managerSet, from the day on that is meant",
        )
    ]
    assert await company.rows(LINES) == before
    assert await company.rows("select title from rep where name = 'Ana'") == [{"title": None}]


async def test_a_rep_may_come_to_report_to_whom_they_led_before(database: Database) -> None:
    company = await Company.founded(database, today="2026-03-14")
    await company.hire("ana", "bo")
    await company.managed("bo", "ana", "2026-01-01")
    await company.do(reps.set_manager, reps.ManagerSet(Ref(external_id="bo"), None, date(2026, 3, 1), Backdating.RESTATE))
    ana = RepRecord("ana", "Ana", hired_on=date(2026, 3, 1), manager="bo")
    await company.do(import_records, RecordsImport(reps=(ana,)))
    assert [(row["name"], row["manager"], row["effective"].lower) for row in await company.rows(f"{LINES} order by 3")] == [
        ("Bo", "Ana", date(2026, 1, 1)),
        ("Ana", "Bo", date(2026, 3, 1)),
    ]


async def test_two_who_change_places_in_one_import_do_so(database: Database) -> None:
    company = await Company.founded(database, today="2026-03-14")
    await company.hire("cy", "ana")
    await company.hire("bo", manager="ana")
    await company.managed("ana", "cy", "2026-01-01")
    await company.do(
        import_records,
        RecordsImport(reps=(RepRecord("ana", "Ana", manager="bo"), RepRecord("bo", "Bo", manager="cy"), RepRecord("cy", "Cy"))),
    )
    since = [(row["name"], row["manager"]) for row in await company.rows(f"{LINES} where effective @> date '2026-03-14' order by 1")]
    assert since == [("Ana", "Bo"), ("Bo", "Cy")]
    below = "select manager.name from oversight join rep as manager on manager.id = manager_id where effective @> {day} and rep_id = {ana}"
    ana = "(select id from rep where name = 'Ana')"
    assert await company.rows(below.format(day="date '2026-03-13'", ana=ana)) == [{"name": "Cy"}]
    assert await company.rows(below.format(day="date '2026-03-14'", ana=ana) + " order by 1") == [{"name": "Bo"}, {"name": "Cy"}]


async def test_a_circle_that_several_of_an_imports_lines_close_on_a_day_past_is_refused(database: Database) -> None:
    company = await Company.founded(database, today="2026-03-14")
    await company.hire("ana", "bo", "cy")
    await company.managed("cy", "ana", "2026-02-01")
    await company.do(reps.set_manager, reps.ManagerSet(Ref(external_id="cy"), None, date(2026, 3, 1), Backdating.RESTATE))
    hired = {"hired_on": date(2026, 1, 1)}
    given = (RepRecord("ana", "Ana", manager="bo", **hired), RepRecord("bo", "Bo", manager="cy", **hired), RepRecord("cy", "Cy", **hired))
    with pytest.raises(Refused, match=r"^from 2026-02-01 on, Ana would report to themselves: set their manager with managerSet"):
        await company.do(import_records, RecordsImport(reps=given))
