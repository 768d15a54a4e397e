"""The database that all contestants answer from: made, filled, given keys for its askers, and dropped at the end."""

from __future__ import annotations

from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from spm_graph.actions.keys import hashed
from spm_graph.domain.terms import Grant, names
from spm_graph.store import migrate
from spm_graph.store.database import plain

from .company import MANAGER, VICE_PRESIDENT, build

DATABASE = "spm_benchmark"
TOKENS = {name: f"spm_{name:x<43}" for name in ("administrator", "president", "manager")}

# What PostGraphile's users write for sums and for orders of their own: functions over a row, which it offers as fields.
COMPUTED = """
create function rep_latest_opportunities(rep rep) returns setof opportunity language sql stable as $$
    select * from opportunity where owner_id = rep.id
    order by coalesce(closed_on, expected_close_on, opened_on, date '1900-01-01') desc, id desc
$$;
create function rep_open_opportunities(rep rep) returns setof opportunity language sql stable as $$
    select * from opportunity where owner_id = rep.id and outcome is null order by id
$$;
create function rep_earnings_total(rep rep) returns numeric language sql stable as $$
    select coalesce(sum(amount), 0) from earned where rep_id = rep.id
$$;
create function rep_quota_of_quarter(rep rep) returns numeric language sql stable as $$
    select sum(part.value) from quota_part as part
    where part.rep_id = rep.id and part.measure_id = 1 and part.period_id in (
        select month.id from period as month, period as whole
        where month.kind = 'MONTH' and whole.name = '2026-Q2' and month.effective <@ whole.effective)
$$;
"""


async def prepared(url: str) -> tuple[str, int | None]:
    """The address of the filled database, and PostgreSQL's process where it is one of this machine."""
    await dropped(url)
    server = await asyncpg.connect(plain(make_url(url)))
    await server.execute(f"create database {DATABASE}")
    await server.close()
    address = make_url(url).set(database=DATABASE).render_as_string(hide_password=False)
    await migrate.upgrade(address)
    await build(address)
    connection = await asyncpg.connect(plain(make_url(address)))
    await connection.execute(COMPUTED)
    await connection.execute("set session_replication_role = replica")  # keys are audited, and the clock need not tick here
    keys = [("administrator", None, names(Grant)), ("president", VICE_PRESIDENT, []), ("manager", MANAGER, [])]
    for name, rep, grants in keys:
        await connection.execute(
            "insert into api_key (name, hash, rep_id, grants, created_at) values ($1, $2, $3, $4, now())",
            name,
            hashed(TOKENS[name]),
            rep,
            list(grants),
        )
    backend = Path(f"/proc/{await connection.fetchval('select pg_backend_pid()')}/stat")
    try:
        stat = backend.read_text()  # as long as it is connected: afterwards there is no such process
    except FileNotFoundError:
        stat = ""
    await connection.close()
    return address, int(stat.rpartition(")")[2].split()[1]) if "(postgres)" in stat else None


async def dropped(url: str) -> None:
    """Remove the database."""
    server = await asyncpg.connect(plain(make_url(url)))
    await server.execute(f"drop database if exists {DATABASE} with (force)")
    await server.close()
