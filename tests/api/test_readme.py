"""The README is right: its queries are answered, its plugin pays, its tables say what the code says."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from spm_graph.cli import commands
from spm_graph.demonstration.company import populate, wanting
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Credit, Performance
from spm_graph.settings import Settings, described
from spm_graph.store.database import Database
from tests.api.conftest import Serving, roomy

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The README's blocks of code in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
async def demonstration(serve: Callable[[Settings], str], database: Database) -> Serving:
    """The demonstration, as the first command leaves it."""
    said: list[str] = []
    assert await wanting(database)
    await populate(database, IncentiveTypes.discover(), said.append)
    assert said[-1] == "calculating and posting 2017-12"
    assert not await wanting(database)
    return Serving(serve(roomy("2018-01-15")), database)


async def test_its_queries_are_answered_from_the_demonstration(demonstration: Serving) -> None:
    administrator = await demonstration.administrator()
    query, mutation = blocks("graphql")
    reps = (await administrator.ask(query))["reps"]["nodes"]
    assert len(reps) == 3
    paid = [line for rep in reps for line in rep["statement"]["lines"]["nodes"]]
    assert len(paid) >= 2, [rep["name"] for rep in reps]
    assert all(sum(Decimal(step["amount"]) for step in line["steps"]) == Decimal(line["amount"]["amount"]) for line in paid)
    assert all(len(line["steps"]) > 1 for line in paid), "a correction shows its whole calculation"
    created = (await administrator.ask(mutation))["planCreate"]
    assert (created["version"]["state"], created["problems"]) == ("DRAFT", [])


async def test_the_demonstration_pays_what_its_ledger_says_and_is_finished_after_a_break(demonstration: Serving) -> None:
    before = await state(demonstration.database)
    assert before["paid"] == before["earned_in_closed_months"] > 0
    await populate(demonstration.database, IncentiveTypes.discover(), lambda said: None)
    after = await state(demonstration.database)
    assert {**after, "earnings": 0} == {**before, "earnings": 0}


async def state(database: Database) -> dict[str, Any]:
    """What must not change when the demonstration is filled again."""
    row = await database.pool.fetchrow(
        "select (select count(*) from opportunity) as opportunities, (select count(*) from earning) as earnings,"
        " (select sum(amount) from earning) as earned, (select sum(amount) from payment) as paid,"
        " (select sum(amount) from earning join period on period.id = period_id where state = 'CLOSED') as earned_in_closed_months,"
        " (select count(*) from plan_version) as versions, (select count(*) from quota) as quotas"
    )
    return dict(row)


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
