"""Records on their way in: checked against each other and against what is stored, and copied into temporary tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from spm_graph.store.database import Transaction

from .nouns import NOUNS, SINGULAR, Kind, Noun
from .report import BadCell, Report
from .rows import BadRow, Batch, Row, Values

Progress = Callable[[str, int], None]
"""Told what is being done, and how many rows of it are done."""

EVERY = 1000
"""After how many rows progress is told."""

SQL_TYPES = {Kind.DATE: "date", Kind.AMOUNT: "numeric", Kind.REVISION: "bigint"}


@dataclass(frozen=True, slots=True)
class Staged:
    """A batch's good rows, in a temporary table with a column for each field that its noun has."""

    batch: Batch
    table: str


@dataclass(slots=True)
class _Known:
    """The keys of one noun: good in this import, bad in this import (and where), and stored already."""

    good: set[str] = field(default_factory=set)
    bad: dict[str, str] = field(default_factory=dict)
    stored: Collection[str] = ()
    file: str | None = None

    def fault(self, key: str, noun: str) -> str | None:
        """What was expected instead of a key that nothing can refer to, or none if something can."""
        if key in self.good or key in self.stored:
            return None
        one = SINGULAR[noun]
        if key in self.bad:
            return f"one whose own row is good, and {self.bad[key]} is not"
        return f"the external id of a stored {one}" + (f", or of one in {self.file}" if self.file else "")


@dataclass(slots=True)
class _Tree:
    """What a noun's rows in this import refer to within their own noun: reps to managers, accounts to parents."""

    name: str | None
    rows: dict[str, tuple[Batch, int, str | None]] = field(default_factory=dict)

    def named(self) -> list[tuple[str, str]]:
        """Each key that refers to something, and what it refers to."""
        return [(key, above) for key, (_, _, above) in self.rows.items() if above is not None]


async def stage(tx: Transaction, batches: Sequence[Batch], report: Report, progress: Progress) -> list[Staged]:
    """Copy the good rows of each batch into a table of its own; the report gets the counts read and what was bad.

    A row is bad if a cell is, if its key came before in the same batch, or if it refers to what is neither stored nor a
    good row of this import, or to itself through others.
    """
    staged: list[Staged] = []
    known = {name: _Known() for name in NOUNS}
    referred = {item.refers_to for batch in batches for item in batch.noun.fields if item.refers_to and item.name in batch.fields}
    for noun in NOUNS.values():
        mine = [batch for batch in batches if batch.noun is noun]
        keys = known[noun.name]
        keys.file = mine[0].file if mine else None
        if noun.name in referred:
            keys.stored = {row["external_id"] for row in await tx.rows(f"select external_id from {noun.table}")}
        tree = _Tree(next((item.name for item in noun.fields if item.refers_to == noun.name), None))
        tables: list[str] = []
        for batch in mine:
            tables.append(f"staged_{noun.table}_{len(tables)}")
            await _create(tx, noun, tables[-1])
            driver = await tx.driver()
            records = _Intake(batch, known, tree, report, progress)
            await driver.copy_records_to_table(tables[-1], records=records, columns=("line", *batch.fields))
        refused = await _unfounded(tx, noun, tree, keys, report)
        for table in tables:
            if refused:
                await tx.execute(f"delete from {table} where external_id = any(:keys)", {"keys": sorted(refused)})
            await tx.execute(f"analyze {table}")
        staged += map(Staged, mine, tables)
    return staged


async def _create(tx: Transaction, noun: Noun, table: str) -> None:
    kept = [f"{item.name} {SQL_TYPES.get(item.kind, 'text')}" for item in noun.fields if item.kind is not Kind.CURRENCY]
    derived = ["forecast_category text", "probability numeric", "outcome text"] if noun.name == "opportunities" else []
    await tx.execute(f"create temporary table {table} (line bigint, {', '.join(kept + derived)}) on commit drop")


