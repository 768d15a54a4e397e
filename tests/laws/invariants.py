"""What must be true of the database whatever happened: each a statement that finds what is not as it should be.

Each looks at what was touched after a position: at what an act did, or, after position 0, at everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from spm_graph.store.database import Transaction

from .booked import BOOKED
from .counted import COUNTED

TOUCHED = """
with now as (select position from clock),
told as (
    select noun, row_id, coalesce(after, before) as row from audit, now where audit.position > :since and audit.position <= now.position
),
booked(rep_id) as (
    select rep_id from earning where position > :since
    union select rep_id from payment where position > :since
    union select rep_id from earned where position > :since
    union select rep_id from adjustment where position > :since
    union select rep_id from adjustment_decision as decided join adjustment on adjustment.id = adjustment_id where decided.position > :since
    union select entitled.rep_id from entitled join period on period.id = period_id where closed_position > :since
),
counted(rep_id) as (
    select rep_id from touch, now where touch.position > :since and touch.position <= now.position
    union select rep_id from credit where made_position > :since or superseded_position > :since
    union select rep_id from credited where position > :since
    union select rep_id from quota_part where :since = 0
    union select (row ->> 'rep_id')::bigint from told where row ? 'rep_id'
    union select row_id::bigint from told where noun = 'rep'
)
select now.position as until,
       array(select rep_id from counted where rep_id is not null) as reps,
       array(select rep_id from booked) as paid,
       array(select distinct noun from told order by noun) as nouns
from now
"""


@dataclass(frozen=True)
class Touched:
    """What happened after the position `since`, up to `until`.

    `reps` are those whose pay may have changed, or what it is calculated from; `paid` those for whom something was booked, or
    whose month was closed; `nouns` the audited tables that were changed.
    """

    since: int
    until: int
    reps: list[int]
    paid: list[int]
    nouns: list[str]

    @classmethod
    async def after(cls, tx: Transaction, position: int) -> Touched:
        """What was touched after a position; after 0, everything."""
        row = await tx.row(TOUCHED, {"since": position})
        assert row is not None, "there is a clock"
        return cls(position, **row)


INVARIANTS = {**COUNTED, **BOOKED}
"""Checked after each act, of what it touched, and after each month, of everything."""

AUDITED = """
select event_object_table as name from information_schema.triggers
where trigger_schema = current_schema() and trigger_name = event_object_table || '_audit' group by 1 order by 1
"""

OF_ONE_ROW = ("company", "event_horizon")

# Nothing is audited of rows that a migration made, until they change.
TOLD = """
with told as (
    select distinct on (row_id) row_id, after from audit where noun = '{name}' and position > :since
    order by row_id, position desc, ordinal desc
)
select '{name}' as noun, coalesce(stored.id, told.row_id) as row_id, stored.row as stored, told.after as told
from (
    select {key} as id, to_jsonb(given) as row from {name} as given where :since = 0 or {key} in (select row_id from told)
) as stored
full join told on told.row_id = stored.id
where stored.row is distinct from told.after and not (told.row_id is null and '{name}' in ('company', 'event_horizon'))
"""

KEPT = ("tick", "audit", "touch", "stage_change", "posting", "earning", "earning_credit", "adjustment", "payment", "payout_line", "event")
"""What is only ever added to."""

AS_IT_WAS = """
select count(*) as number, coalesce(sum(hashtextextended(given::text, 0)), 0) as sum from {name} as given where {position} <= :position
"""
POSITIONS = {
    "earning_credit": "(select earning.position from earning where earning.id = earning_id)",
    "payout_line": "(select payment.position from payment where payment.id = payment_id)",
}


class Broken(AssertionError):
    """An invariant that does not hold."""


async def require(tx: Transaction, invariants: Mapping[str, str], touched: Touched) -> None:
    """Raise `Broken` for the first invariant that what was touched breaks, with what it is."""
    parts = [
        f"(select '{name}' as broken, to_jsonb(found) as found from ({statement}) as found limit 10)"
        for name, statement in invariants.items()
    ]
    rows = await tx.rows(" union all ".join(parts), asdict(touched)) if parts else []
    if rows:
        name = rows[0]["broken"]
        raise Broken(f"{name}, but:\n" + "\n".join(str(row["found"]) for row in rows if row["broken"] == name))


def told(nouns: Iterable[str]) -> dict[str, str]:
    """For each of these audited tables: the audit's last word on every row is what the row is."""
    keys = {name: "'only'" if name in OF_ONE_ROW else "given.id::text" for name in nouns}
    return {f"the audit knows every {name} as it is": TOLD.format(name=name, key=key) for name, key in keys.items()}


async def audited(tx: Transaction) -> list[str]:
    """The names of the audited tables."""
    return [row["name"] for row in await tx.rows(AUDITED)]


class Archive:
    """What ledgers, audit and events were when it was last looked at: they are only ever added to."""

    def __init__(self) -> None:
        self.position = 0
        self.known: dict[str, tuple[int, Decimal]] = {}

    async def unchanged(self, tx: Transaction) -> None:
        """Raise `Broken` if something that was there is another now, or gone; remember what there is."""
        for name, before in self.known.items():
            now = await self._sums(tx, name)
            if now != before:
                raise Broken(f"what is only ever added to changed: {name} had {before} up to {self.position}, and has {now}")
        self.position = await tx.scalar("select position from clock")
        self.known = {name: await self._sums(tx, name) for name in KEPT}

    async def _sums(self, tx: Transaction, name: str) -> tuple[int, Decimal]:
        statement = AS_IT_WAS.format(name=name, position=POSITIONS.get(name, "given.position"))
        row = await tx.row(statement, {"position": self.position})
        assert row is not None, "a sum has a row"
        return row["number"], row["sum"]
