"""How the rows of a page are found: in order by whoever sees much, and by whoever sees little rep by rep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from spm_graph.store.predicates import SEEN
from spm_graph.store.visibility import found_by_rep, visible_to_few

from .arguments import Inputs, Leaf
from .cursors import decoded
from .declarations import Order, Paged, Source
from .rows import TableRow
from .site import Site

if TYPE_CHECKING:
    from .compile import Compiler
    from .statement import Statement

RELTUPLES = "(select reltuples from pg_class where oid = '{}'::regclass)"
"""About how many rows a table has, as PostgreSQL's own planner knows."""

REPS = f"greatest(1, {RELTUPLES.format('rep')})"


def ways_to_all(statement: Statement, table: str, alias: str) -> list[str | None]:
    """What all rows that somebody sees fulfil, in ways that find none of them twice.

    Everybody but who sees nearly all has theirs looked up.
    """
    few = _few(statement, table, alias)
    if not few:
        return [statement.predicate(table, alias)]
    much = _more(f"0.9 * {REPS}")
    return [f"{_in_order(statement, table, alias)} and {much}", *(f"{part} and not {much}" for part in few)]


class Found:
    """The rows of a page in an order that `label` names. Of two ways to find them, the one for other askers costs nothing."""

    def __init__(self, compiler: Compiler, read: Paged, source: Source, site: Site, order: Order, label: str) -> None:
        self.compiler, self.statement, self.read, self.source, self.site = compiler, compiler.statement, read, source, site
        self.order, self.label = order, label
        self.names = [f"k{index}" for index in range(len(order.keys))]
        self.way = " desc" if order.descending is not isinstance(site.arguments.get("last"), Leaf) else ""
        lists_all = read.where == "true" and read.relation is None and not read.inherited
        self.table = source.table if lists_all else None

    def count(self) -> str:
        """How many there are."""
        row = TableRow(self.statement.alias())
        ways = ways_to_all(self.statement, self.table, row.alias) if self.table else [self._seen(row)]
        return " + ".join(f"(select count(*) {self._origin(row, way)})" for way in ways)

    def behind(self, cursor: str) -> str:
        """Whether there are any up to the cursor in that argument."""
        row = TableRow(self.statement.alias())
        # The row nearest to the cursor, mostly its own: of EXISTS, PostgreSQL begins to look at whichever end of the list it likes.
        back = "" if self.way else " desc"
        order = ", ".join(f"{key}{back}" for key in self._keys(row))
        origin = self._origin(row, self._seen(row))
        return f"coalesce((select true {origin} and {self._beyond(row, cursor, behind=True)} order by {order} limit 1), false)"

    def page(self, row: TableRow, size: str, *, numbered: bool) -> str:
        """So many of them with the columns that were asked of `row`, and, `numbered` by n, one more."""
        inner = TableRow(row.alias)
        limit = f"limit {size}{' + 1' if numbered else ''}"
        few = _few(self.statement, self.table, inner.alias)
        order = self._sorted(self.names if few else self._keys(inner))
        taken = [f"{inner.alias}.{name}" for name in row.taken if name != "n"]
        shown = ", ".join(taken + [f"row_number() over (order by {order}) as n"] * numbered) or "1"
        if not few:
            return self._first(inner, shown, self._origin(inner, self._seen(inner)), limit)
        columns = ", ".join([*taken, self._named(inner)])
        much, little = self._looked_up(inner, columns, few, size, limit)
        many = self._first(inner, columns, self._origin(inner, f"{_in_order(self.statement, self.table, inner.alias)} and {much}"), limit)
        # OFFSET has few rows looked up and then sorted: without it, they may be looked for among all rows in order.
        first_of_few = f"select * from ({little} offset 0) as {inner.alias} where not {much} order by {order} {limit}"
        return f"select {shown} from (({many}) union all ({first_of_few})) as {inner.alias} order by {order} {limit}"

    def _looked_up(self, row: TableRow, columns: str, few: Sequence[str], size: str, limit: str) -> tuple[str, str]:
        """Whether somebody sees too much to look up what is theirs, and the rows looked up, the page's among them.

        With a part f of r reps, so many `rows` of n take rows / f in order, and f * n looked up, but of each rep no more than rows
        where they are found by rep: f * r * rows. The former is less where f * f is more than rows / n, or 1 / r.
        """
        assert self.table
        own, listed = found_by_rep(self.table)
        part = f"{size} / greatest(1, {RELTUPLES.format(self.table)})"
        much = _more(f"sqrt({f'greatest({part}, 1 / {REPS})' if own else part}) * {REPS}")
        if own is None:
            theirs = " or ".join(few)
            return much, f"select {columns} {self._origin(row, f'({theirs})')}{self._past(row)}"
        if listed is None:
            return much, self._of_each(row, f"{row.alias}.*", columns, self._owned(row, own), limit)
        firsts = f"{row.alias}.id = any (array({self._first_ids(own, listed, limit)}))"
        return much, f"select {columns} {self.compiler.origin(self.read, self.source, row, self.site, firsts)}"

    def _first_ids(self, own: str, listed: str, limit: str) -> str:
        """The ids of those that come first, of the first that each rep has and of the first of others that are listed under the rep.

        Indexes have all that it takes. What a rep has who is seen is found as theirs, so that it is left out where it is listed:
        afterwards, for the first of a list are found without a look at the rest, but before a filter is held against the row itself.
        """
        names = ", ".join(self.names)
        mine, other, whole = (TableRow(self.statement.alias()) for _ in range(3))
        other.computed = {"id": f"{{{self.table}_id}}"}
        elsewhere = f"({other.alias}.{own} {SEEN}) is not true"
        origin = f"from {listed} as {other.alias} where {other.alias}.rep_id = seen.rep_id"
        if isinstance(self.site.arguments.get("where"), Mapping):
            row = self._origin(whole, f"{whole.alias}.id = {other.alias}.{self.table}_id")
            origin += f" and {elsewhere} and exists (select {row} offset 0)"
        theirs = self._of_each(mine, names, self._named(mine), self._owned(mine, own), limit)
        others = self._of_each(other, f"distinct {names}", f"{self._named(other)}, {other.alias}.{own}", origin, limit)
        both = f"{theirs} union all {others} where {elsewhere}"
        return f"select {self.names[-1]} from ({both}) as found order by {self._sorted(self.names)} {limit}"

    def _owned(self, row: TableRow, own: str) -> str:
        return self._origin(row, f"{row.alias}.{own} = seen.rep_id")

    def _of_each(self, row: TableRow, shown: str, columns: str, origin: str, limit: str) -> str:
        """The first of the rows of each rep who is seen."""
        return f"select {shown} from visible_rep as seen cross join lateral ({self._first(row, columns, origin, limit)}) as {row.alias}"

    def _first(self, row: TableRow, columns: str, origin: str, limit: str) -> str:
        return f"select {columns} {origin}{self._past(row)} order by {self._sorted(self._keys(row))} {limit}"

    def _seen(self, row: TableRow) -> str | None:
        return self.compiler.seen(self.read, self.source, row)

    def _origin(self, row: TableRow, predicate: str | None) -> str:
        origin = self.compiler.origin(self.read, self.source, row, self.site, predicate)
        return origin + self.compiler.searched(self.read.searches, row, self.site)

    def _keys(self, row: TableRow) -> list[str]:
        return [self.statement.expand(sql, row) for sql, _ in self.order.keys]

    def _named(self, row: TableRow) -> str:
        return ", ".join(f"{key} as {name}" for key, name in zip(self._keys(row), self.names, strict=True))

    def _sorted(self, keys: Sequence[str]) -> str:
        return ", ".join(f"{key}{self.way}" for key in keys)

    def _past(self, row: TableRow) -> str:
        given = [name for name in ("after", "before") if isinstance(self.site.arguments.get(name), Leaf)]
        return "".join(f" and {self._beyond(row, name)}" for name in given)

    def _beyond(self, row: TableRow, name: str, *, behind: bool = False) -> str:
        """The rows past a cursor in the direction of reading; with `behind`, those up to it."""
        cursor = self.site.arguments[name]
        assert isinstance(cursor, Leaf)
        values = ", ".join(
            self.statement.asked((id(cursor), index), self._key(cursor, index), type_) for index, (_, type_) in enumerate(self.order.keys)
        )
        greater = (name == "after") is not self.order.descending
        # Events are the only rows that may be gone: the condition refuses a cursor behind which some are.
        stands = f"event_cursor_stands({values}) and " if self.order.plain else ""
        return f"{stands}({', '.join(self._keys(row))}) {'>' if greater is not behind else '<'}{'=' if behind else ''} ({values})"

    def _key(self, cursor: Leaf, index: int) -> Any:
        order, label = self.order, self.label

        def read(inputs: Inputs) -> Any:
            return decoded(cursor.read(inputs), order, label, cursor.path)[index]

        return read


def _few(statement: Statement, table: str | None, alias: str) -> list[str]:
    """What the rows of somebody who sees little fulfil, in parts; none: they are not found in a way of their own."""
    return [statement.seen(part, alias) for part in visible_to_few(table, statement.grants)] if table else []


def _in_order(statement: Statement, table: str | None, alias: str) -> str:
    # IS TRUE has the reps hashed and each row checked: without it, what is theirs is looked up rep by rep, and all of it sorted.
    return f"({statement.predicate(table, alias)}) is true"


def _more(reps: str) -> str:
    """Whether somebody sees more than so many reps; no more of them are counted than it takes to know."""
    return f"exists (select from visible_rep offset floor({reps})::bigint)"
