"""The README is right: its queries are answered, its plugin pays, its tables say what the code says."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from spm_graph.actions import periods
from spm_graph.cli import commands
from spm_graph.demonstration import company, crm_year
from spm_graph.demonstration.filling import Condition, condition, filled
from spm_graph.demonstration.story import Say, Story
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Credit, Performance
from spm_graph.settings import Settings, described
from spm_graph.store.database import Database
from tests.api.conftest import Serving, roomy
from tests.conftest import copied, execute, named

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SETTINGS = roomy("2026-05-20")


def blocks(language: str) -> list[str]:
    """The README's blocks of code in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def demonstrated(server_url: str, template: str) -> Iterator[str]:
    """The address of the company of the demonstration, as the first command leaves it on a day in the middle of a quarter."""
    name, said = f"spm_demonstration_{os.getpid()}", []
    asyncio.run(execute(server_url, copied(template, name)))
    asyncio.run(filled(replace(SETTINGS, database_url=named(server_url, name)), company.fill, said.append))
    assert said[-1] == "calculating and posting 2026-04"
    yield named(server_url, name)
    asyncio.run(execute(server_url, f"drop database {name} with (force)"))


@pytest.fixture
async def demonstration(serve: Callable[[Settings], str], demonstrated: str, role: str | None) -> AsyncIterator[Serving]:
    """A server of the demonstration, which what one test drafts there doesn't change for the others."""
    async with Database.connected(demonstrated, role=role) as database:
        assert await condition(database) is Condition.TAKEN
        yield Serving(serve(replace(SETTINGS, database_url=demonstrated)), database)


async def test_its_queries_are_answered_from_the_demonstration(demonstration: Serving) -> None:
    administrator = await demonstration.administrator()
    query, mutation = blocks("graphql")
    reps = (await administrator.ask(query))["reps"]["nodes"]
    lines = [line for rep in reps for line in rep["earnings"]["nodes"]]
    assert len(lines) == len(reps) == 3
    assert all(sum(Decimal(step["amount"]) for step in line["steps"]) == Decimal(line["amount"]["amount"]) for line in lines)
    assert all(rep["pipeline"]["openCount"] > 0 and rep["manager"] for rep in reps)
    created = (await administrator.ask(mutation))["planCreate"]
    assert (created["version"]["state"], created["problems"]) == ("DRAFT", [])


async def test_the_company_has_all_that_there_is_to_see(demonstration: Serving) -> None:
    administrator = await demonstration.administrator()
    found = await administrator.ask(
        """
        {
          company { name }
          reps { totalCount }
          territories { totalCount }
          territoryCoverage { uncovered { totalCount } }
          pipeline(period: {name: "2026-Q2"}) { openCount winRate byStage { stage count } }
          attainments(period: {name: "2026-Q1"}, first: 3) { nodes { rank rep { name } ratio } }
          incentiveTypes { name }
          runs(first: 1) { totalCount nodes { state } }
          closed: periods(where: {state: CLOSED, kind: MONTH}, last: 1) { totalCount nodes { name } }
        }
        """
    )
    assert found["company"]["name"] == "Northwind Instruments"
    assert found["reps"]["totalCount"] == 49
    assert [node["rank"] for node in found["attainments"]["nodes"]] == [1, 2, 3]
    assert {each["name"] for each in found["incentiveTypes"]} >= {"Accelerator", "Spif", "TieredCommission"}
    assert found["closed"]["nodes"] == [{"name": "2026-03"}]
    assert await demonstration.database.pool.fetchval("select count(distinct period_id) from payment") == 24
    kinds = await demonstration.database.pool.fetch("select kind, count(*) from earning group by kind order by kind")
    assert [row["kind"] for row in kinds] == ["CORRECTION", "EARNED"]
    types = "select distinct incentive_type from earning join component_version using (component_id) order by 1"
    assert [row[0] for row in await demonstration.database.pool.fetch(types)] == ["Accelerator", "Bonus", "Spif", "TieredCommission"]
    history = await demonstration.database.pool.fetchval("select count(*) from stage_change")
    assert history > 2 * await demonstration.database.pool.fetchval("select count(*) from opportunity")


