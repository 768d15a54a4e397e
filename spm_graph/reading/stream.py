"""Subscriptions: events of one kind behind a cursor, a page at a time, each as the data of the selection on it.

A page is one statement with the rule of visibility in it, as `events(after:)` is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, get_named_type

from spm_graph.store.database import Database
from spm_graph.store.following import AWAY, LOOK_SECONDS, Following
from spm_graph.store.visibility import Actor

from .answer import Plan, Reads, Request
from .arguments import Inputs, Leaf
from .compile import DECLARED, Compiler
from .document import Invalid
from .fields import IN_ORDER, READ, Followed
from .json_text import Literal, concat, members, quote
from .page import LAST, decoded
from .rows import TableRow
from .site import Site

PAGE = 200
QUIET_SECONDS = 30
"""How long nothing may happen before the asker is looked up again."""

STAYS_SECONDS = 3
"""How long a page may be sent before it is read again: who may see what changes."""

Asker = Callable[[], Awaitable[Actor]]
"""Who asks, now: raises when the token stands for nobody any more."""


@dataclass(slots=True)
class Stream:
    """The events that one subscription follows; iterate over `told` once. `cursor` is behind the last one told."""

    reads: Reads
    database: Database
    request: Request
    cursor: tuple[int, int]

    @classmethod
    async def begun(cls, reads: Reads, database: Database, actor: Actor, request: Request) -> Stream:
        """A stream from the cursor that was given, or from now. Raises Invalid for an argument that can't be used."""
        selected = reads.selections(request)
        if len(selected) != 1:
            raise Invalid([GraphQLError("Expected a field to subscribe to: it must not be left out by a directive.")])
        ((key, nodes),) = selected.items()
        root = reads.schema.subscription_type
        assert root is not None
        inputs = Inputs(request.variables, request.literals.values, actor, database.today(), {})
        try:
            after = reads.document(request).arguments(root, nodes[0], (key,)).get("after")
            given = decoded(after.read(inputs), IN_ORDER, "", after.path) if isinstance(after, Leaf) else None
        except GraphQLError as error:
            raise Invalid([error]) from error
        start = given or [await database.pool.fetchval("select position from clock"), LAST]
        stream = cls(reads, database, request, (start[0], start[1]))
        stream._statement(actor)
        return stream

    async def told(self, following: Following, asker: Asker) -> AsyncIterator[str]:
        """`{"data": …}` of each event in order, none twice, for as long as the asker stands for somebody.

        The database is the buffer: nothing is read ahead but a page, and while the database is away, this waits.
        """
        while True:
            try:
                actor = await asker()
                until = time.monotonic() + STAYS_SECONDS
                sql, values = self._statement(actor)
                known = following.position
                rows = await following.shared((sql, repr(values)), lambda: self.database.pool.fetch(sql, *values))  # noqa: B023
                for row in rows:
                    if time.monotonic() > until or await asker() != actor:
                        break
                    self.cursor = (row["position"], row["ordinal"])
                    yield row["data"]
                else:
                    if len(rows) < PAGE:
                        self.cursor = max(self.cursor, (known, LAST))
                        while not await following.beyond(self.cursor[0], QUIET_SECONDS):
                            await asker()
            except AWAY:
                await asyncio.sleep(LOOK_SECONDS)

    def _statement(self, actor: Actor) -> tuple[str, list[Any]]:
        source = {"position": self.cursor[0], "ordinal": self.cursor[1]}
        plan = self.reads.plan(actor, self.request, ("stream",), self._plan)
        return plan.sql, self.reads.values_of(self.database, actor, self.request, plan, source)

    def _plan(self, compiler: Compiler) -> Plan:
        """The statement of a page, for the root's one field."""
        ((key, nodes),) = self.reads.selections(self.request).items()
        root, statement = self.reads.schema.subscription_type, compiler.statement
        assert root is not None
        field = root.fields[nodes[0].name.value]
        read: Followed = field.extensions[DECLARED].metadata[READ]
        kind = get_named_type(field.type)
        assert isinstance(kind, GraphQLObjectType)
        source, row = compiler.sources[kind.name], TableRow(statement.alias())
        arguments = compiler.document.arguments(root, nodes[0], (key,))
        site = Site(root, field.type, row, arguments, [node.selection_set for node in nodes if node.selection_set], (key,))
        data = concat([Literal('{"data":'), *members([(key, compiler.object(kind, row, site.sets, site.path))]), Literal("}")])
        told = f"({statement.source('position', 'bigint')}, {statement.source('ordinal', 'bigint')})"
        where = [
            f"{row.sql('kind')} = {quote(kind.name)}",
            statement.expand(read.where, row, None, arguments, read.refers),
            f"({row.sql('position')}, {row.sql('ordinal')}) > {told}",
            statement.predicate(source.table, row.alias) or "true",
        ]
        rows = f"from {source.relation} as {row.alias} where {' and '.join(where)} order by {row.sql('position')}, {row.sql('ordinal')}"
        return Plan(*statement.text(f"{row.sql('position')}, {row.sql('ordinal')}, {data} as data {rows} limit {PAGE}"), {}, False)
