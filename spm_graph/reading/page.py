"""Connections: keyset pages with opaque cursors, forwards and backwards.

A table's own columns are selected and limited first, in an inner select; everything else is read for the rows that remain.
One row more than asked for is read only where the selection wants to know whether there are more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLObjectType, get_named_type

from .arguments import LIMIT_EXCEEDED, Leaf, refused, word
from .declarations import Paged
from .found import Found
from .json_text import Literal, Piece, concat, members
from .rows import TableRow
from .site import Path, Site

if TYPE_CHECKING:
    from .compile import Compiler

MOST = 1000
"""The most rows of a page."""


def paged(compiler: Compiler, read: Paged, site: Site) -> list[Piece]:
    """The JSON of a connection."""
    return _Page(compiler, read, site).connection()


class _Page:
    def __init__(self, compiler: Compiler, read: Paged, site: Site) -> None:
        self.compiler, self.statement, self.read, self.site = compiler, compiler.statement, read, site
        self.node = get_named_type(site.named.fields["nodes"].type)
        asked = word(site.arguments.get("orderBy"))
        self.order = read.orders[asked] if asked else read.order
        self.label = asked.value if asked else ""
        self.found = Found(compiler, read, compiler.sources[self.node.name], site, self.order, self.label)
        self.row = TableRow(self.statement.alias())
        self.backward = isinstance(site.arguments.get("last"), Leaf)
        self.numbered = self.backward

    def connection(self) -> list[Piece]:
        """All that is selected of the connection; nothing is paged where only the count is asked for."""
        selected = self.compiler.document.selected(self.site.named, self.site.sets)
        names = {nodes[0].name.value for nodes in selected.values()}
        self.numbered = self.numbered or bool(names & LOOKING_AHEAD)
        entries = [(key, self._part(self.site.named, nodes, (*self.site.path, key))) for key, nodes in selected.items()]
        if names <= {"__typename", "totalCount"}:
            return members(entries)
        rows = self.found.page(self.row, self._size(), numbered=self.numbered)
        # HAVING makes it one row, also where nothing that was selected is an aggregate.
        return [f"(select {concat(members(entries))} from ({rows}) as {self.row.alias} having true)"]

    def _part(self, type_: GraphQLObjectType, nodes: list[FieldNode], path: Path) -> list[Piece]:
        """One field of the connection, or of its page info or edges, which hang on no rows of their own."""
        name = nodes[0].name.value
        if name == "__typename":
            return [Literal(f'"{type_.name}"')]
        if name in FACTS:
            return FACTS[name](self)
        below = get_named_type(type_.fields[name].type)
        sets = [node.selection_set for node in nodes if node.selection_set]
        if name in {"node", "nodes"}:
            site = Site(type_, below, self.row, {}, sets, path)
            pieces = self.compiler.any_object(site, self.row, self.read.kind)
        else:
            assert isinstance(below, GraphQLObjectType)
            selected = self.compiler.document.selected(below, sets)
            pieces = members((key, self._part(below, inner, (*path, key))) for key, inner in selected.items())
        return self._list(pieces) if name in {"nodes", "edges"} else pieces

    def _count(self) -> list[Piece]:
        return [f"({self.found.count()})"]

    def _next(self) -> list[Piece]:
        return [self._more(forward=True)]

    def _previous(self) -> list[Piece]:
        return [self._more(forward=False)]

    def _start(self) -> list[Piece]:
        return [f"coalesce('\"' || {self._edge(last=self.backward)} || '\"', 'null')"]

    def _end(self) -> list[Piece]:
        return [f"coalesce('\"' || {self._edge(last=not self.backward)} || '\"', 'null')"]

    def _cursor(self) -> list[Piece]:
        """An edge's cursor; a page of events has no edges, and its cursor is where to read on."""
        if "edges" in self.site.named.fields:
            return [Literal('"'), self._encoded(self._position()), Literal('"')]
        after = self.statement.argument(self.site.arguments["after"], "")
        return [Literal('"'), f"coalesce({self._edge(last=True)}, {after})", Literal('"')]

    def _list(self, item: list[Piece]) -> list[Piece]:
        order = f" order by {self.row.alias}.n desc" if self.backward else ""
        return [Literal("["), f"string_agg({concat(item)}, ','{order}){self._within()}", Literal("]")]

    def _within(self) -> str:
        return f" filter (where {self.row.alias}.n <= {self._size()})" if self.numbered else ""

    def _size(self) -> str:
        """The page's size, as a number: one that PostgreSQL does not know is a tenth of the table to it, and each statement would be
        planned anew rather than so: that was two thirds of the time that a dashboard took it."""
        size = self.site.arguments["last" if self.backward else "first"]
        assert isinstance(size, Leaf)
        if not 0 <= size.known <= MOST:
            raise refused(f"A page has from 0 to {MOST} rows, not {size.known}.", size.path, LIMIT_EXCEEDED)
        return str(size.known)

    def _more(self, *, forward: bool) -> str:
        """Whether there are rows beyond the page: past its end it was read, before its start the cursor is looked behind."""
        if forward is not self.backward:
            return f"(count(*) > {self._size()})::text"
        name = "before" if self.backward else "after"
        if not isinstance(self.site.arguments.get(name), Leaf):
            return "'false'"
        return f"{self.found.behind(name)}::text"

    def _edge(self, *, last: bool) -> str:
        order = f"{self.row.alias}.n {'desc' if last else 'asc'}"
        return self._encoded(f"(array_agg({self._position()} order by {order}){self._within()})[1]")

    def _position(self) -> str:
        """Where a row is in the order, as the text that a cursor encodes."""
        keys = [(self.statement.expand(sql, self.row), type_) for sql, type_ in self.order.keys]
        if self.order.plain:
            return f"concat_ws('.', {', '.join(key for key, _ in keys)})"
        pieces: list[Piece] = [Literal(json.dumps([self.label])[:-1])]
        for key, type_ in keys:
            pieces += [Literal(","), f"to_json({key})"] if type_ == "text" else [Literal(',"'), key, Literal('"')]
        return concat([*pieces, Literal("]")])

    def _encoded(self, position: str) -> str:
        if self.order.plain:
            return position
        return f"translate(encode(convert_to({position}, 'UTF8'), 'base64'), '+/=' || chr(10), '-_')"


LOOKING_AHEAD = {"pageInfo", "cursor", "hasMore"}
"""What can't be said without the row behind the page, or without numbering the rows."""

FACTS: Mapping[str, Callable[[_Page], list[Piece]]] = {
    "cursor": _Page._cursor,
    "endCursor": _Page._end,
    "hasMore": _Page._next,
    "hasNextPage": _Page._next,
    "hasPreviousPage": _Page._previous,
    "startCursor": _Page._start,
    "totalCount": _Page._count,
}
"""What is said of a page besides its rows."""
