"""Effective-dated facts, and the one way to change them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table, and_, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from .database import Transaction

GIVEN = "unnest(cast(:keys as bigint[]), cast(:days as date[])) as given(key, day)"
GONE = f"delete from {{table}} as held using {GIVEN} where held.{{key}} = given.key and lower(held.effective) >= given.day"
CUT = f"""
update {{table}} as held set effective = held.effective * daterange(null, given.day)
from {GIVEN} where held.{{key}} = given.key and held.effective @> given.day
"""


def effective(starts: date, ends: date | None) -> Range[date]:
    """Half-open dates as PostgreSQL's daterange; without an end, for ever."""
    return Range(starts, ends, bounds="[)")


async def supersede(
    tx: Transaction,
    table: Table,
    keys: Mapping[str, Any],
    starts: date,
    ends: date | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """From `starts` until `ends`, `values` hold for `keys`; without values, nothing does.

    What held before is cut to the dates around: nobody's past changes but in the dates given. The audit keeps what was
    overwritten.
    """
    wanted = effective(starts, ends)
    matches = and_(*(table.c[name] == value for name, value in keys.items()))
    overlapping = await tx.rows(select(table).where(matches, table.c.effective.op("&&")(wanted)).order_by(func.lower(table.c.effective)))
    for row in overlapping:
        held: Range[date] = row["effective"]
        before = held.lower is None or held.lower < starts
        after = ends is not None and (held.upper is None or held.upper > ends)
        copied = {name: value for name, value in row.items() if name not in ("id", "effective")}
        if before:
            await tx.execute(update(table).where(table.c.id == row["id"]).values(effective=Range(held.lower, starts, bounds="[)")))
            if after:
                await tx.execute(insert(table).values(**copied, effective=Range(ends, held.upper, bounds="[)")))
        elif after:
            await tx.execute(update(table).where(table.c.id == row["id"]).values(effective=Range(ends, held.upper, bounds="[)")))
        else:
            await tx.execute(delete(table).where(table.c.id == row["id"]))
    if values is not None:
        await tx.execute(insert(table).values(**keys, **values, effective=wanted))


async def end(tx: Transaction, table: Table, key: str, since: Mapping[int, date]) -> None:
    """From its day on, nothing holds for each of these values of the column `key`: as `supersede` without values, for many at once."""
    columns = {"keys": list(since), "days": list(since.values())}
    await tx.execute(GONE.format(table=table.name, key=key), columns)
    await tx.execute(CUT.format(table=table.name, key=key), columns)
