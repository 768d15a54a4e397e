"""A small export to import, and the company that it is imported into."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from spm_graph.domain.terms import Grant
from spm_graph.importing import Mapping, Report, load
from spm_graph.importing.mapping import example
from spm_graph.store import clock
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

CREDITS = """
    select rep.name, credit.role, credit.dated, credit.amount from credit join rep on rep.id = credit.rep_id
    where superseded_position is null order by credit.dated, credit.role, rep.name
"""
LINES = """
    select rep.name, manager.name, lower(effective), upper(effective) from reporting_line
    join rep on rep.id = rep_id join rep as manager on manager.id = manager_id order by rep.name, lower(effective)
"""
FILES = {
    "sales_teams.csv": "sales_agent,manager,regional_office\nAna,Mia,East\nBen,Mia,East\nCleo,Max,West\n",
    "accounts.csv": "account,sector,office_location,subsidiary_of\nAcme,technolgy,Philipines,\nBeta,retail,Kenya,Acme\n",
    "products.csv": "product,series,sales_price\nGTX Pro,GTX,4821\nMG,MG,55.50\n",
    "sales_pipeline.csv": (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "O1,Ana,GTXPro,Acme,Won,2016-12-20,2017-03-01,1054\n"
        "O2,Ben,MG,Beta,Lost,2017-01-05,2017-03-09,0\n"
        "O3,Ana,MG,,Engaging,2017-02-01,,\n"
        "O4,Cleo,GTXPro,,Prospecting,,,\n"
    ),
}

ADMINISTRATOR = Actor("administrator", None, frozenset(Grant))


@dataclass(slots=True)
class Export:
    """An export in a folder, and the mapping that reads it."""

    folder: Path
    mapping: Mapping

    def write(self, file: str, content: str | bytes) -> None:
        """Replace a file."""
        (self.folder / file).write_bytes(content.encode() if isinstance(content, str) else content)

    def change(self, file: str, before: str, after: str) -> None:
        """Replace a piece of a file that occurs there once."""
        content = (self.folder / file).read_text(encoding="utf-8")
        assert content.count(before) == 1
        self.write(file, content.replace(before, after))


@dataclass(slots=True)
class Company:
    """A company's database with one measure, everything sold, and what the tests ask it."""

    database: Database
    export: Export

    async def load(self, **options: Any) -> Report:
        """Import the export."""
        return await load(self.database, ADMINISTRATOR, self.export.mapping, self.export.folder, **options)

    async def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a query, as tuples."""
        return [tuple(row.values()) for row in await self.database.pool.fetch(statement)]

    async def value(self, statement: str) -> Any:
        """The only value of a query."""
        return await self.database.pool.fetchval(statement)

    async def position(self) -> int:
        """Where the clock stands."""
        return int(await self.value("select position from clock"))

    async def audited(self, position: int | None) -> list[tuple[str, dict[str, Any]]]:
        """What was written at a position: the noun, and the values that differ from before."""
        rows = await self.database.pool.fetch("select noun, before, after from audit where position = $1 order by ordinal", position)
        written = []
        for noun, before, after in rows:
            old, new = json.loads(before or "{}"), json.loads(after or "{}")
            written.append((noun, {name: value for name, value in new.items() if name not in old or old[name] != value}))
        return written


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Three reps under two managers, two accounts, two products and four opportunities, one of them won."""
    made = Export(tmp_path, Mapping.parse(example(), "example.toml"))
    for file, content in FILES.items():
        made.write(file, content)
    return made


@pytest.fixture
async def company(database: Database, export: Export) -> Company:
    """A company that measures bookings, on 15 January 2018, before its first import."""
    database.today = lambda: date(2018, 1, 15)
    async with database.transaction() as tx:
        await clock.tick(tx, "test", "measureSet")
        await tx.execute(
            "insert into measure (name, kind, basis, transaction_kinds, roles) "
            "values ('bookings', 'MONEY', 'AMOUNT', '{ORDER,REFUND}', '{DIRECT,SPLIT,ROLLUP}')"
        )
    return Company(database, export)
