"""The look-alike export always, and the real one where it is there: the same mapping, and the same totals as the files."""

from __future__ import annotations

import csv
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from spm_graph.demonstration.export import write_export

from .conftest import Company

REAL = Path(os.environ.get("SPM_CRM_EXPORT") or Path(__file__).parents[3] / "shared/data/maven_crm_sales_opportunities")
COUNTS = {"reps": 41, "accounts": 85, "products": 7, "opportunities": 8_800}
OPEN = """
    select count(*) filter (where account_id is null), count(*) filter (where opened_on is null),
           count(*) filter (where closed_on is null and amount is null)
    from opportunity
"""


def won(folder: Path) -> list[Decimal]:
    """The values of the deals won, as the pipeline's file says them."""
    with (folder / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        return [Decimal(row["close_value"]) for row in csv.DictReader(file) if row["deal_stage"] == "Won"]


async def check_full_size(company: Company, year: int, amount: Decimal) -> None:
    """What the real export and the look-alike have in common."""
    report = await company.load(strict=True)
    assert report.bad == []
    assert {noun: count.new for noun, count in report.counts.items()} == COUNTS
    assert (report.won_deals, report.won_amount, report.orders_new, report.reporting_lines_set) == (4_238, amount, 4_238, 35)
    assert await company.rows(OPEN) == [(1_425, 500, 2_089)]
    assert await company.rows("select count(distinct owner_id), count(distinct rep.office) from opportunity, rep") == [(30, 3)]
    assert await company.rows(
        "select title, count(*), count(office), count(distinct line.rep_id) "
        "from rep left join reporting_line as line on line.rep_id = rep.id group by title order by title"
    ) == [("Sales Agent", 35, 35, 35), ("Sales Manager", 6, 6, 0)]
    assert await company.value("select min(lower(effective)) from reporting_line") == date(year - 1, 1, 1)
    assert (
        await company.value("select count(*) from opportunity as deal join product on product.id = product_id where family = 'GTX'") > 1_000
    )
    assert await company.value("select count(*) from account where industry = 'technology'") > 0
    assert await company.value("select count(*) from account where industry = 'technolgy' or country = 'Philipines'") == 0
    assert await company.value("select count(*) from account where parent_id is not null") > 0
    assert await company.rows(
        "select role, count(*), sum(amount), max(dated) - min(dated) > 300 from credit where superseded_position is null group by role"
    ) == [("DIRECT", 4_238, amount, True), ("ROLLUP", 4_238, amount, True)]
    assert (await company.load()).position is None


async def test_the_look_alike_loads_in_full(company: Company) -> None:
    write_export(company.export.folder, year=2017)
    await check_full_size(company, 2017, sum(won(company.export.folder), Decimal(0)))


async def test_the_real_export_loads_in_full(company: Company) -> None:
    if not REAL.is_dir():
        pytest.skip(f"the export is not in {REAL}: name its folder in SPM_CRM_EXPORT")
    company.export.folder = REAL
    await check_full_size(company, 2017, Decimal(10_005_534))


def test_a_look_alike_is_the_same_each_time_and_as_large_as_asked(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "other")]
    for folder, seed in zip(folders, (1, 1, 2), strict=True):
        folder.mkdir()
        write_export(folder, year=2026, opportunities=90, seed=seed)
    one, two, other = ({path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} for folder in folders)
    assert one == two
    assert one != other
    assert len(one["sales_pipeline.csv"].splitlines()) == 91


def test_a_look_alike_has_the_defects_of_the_real_export(tmp_path: Path) -> None:
    write_export(tmp_path, year=2026, opportunities=880)
    texts = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert "GTXPro" in texts["sales_pipeline.csv"]
    assert "GTX Pro" not in texts["sales_pipeline.csv"]
    assert "GTX Pro" in texts["products.csv"]
    assert "technolgy" in texts["accounts.csv"]
    assert "Philipines" in texts["accounts.csv"]
    agents, managers, offices = zip(*(line.split(",") for line in texts["sales_teams.csv"].splitlines()[1:]), strict=True)
    assert (len(set(agents)), len(set(managers)), len(set(offices)), set(agents) & set(managers)) == (35, 6, 3, set())
    days = {cell for row in texts["sales_pipeline.csv"].splitlines()[1:] for cell in row.split(",")[5:7] if cell}
    assert {day[:4] for day in days} == {"2025", "2026"}
