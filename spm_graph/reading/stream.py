"""One subscription as statements: pages of its events behind a cursor, for one who asks, and for all who ask the same.

What an event shows is frozen and the same for everybody. So there are two statements: a page as somebody may see it, with
the rule of visibility and their filters in it, as `events(after:)` has; and a page of everything, from which a feed
tells each those that concern them.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from graphql import FieldNode, GraphQLError, GraphQLObjectType, get_named_type

from spm_graph.domain.cursor import LAST
from spm_graph.domain.terms import Grant
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from .answer import Reads
from .arguments import Inputs, Leaf
from .compile import DECLARED, Compiler
from .cursors import decoded
from .declarations import IN_ORDER, READ, Followed
from .document import Invalid
from .json_text import Literal, concat, members, quote
from .refusing import refusing
from .request import Plan, Request
from .rows import TableRow
from .statement import Statement

PAGE = 200
"""How many events are read at once."""

Cursor = tuple[int, int]
"""A position and an ordinal in it."""

ALL = Actor("everybody", None, frozenset({Grant.SEE_ALL}))
"""For whom a feed reads: whom it tells is decided for each event."""


class Told(NamedTuple):
    """One event as `{"data": …}` of a selection, and what decides who is told: whom it is about, and what filters look at."""

    cursor: Cursor
    data: bytes
    rep_id: int | None = None
    keys: tuple[Any, ...] = ()


@dataclass
class Stream:
    """The events that one subscription follows, from `start` on."""

    reads: Reads
    database: Database
    request: Request
    key: str
    nodes: list[FieldNode]
    start: Cursor = (0, 0)

    @classmethod
    async def begun(cls, reads: Reads, database: Database, actor: Actor, request: Request, after: str | None = None) -> Stream:
        """A stream from a cursor, the argument's unless one is given here, or else from now.

        Raises Invalid for an argument that can't be used, and for a cursor behind which events are gone.
        """
        selected = reads.selections(request)
        if len(selected) != 1:
            raise Invalid([GraphQLError("Expected a field to subscribe to: it must not be left out by a directive.")])
        ((key, nodes),) = selected.items()
        stream = cls(reads, database, request, key, nodes)
        start = stream._given(actor, after)
        stream._page(actor, start or (0, 0))
        async with database.pool.turns:
            if start is None:
                start = (await database.pool.fetchval("select position from clock"), LAST)
            else:
                await stream.require(start)
        stream.start = start
        return stream

    async def require(self, cursor: Cursor) -> None:
        """Raise Invalid for a cursor behind which events are gone."""
        with refusing():
            await self.database.pool.fetchval("select event_cursor_stands($1, $2)", *cursor)

    @cached_property
    def kind(self) -> str:
        """The kind of the events: the name of their type."""
        return self._type().name

    @cached_property
    def wanted(self) -> tuple[frozenset[Any] | None, ...]:
        """For each filter of the field the values that it lets through; None: everything."""
        plan = self.reads.plan(ALL, self.request, ("filters",), self._filter_plan)
        values = iter(self._values(ALL, plan, (0, 0)))
        given = self._arguments()
        read = [next(values) if isinstance(given.get(name), Leaf) else None for name in self._declared().filters]
        return tuple(value if value is None else frozenset(value if isinstance(value, list) else [value]) for value in read)

    def lets(self, told: Told) -> bool:
        """Whether the filters let an event of a feed through."""
        return all(values is None or key in values for values, key in zip(self.wanted, told.keys, strict=True))

    async def page(self, actor: Actor, cursor: Cursor) -> list[Told]:
        """The next events that somebody is told behind a cursor, a page at most. Raises Invalid where some are gone."""
        sql, values = self._page(actor, cursor)
        with refusing():
            async with self.database.pool.turns:
                rows = await self.database.pool.fetch(sql, *values)
        return [Told((row["position"], row["ordinal"]), row["data"].encode()) for row in rows]

    def feed(self) -> Hashable:
        """What streams that show the same have in common: a name for the feed that all of them can be told from."""
        sql, values = self._everything((0, 0), 0)
        return sql, repr(values)

    async def everything(self, cursor: Cursor, to: int) -> list[Told]:
        """The next events between a cursor and a position, whoever is told of them, a page at most."""
        sql, values = self._everything(cursor, to)
        rows = await self.database.pool.fetch(sql, *values)
        return [Told((row[0], row[1]), row["data"].encode(), row["rep_id"], tuple(row[4:])) for row in rows]

    def _page(self, actor: Actor, cursor: Cursor) -> tuple[str, list[Any]]:
        plan = self.reads.plan(actor, self.request, ("page of events",), self._page_plan)
        return plan.sql, self._values(actor, plan, cursor)

    def _everything(self, cursor: Cursor, to: int) -> tuple[str, list[Any]]:
        plan = self.reads.plan(ALL, self.request, ("all events",), self._feed_plan)
        return plan.sql, self._values(ALL, plan, cursor, to)

    def _values(self, actor: Actor, plan: Plan, cursor: Cursor, to: int = 0) -> list[Any]:
        source = {"position": cursor[0], "ordinal": cursor[1], "to": to}
        return self.reads.values_of(self.database, actor, self.request, plan, source)

    def _page_plan(self, compiler: Compiler) -> Plan:
        """What somebody sees. A cursor behind which events are gone is refused in the same snapshot."""
        statement, row = compiler.statement, TableRow(compiler.statement.alias())
        after = _cursor(statement)
        where = [f"event_cursor_stands({after})", statement.predicate("event", row.alias) or "true"]
        for name, filter_ in self._declared().filters.items():
            if isinstance(leaf := self._arguments().get(name), Leaf):
                given, sql = statement.leaf(leaf, filter_.prefix), statement.expand(filter_.sql, row)
                where.append(f"{sql} = any({given})" if given.endswith("[]") else f"{sql} = {given}")
        return self._plan(compiler, row, after, where, [])

    def _feed_plan(self, compiler: Compiler) -> Plan:
        """What anybody sees, and what decides who."""
        row = TableRow(compiler.statement.alias())
        keys = [compiler.statement.expand(each.sql, row) for each in self._declared().filters.values()]
        to = f"{row.sql('position')} <= {compiler.statement.source('to', 'bigint')}"
        return self._plan(compiler, row, _cursor(compiler.statement), [to], [f"{row.sql('rep_id')} as rep_id", *keys])

    def _plan(self, compiler: Compiler, row: TableRow, after: str, where: list[str], more: list[str]) -> Plan:
        kind, place = self._type(), f"{row.sql('position')}, {row.sql('ordinal')}"
        shown = compiler.object(kind, row, [node.selection_set for node in self.nodes if node.selection_set], (self.key,))
        data = concat([Literal('{"data":'), *members([(self.key, shown)]), Literal("}")])
        columns = ", ".join([place, f"{data} as data", *more])
        conditions = " and ".join([f"{row.sql('kind')} = {quote(kind.name)}", f"({place}) > ({after})", *where])
        rows = f"from {compiler.sources[kind.name].relation} as {row.alias} where {conditions} order by {place}"
        return Plan(*compiler.statement.text(f"{columns} {rows} limit {PAGE}"))

    def _filter_plan(self, compiler: Compiler) -> Plan:
        """The values of the filters that are given, converted as the statements convert them."""
        given = ((self._arguments().get(name), each) for name, each in self._declared().filters.items())
        read = [compiler.statement.leaf(leaf, each.prefix) for leaf, each in given if isinstance(leaf, Leaf)]
        return Plan(*compiler.statement.text(", ".join(read)))

    def _given(self, actor: Actor, after: str | None) -> Cursor | None:
        leaf = self._arguments().get("after")
        inputs = Inputs(self.request.variables, self.request.literals.values, actor, self.database.today(), {})
        try:
            if after is None:
                after = leaf.read(inputs) if isinstance(leaf, Leaf) else None
            if after is None:
                return None
            position, ordinal = decoded(after, IN_ORDER, "", (self.key, "after"))
        except GraphQLError as error:
            raise Invalid([error]) from error
        return position, ordinal

    def _declared(self) -> Followed:
        read: Followed = self._root().fields[self.nodes[0].name.value].extensions[DECLARED].metadata[READ]
        return read

    def _arguments(self) -> dict[str, Any]:
        return self.reads.document(self.request).arguments(self._root(), self.nodes[0], (self.key,))

    def _type(self) -> GraphQLObjectType:
        kind = get_named_type(self._root().fields[self.nodes[0].name.value].type)
        assert isinstance(kind, GraphQLObjectType)
        return kind

    def _root(self) -> GraphQLObjectType:
        root = self.reads.schema.subscription_type
        assert root is not None
        return root


def _cursor(statement: Statement) -> str:
    return f"{statement.source('position', 'bigint')}, {statement.source('ordinal', 'bigint')}"
