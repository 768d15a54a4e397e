"""From deal to pay, the whole way: a CRM export imported by the command, and everything else over HTTP."""

from __future__ import annotations

import asyncio
import csv
import os
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from spm_graph.cli import main
from spm_graph.demonstration.export import write_export
from spm_graph.importing.mapping import example
from tests.api.conftest import Client, Serving

CENT = Decimal("0.01")
QUOTA = Decimal(90_000)
TIERS = ((Decimal(0), Decimal("0.04")), (Decimal("0.8"), Decimal("0.06")), (Decimal(1), Decimal("0.09")))
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "maven_crm_sales_opportunities"


def exports() -> list[object]:
    """The look-alike always, and the export itself where it is."""
    given = Path(os.environ.get("SPM_CRM_EXPORT", REAL))
    missing = pytest.mark.skipif(not given.is_dir(), reason=f"the CRM export is not here ({given.name}); SPM_CRM_EXPORT names its folder")
    return [pytest.param(None, id="look-alike"), pytest.param(given, id="export", marks=missing)]


def commissions(folder: Path) -> dict[tuple[str, str], Decimal]:
    """By rep and quarter, what marginal tiers on attainment pay: worked out here from the files alone."""
    sold: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    with (folder / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["deal_stage"] == "Won":
                year, month, _ = row["close_date"].split("-")
                sold[row["sales_agent"], f"{year}-Q{(int(month) + 2) // 3}"] += Decimal(row["close_value"])
    edges = [start * QUOTA for start, _ in TIERS] + [Decimal("Infinity")]
    return {
        key: sum(
            ((min(amount, edges[index + 1]) - edges[index]) * rate for index, (_, rate) in enumerate(TIERS) if amount > edges[index]),
            Decimal(0),
        ).quantize(CENT, ROUND_HALF_UP)
        for key, amount in sold.items()
    }


@pytest.mark.parametrize("given", exports())
async def test_a_year_from_the_export_to_closed_books(
    given: Path | None, server: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = given or tmp_path
    if given is None:
        write_export(folder, year=2017)
    (tmp_path / "mapping.toml").write_text(example(), encoding="utf-8")
    await imported(server, folder, tmp_path / "mapping.toml", monkeypatch, capsys)
    administrator = await server.administrator()
    await the_company_is_as_exported(administrator)
    agents = await set_up(administrator)
    due = commissions(folder)
    for month in range(1, 13):
        await paid(administrator, f"2017-{month:02}")
    for agent in agents:
        for number in range(1, 5):
            assert await earned(administrator, agent, number) == due.get((agent, f"2017-Q{number}"), 0)
    everything = await administrator.ask("{ earnings { totalCount } runs { nodes { state } } }")
    assert {run["state"] for run in everything["runs"]["nodes"]} == {"POSTED"}
    await nothing_is_left_to_pay(administrator)
    await the_events_tell_it_all(server, administrator)


async def imported(
    server: Serving, folder: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Import by the command, twice: the second time changes nothing."""
    monkeypatch.setenv("DATABASE_URL", server.database.url)
    monkeypatch.setenv("SPM_TODAY", "2018-01-15")
    for said in ("8,800", "Nothing was to be changed."):
        status = await asyncio.to_thread(main, ["import", "--mapping", str(mapping), str(folder), "--strict"])
        assert status == 0
        assert said in capsys.readouterr().out


async def the_company_is_as_exported(administrator: Client) -> None:
    """The numbers that the export is known by."""
    found = await administrator.ask(
        """
        {
          all: opportunities { totalCount }
          won: opportunities(where: {outcome: WON}) { totalCount }
          accounts { totalCount }
          products { totalCount nodes { name } }
          managers: reps(where: {title: ["Sales Manager"]}) { totalCount nodes { office } }
          agents: reps(where: {title: ["Sales Agent"]}, first: 100) { totalCount nodes { office opportunities(first: 1) { totalCount } } }
        }
        """
    )
    assert (found["all"]["totalCount"], found["won"]["totalCount"]) == (8_800, 4_238)
    assert (found["accounts"]["totalCount"], found["products"]["totalCount"]) == (85, 7)
    assert "GTX Pro" in {product["name"] for product in found["products"]["nodes"]}
    assert found["managers"]["totalCount"] == 6
    assert {manager["office"] for manager in found["managers"]["nodes"]} == {"Central", "East", "West"}
    assert found["agents"]["totalCount"] == 35
    assert sum(agent["opportunities"]["totalCount"] > 0 for agent in found["agents"]["nodes"]) == 30


async def set_up(administrator: Client) -> list[str]:
    """A measure, quotas and a plan for all agents; who they are."""
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})
    found = await administrator.ask('{ reps(first: 100, where: {title: ["Sales Agent"]}) { nodes { externalId } } }')
    agents = [rep["externalId"] for rep in found["reps"]["nodes"]]
    tiers = [{"starts": str(start), "rate": str(rate)} for start, rate in TIERS]
    component = {
        "name": "Commission",
        "measure": "bookings",
        "window": "QUARTER_TO_DATE",
        "config": {"tieredCommission": {"tiers": tiers, "tiersIn": "ATTAINMENT"}},
    }
    plan = await administrator.do(
        "planCreate", "plan { id } version { id state }", {"name": "Account executive", "starts": "2017-01-01", "components": [component]}
    )
    assert plan["version"]["state"] == "DRAFT"
    await administrator.do("planPublish", "version { state }", {"version": plan["version"]["id"]})
    for agent in agents:
        for quarter in range(1, 5):
            quota = {"rep": {"externalId": agent}, "measure": "bookings", "period": {"name": f"2017-Q{quarter}"}, "value": str(QUOTA)}
            await administrator.do("quotaSet", "quota { id }", quota)
        assigned = {"plan": plan["plan"]["id"], "rep": {"externalId": agent}, "starts": "2017-01-01"}
        await administrator.do("planAssign", "rep { id }", assigned)
    return agents


async def paid(administrator: Client, month: str) -> None:
    """Calculate a month, look through it, post it, close it; the statements say what was paid."""
    started = await administrator.do(
        "runStart",
        "run { id state problems { message } total { amount } changes(first: 1000) { nodes { difference { amount } } } }",
        {"period": {"name": month}},
    )
    run = started["run"]
    assert (run["state"], run["problems"]) == ("CALCULATED", [])
    assert sum((Decimal(change["difference"]["amount"]) for change in run["changes"]["nodes"]), Decimal(0)) == Decimal(
        run["total"]["amount"]
    )
    posted = await administrator.do("runPost", "run { state } posting { position }", {"run": run["id"], "idempotencyKey": f"post {month}"})
    again = await administrator.do("runPost", "run { state } posting { position }", {"run": run["id"], "idempotencyKey": f"post {month}"})
    assert again == posted
    await administrator.do("periodClose", "period { state }", {"period": {"name": month}})
    found = await administrator.ask(
        "query ($month: String!) { reps(first: 100) { nodes { statement(period: {name: $month})"
        " { opening { amount } earned { amount } payable { amount } carried { amount } paid { amount } } } } }",
        month=month,
    )
    statements = [rep["statement"] for rep in found["reps"]["nodes"]]
    amounts = [{name: Decimal(money["amount"]) if money else Decimal(0) for name, money in each.items()} for each in statements]
    assert all(each["opening"] + each["earned"] == each["payable"] + each["carried"] for each in amounts)
    assert all(each["payable"] == each["paid"] for each in amounts)
    assert sum(each["earned"] for each in amounts) == Decimal(run["total"]["amount"])


async def earned(administrator: Client, agent: str, quarter: int) -> Decimal:
    """What a rep earned in a quarter, line by line: each line is the sum of its steps."""
    found = await administrator.ask(
        "query ($rep: String!, $quarter: String!) { rep(ref: {externalId: $rep}) { earningsTotal(period: {name: $quarter}) { amount }"
        " earnings(where: {period: {name: $quarter}}) { nodes { amount { amount } steps { base rate amount } } } } }",
        rep=agent,
        quarter=f"2017-Q{quarter}",
    )
    lines = found["rep"]["earnings"]["nodes"]
    for line in lines:
        assert sum((Decimal(step["amount"]) for step in line["steps"]), Decimal(0)) == Decimal(line["amount"]["amount"])
    total = Decimal(found["rep"]["earningsTotal"]["amount"])
    assert sum((Decimal(line["amount"]["amount"]) for line in lines), Decimal(0)) == total
    return total


async def nothing_is_left_to_pay(administrator: Client) -> None:
    """Calculating again changes nothing."""
    again = await administrator.do("runStart", "run { total { amount } changes { totalCount } }", {"period": {"name": "2017-12"}})
    assert (again["run"]["total"]["amount"], again["run"]["changes"]["totalCount"]) == ("0.00", 0)


async def the_events_tell_it_all(server: Serving, administrator: Client) -> None:
    """Read page by page, the events are those of the store, in order."""
    query = "query ($after: Cursor!) { events(after: $after, first: 1000) { nodes { cursor } cursor hasMore } }"
    page: dict[str, Any] = {"cursor": "0", "hasMore": True}
    read: list[str] = []
    while page["hasMore"]:
        page = (await administrator.ask(query, after=page["cursor"]))["events"]
        read += [node["cursor"] for node in page["nodes"]]
    stored = await server.database.pool.fetch("select position || '.' || ordinal as cursor from event order by position, ordinal")
    assert read == [row["cursor"] for row in stored]
