"""An import tells who reports to whom and what they are called, from the day on that is given or follows."""

from __future__ import annotations

from datetime import date

from spm_graph.importing import Mapping
from spm_graph.importing.mapping import example

from .conftest import CREDITS, LINES, Company


async def test_managers_who_lead_back_to_themselves_are_bad_also_through_what_is_stored(company: Company) -> None:
    await company.load()
    company.export.write("sales_teams.csv", "sales_agent,manager,regional_office\nMia,Ana,East\n")
    report = await company.load()
    assert [str(cell) for cell in report.bad if cell.file == "sales_teams.csv"] == [
        'sales_teams.csv:2 column manager: "Ana" is no manager; expected one that does not lead back to Mia'
    ]
    assert [manager for _, manager, _, _ in await company.rows(LINES)] == ["Mia", "Mia", "Max"]


async def test_a_new_manager_holds_from_today_and_earlier_deals_stay(company: Company) -> None:
    await company.load()
    company.export.change("sales_teams.csv", "Ana,Mia,East", "Ana,Max,East")
    report = await company.load()
    assert (report.reporting_lines_set, report.credits_changed) == (1, 0)
    assert (await company.rows(LINES))[:2] == [
        ("Ana", "Mia", date(2016, 1, 1), date(2018, 1, 15)),
        ("Ana", "Max", date(2018, 1, 15), None),
    ]
    assert (await company.load()).position is None


async def test_a_new_manager_from_a_given_day_is_credited_since(company: Company) -> None:
    await company.load()
    company.export.change("sales_teams.csv", "Ana,Mia,East", "Ana,Max,East")
    report = await company.load(changes_from=date(2017, 2, 1))
    assert [name for name, *_ in await company.rows(CREDITS)] == ["Ana", "Max"]
    touched = f"select name, lower(span) from touch join rep on rep.id = rep_id where position = {report.position} order by name"
    assert await company.rows(touched) == [("Max", date(2017, 3, 1)), ("Mia", date(2017, 3, 1))]


async def test_a_rep_without_manager_reports_to_nobody_from_today(company: Company) -> None:
    await company.load()
    company.export.change("sales_teams.csv", "Ana,Mia,East", "Ana,,East")
    await company.load()
    assert (await company.rows(LINES))[0] == ("Ana", "Mia", date(2016, 1, 1), date(2018, 1, 15))
    assert (await company.load()).position is None


async def test_a_title_begins_with_the_data_and_another_one_from_the_day_given(company: Company) -> None:
    given = "reps.file = 'teams.csv'\nreps.external_id = 'rep'\nreps.name = 'rep'\nreps.title = 'title'\nreps.hired_on = 'from'\n"
    company.export.mapping = Mapping.parse(f"currency = 'USD'\neffective_from = 2016-01-01\n{given}", "teams.toml")
    company.export.write("teams.csv", "rep,title,from\nAna,Seller,\nBen,Seller,2017-06-01\nCleo,,\n")
    first = await company.load()
    assert (first.titles_set, first.counts["reps"].new) == (2, 3)
    assert (await company.load()).position is None
    company.export.write("teams.csv", "rep,title,from\nAna,Leader,\nBen,,2017-06-01\nCleo,Seller,\n")
    changed = await company.load(changes_from=date(2017, 9, 1))
    assert (changed.titles_set, changed.counts["reps"].unchanged) == (3, 3)
    assert (await company.load(changes_from=date(2017, 9, 1))).position is None
    assert await company.rows(
        "select name, rep_title.title, lower(effective), upper(effective) from rep_title join rep on rep.id = rep_id order by name, 3"
    ) == [
        ("Ana", "Seller", date(2016, 1, 1), date(2017, 9, 1)),
        ("Ana", "Leader", date(2017, 9, 1), None),
        ("Ben", "Seller", date(2017, 6, 1), date(2017, 9, 1)),
        ("Cleo", "Seller", date(2016, 1, 1), None),
    ]
    assert await company.rows("select name, title from rep order by name") == [("Ana", "Leader"), ("Ben", None), ("Cleo", "Seller")]


async def test_first_reporting_lines_hold_from_the_day_of_hiring_or_the_day_given(company: Company) -> None:
    company.export.write(
        "sales_teams.csv",
        "sales_agent,manager,regional_office,from\nAna,Mia,East,2016-11-15\nBen,Mia,East,\nCleo,Max,,2019-01-01\n",
    )
    text = example().replace("# effective_from = 2016-01-01", "effective_from = 2016-07-01").replace("[reps]", '[reps]\nhired_on = "from"')
    company.export.mapping = Mapping.parse(text, "my.toml")
    await company.load()
    assert [(name, starts) for name, _, starts, _ in await company.rows(LINES)] == [
        ("Ana", date(2016, 11, 15)),
        ("Ben", date(2016, 7, 1)),
        ("Cleo", date(2019, 1, 1)),
    ]
    assert (await company.load()).position is None