class _Intake:
    """The good rows of a batch, as COPY takes them; everything else goes into the report."""

    def __init__(self, batch: Batch, known: Map[str, _Known], tree: _Tree, report: Report, progress: Progress) -> None:
        self.batch = batch
        self.keys = known[batch.noun.name]
        self.tree = tree
        self.count = report.counts[batch.noun.name]
        self.report = report
        self.progress = progress
        self.inward = batch.fields.index(tree.name) if tree.name in batch.fields else None
        self.references = [
            (batch.fields.index(item.name), item.name, item.refers_to, known[item.refers_to])
            for item in batch.noun.fields
            if item.refers_to and item.name in batch.fields and item.name != tree.name
        ]

    def __iter__(self) -> Iterator[Values]:
        lines: dict[str, int] = {}
        number = 0
        for number, row in enumerate(self.batch.rows, 1):
            self.count.read += 1
            if number % EVERY == 0:
                self.progress(self.batch.file, number)
            key: str | None = row.key if isinstance(row, BadRow) else row.values[0]
            earlier = lines.setdefault(key, row.line) if key is not None else row.line
            if key is not None and earlier != row.line:
                expected = f"each key once, and line {earlier} has it"
                self._refuse(row.line, None, [self.batch.bad(row.line, "external_id", key, "new key", expected)])
            elif isinstance(row, BadRow):
                self._refuse(row.line, key, row.cells)
            elif faults := list(self._unknown(row)):
                self._refuse(row.line, key, faults)
            else:
                self.keys.good.add(row.values[0])
                if self.inward is not None:
                    self.tree.rows[row.values[0]] = (self.batch, row.line, row.values[self.inward])
                yield (row.line, *row.values)
        self.progress(self.batch.file, number)

    def _unknown(self, row: Row) -> Iterator[BadCell]:
        for index, name, noun, known in self.references:
            value = row.values[index]
            if value is not None and (expected := known.fault(value, noun)):
                yield self.batch.bad(row.line, name, value, name, expected)

    def _refuse(self, line: int, key: str | None, cells: Collection[BadCell]) -> None:
        self.count.bad += 1
        self.report.bad += cells
        if key is not None:
            self.keys.bad[key] = f"{self.batch.file}:{line}"


async def _unfounded(tx: Transaction, noun: Noun, tree: _Tree, keys: _Known, report: Report) -> set[str]:
    """The keys of rows that refer, within their noun, to what is not there or to themselves; they are bad from here on."""
    if not tree.name or not tree.rows:
        return set()
    above: dict[str, str | None] = {row["key"]: row["above"] for row in await tx.rows(_STORED_ABOVE[noun.name], {"today": tx.today})}
    above.update((key, named) for key, (_, _, named) in tree.rows.items())
    refused: set[str] = set()
    faults = [(key, f"one that does not lead back to {key}") for key, _ in tree.named() if _circular(key, above)]
    while faults:
        for key, expected in faults:
            batch, line, named = tree.rows.pop(key)
            report.bad.append(batch.bad(line, tree.name, named or "", tree.name, expected))
            report.counts[noun.name].bad += 1
            keys.good.discard(key)
            keys.bad[key] = f"{batch.file}:{line}"
            refused.add(key)
        faults = [(key, fault) for key, value in tree.named() if (fault := keys.fault(value, noun.name))]
    return refused


def _circular(key: str, above: Map[str, str | None]) -> bool:
    seen = set()
    at = above.get(key)
    while at is not None and at != key and at not in seen:
        seen.add(at)
        at = above.get(at)
    return at == key


_STORED_ABOVE = {
    "reps": """
        select rep.external_id as key, manager.external_id as above
        from reporting_line as line join rep on rep.id = line.rep_id join rep as manager on manager.id = line.manager_id
        where line.effective @> cast(:today as date)
    """,
    "accounts": """
        select account.external_id as key, parent.external_id as above
        from account join account as parent on parent.id = account.parent_id
    """,
}
