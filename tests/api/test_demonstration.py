"""The demonstration's company: the README's queries are answered from it, all that there is to see is in it, and nobody wonders why.

Filling it takes longer than asking it: these tests share it, and so stand in one file.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from spm_graph.actions import periods
from spm_graph.demonstration import company, crm_year
from spm_graph.demonstration.filling import Condition, condition, filled
from spm_graph.demonstration.story import Say, Story
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Serving, roomy
from tests.conftest import copied, execute, named

from .readme import blocks

SETTINGS = roomy("2026-05-20")

# Whoever takes part in a deal that was won and gets nothing for it, and somebody who does not.
OF_DEALS = """
with paid as (
    select earning.rep_id, coalesce(sale.opportunity_id, corrected.opportunity_id) as deal_id, sum(shared.amount) as amount
    from earning join earning_credit as shared on shared.earning_id = earning.id
    join transaction as sale on sale.id = shared.transaction_id left join transaction as corrected on corrected.id = sale.corrects_id
    group by 1, 2
),
asked as (
    select id as deal_id, owner_id as rep_id from opportunity where outcome = 'WON'
    union select opportunity_id, rep_id from split
    union select opportunity_id, rep_id from credit
    union (select id, (select max(id) from rep) from opportunity where outcome = 'WON' order by id limit 50)
)
select asked.rep_id, asked.deal_id, array(select reason from explained_deal(asked.rep_id, asked.deal_id) order by ordinal) as reasons
from asked left join paid using (rep_id, deal_id)
where coalesce(paid.amount, 0) = 0
"""

OF_MONTHS = """
select rep.id as rep_id, period.name, array(select reason from explained_period(rep.id, period.id) order by ordinal) as reasons
from rep cross join period
where period.kind = 'MONTH' and lower(period.effective) <= :today
  and not exists (select from earned where earned.rep_id = rep.id and earned.period_id = period.id and earned.amount <> 0)
"""


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


async def test_the_queries_of_the_readme_are_answered_from_it(demonstration: Serving) -> None:
    administrator = await demonstration.administrator()
    query, mutation = blocks("graphql")
    reps = (await administrator.ask(query))["reps"]["nodes"]
    lines = [line for rep in reps for line in rep["earnings"]["nodes"]]
    assert len(lines) == len(reps) == 3
    assert all(sum(Decimal(step["amount"]) for step in line["steps"]) == Decimal(line["amount"]["amount"]) for line in lines)
    assert all(rep["pipeline"]["openCount"] > 0 and rep["manager"] for rep in reps)
    created = (await administrator.ask(mutation))["planCreate"]
    assert (created["version"]["state"], created["problems"]) == ("DRAFT", [])


async def test_it_has_all_that_there_is_to_see(demonstration: Serving) -> None:
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


async def test_it_shows_a_draw_a_hold_goals_and_an_accepted_plan(demonstration: Serving) -> None:
    async def counted(statement: str) -> list[int]:
        return list(await demonstration.database.pool.fetchrow(statement))

    assert await counted("select count(*), count(distinct rep_id) from draw") == [1, 1]
    assert min(await counted("select count(*), count(amount) from payment where kind = 'DRAWN'")) >= 1
    assert await counted("select count(*) from payment where kind = 'HELD' and amount > 0") >= [1]
    assert await counted("select count(*), count(achieved) from goal") == [6 * 4 * 3, 6 * 3 * 3]
    accepted = "select count(*), (select count(*) from rep where title = 'Account Executive') from plan_acceptance"
    assert await counted(accepted) == [28, 36]


async def test_nobody_in_it_is_paid_nothing_without_a_reason(demonstration: Serving) -> None:
    async with demonstration.database.transaction() as tx:
        deals = await tx.rows(OF_DEALS)
        months = await tx.rows(OF_MONTHS, {"today": SETTINGS.today})
    silent = [row for row in [*deals, *months] if not row["reasons"]]
    assert silent == []
    told = {reason for row in [*deals, *months] for reason in row["reasons"]}
    assert told >= {"REFUNDED", "NOTHING_EARNED", "NO_PLAN", "NOT_CREDITED", "NOT_CALCULATED"}, told
    assert len(deals) > 20
    assert len(months) > 20


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
