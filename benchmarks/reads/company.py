"""The data set: a company of 1,000 reps, built by SQL in a database of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from spm_graph.store.database import plain

TODAY = date(2026, 5, 10)
DEALS = 200_000
MANAGER, VICE_PRESIDENT = 12, 1
"""The keys of two who see others: ten reps, with themselves, and all thousand."""

COMPANY = Path(__file__).with_name("company.sql")


async def build(address: str, deals: int = DEALS) -> None:
    """Fill a migrated, empty database, and have PostgreSQL count it."""
    connection = await asyncpg.connect(plain(make_url(address)))
    try:
        await connection.execute(COMPANY.read_text().replace("{deals}", str(deals)))
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()