async def test_the_company_shows_a_draw_a_hold_goals_and_an_accepted_plan(demonstration: Serving) -> None:
    async def counted(statement: str) -> list[int]:
        return list(await demonstration.database.pool.fetchrow(statement))

    assert await counted("select count(*), count(distinct rep_id) from draw") == [1, 1]
    assert min(await counted("select count(*), count(amount) from payment where kind = 'DRAWN'")) >= 1
    assert await counted("select count(*) from payment where kind = 'HELD' and amount > 0") >= [1]
    assert await counted("select count(*), count(achieved) from goal") == [6 * 4 * 3, 6 * 3 * 3]
    accepted = "select count(*), (select count(*) from rep where title = 'Account Executive') from plan_acceptance"
    assert await counted(accepted) == [28, 36]


async def test_a_demonstration_that_was_broken_off_begins_anew_and_what_is_not_one_is_left_alone(database: Database) -> None:
    settings = replace(roomy("2018-01-15"), database_url=database.url)

    async def broken(database: Database, types: IncentiveTypes, say: Say) -> None:
        await Story(database, types).do(periods.create, periods.PeriodsCreate(2016))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await filled(settings, broken, lambda said: None)
    assert await condition(database) is Condition.BROKEN_OFF
    said: list[str] = []
    await filled(settings, crm_year.fill, said.append)
    assert said[0] == "the demonstration was broken off: beginning again"
    async with Database.connected(database.url) as again:
        assert await condition(again) is Condition.TAKEN
        books = await again.pool.fetchrow(
            "select (select sum(amount) from payment) as paid, (select count(*) from period where name like '2016%') as older,"
            " (select sum(amount) from earning join period on period.id = period_id where state = 'CLOSED') as earned"
        )
        assert books["paid"] == books["earned"] > 0
        assert books["older"] == 0
        position = await again.pool.fetchval("select position from clock")
    await filled(settings, broken, said.append)
    async with Database.connected(database.url) as again:
        assert await again.pool.fetchval("select position from clock") == position


def test_its_plugin_is_one_that_pays() -> None:
    source = next(block for block in blocks("python") if "hookimpl" in block)
    module = ModuleType("quota_bonus")
    module.__file__ = "quota_bonus.py"
    sys.modules[module.__name__] = module
    exec(compile(source, "README.md", "exec"), module.__dict__)
    entry = tomllib.loads(blocks("toml")[0])["project"]["entry-points"]["spm_graph.v1"]
    assert entry == {"quota_bonus": module.__name__}
    types = IncentiveTypes.of(module.spm_incentive_types())
    bonus = types.decode("QuotaBonus", {"bonus": "250"})
    sold = Credit(id="1", on=date(2026, 1, 2), amount=Decimal(100), units=Decimal(1), measure="bookings", role="DIRECT", share=Decimal(1))
    reached = Performance(
        rep_id="rep_1", starts=date(2026, 1, 1), ends=date(2026, 2, 1), currency="USD", credits=(sold,), quota=Decimal(100)
    )
    assert [line.amount for line in bonus.earn(reached)] == [Decimal(250)]
    assert len(source.strip().splitlines()) <= 40


def test_its_settings_are_all_there_are() -> None:
    rows = [f"| `{each.variable}` | {f'`{each.default}`' if each.default else ''} | {each.meaning} |" for each in described()]
    assert "\n".join(rows) in README


def test_its_commands_are_all_there_are() -> None:
    said = re.search(r"lists the commands: (.*?), each with an example", README, re.DOTALL)
    assert said is not None
    assert set(re.findall(r"`(\w+)`", said[1])) == commands().keys()
