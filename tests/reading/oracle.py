"""The slow and plain answer: graphql-core's executor on the printed schema, with a query for every field of every row.

Resolvers follow the same declarations as the compiler, and share nothing else with it: no statement, no JSON text, no keysets.
A row is the select that finds it. A page is the whole list in order, sliced here; who sees whom is worked out here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import asyncpg
from graphql import (
    ExecutionResult,
    GraphQLList,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute,
    get_named_type,
    get_nullable_type,
    print_schema,
)

from spm_graph.domain.ids import number
from spm_graph.reading.declarations import READ, SOURCE, Embedded, Identified, Inline, Key, Order, Paged, Related, Source, Summed, Value
from spm_graph.store.database import Database
from spm_graph.store.visibility import RULES, Actor

from .literals import Arguments, text, written
from .parsed import parsed
from .slices import Page, Row, cursor, part_of, place, sliced

SEES = "(select rep_id from visible_rep)"


@dataclass(frozen=True)
class Thing:
    """One row: its type's name, the select that yields it, and, where it sums up others, what is known of it besides."""

    type: str
    sql: str
    facts: Mapping[str, str] = field(default_factory=dict)


@cache
def plain(schema: GraphQLSchema) -> GraphQLSchema:
    """The schema as anybody could build it from what is printed."""
    return build_schema(print_schema(schema))


class Oracle:
    """Answers one operation for one actor."""

    def __init__(self, schema: GraphQLSchema, database: Database, actor: Actor, values: Mapping[str, Any]) -> None:
        self.declared = schema
        self.plain = plain(schema)
        self.database, self.actor, self.values = database, actor, values
        self.seen: set[int] = set()
        self.lock = asyncio.Lock()
        self.asked: dict[str, dict[str, asyncio.Future[Any]]] = {}

    async def answer(self, operation: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The data of the response; an error is raised."""
        async with self.database.pool.acquire() as self.connection:
            self.seen = await self.everybody_under()
            executed = execute(
                self.plain,
                parsed(operation),
                root_value=Thing("Query", "select 1"),
                variable_values=variables,
                field_resolver=self.resolve,
                type_resolver=lambda value, info, abstract: value.type if isinstance(value, Thing) else value["__typename"],
            )
            result = executed if isinstance(executed, ExecutionResult) else await executed
        if result.errors:
            raise result.errors[0].original_error or result.errors[0]
        assert result.data is not None
        return result.data

    async def everybody_under(self) -> set[int]:
        """The reps that the actor sees by the reporting lines of today."""
        today = text(self.database.today(), "date")
        lines = await self.fetch(f"select rep_id, manager_id from reporting_line where effective @> {today}")
        seen = {self.actor.rep_id} if self.actor.rep_id else set()
        while more := {line["rep_id"] for line in lines if line["manager_id"] in seen} - seen:
            seen |= more
        return seen

    async def fetch(self, sql: str) -> list[asyncpg.Record]:
        """The rows of a select."""
        async with self.lock:
            return await self.connection.fetch(sql)

    async def of(self, parent: Thing, expression: str) -> Any:
        """An expression over a row. All that are asked of it at the same moment are one select, whoever waits for them."""
        asked = self.asked.get(parent.sql)
        if asked is None:
            asked = self.asked[parent.sql] = {}
            asyncio.ensure_future(self.tell(parent.sql))  # noqa: RUF006
        return await asked.setdefault(expression, asyncio.get_running_loop().create_future())

    async def tell(self, row: str) -> None:
        """Let those know who wait for expressions over a row."""
        asked = self.asked.pop(row)
        columns = ", ".join(f"({expression}) as c{index}" for index, expression in enumerate(asked))
        try:
            (found,) = await self.fetch(f"select {columns} from ({row}) as own")
        except Exception as error:
            for waiting in asked.values():
                waiting.set_exception(error)
        else:
            for waiting, each in zip(asked.values(), found, strict=True):
                waiting.set_result(each)

    async def resolve(self, parent: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        """The value of a field."""
        name = info.field_name
        if isinstance(parent, Page | Row):
            return part_of(parent, name)
        field = self.declared.type_map[info.parent_type.name].fields[name]
        read = field.extensions["strawberry-definition"].metadata.get(READ) or Value(f"{{{name}}}")
        if not isinstance(parent, Thing):
            return parent.get(name, json.loads(getattr(read, "absent", None) or "null"))
        given = Arguments(self, field, arguments, parent.facts)
        found: Any
        match read:
            case Value(sql):
                found = written(await self.of(parent, given.filled(sql)), get_named_type(field.type).name)
            case Key():
                source = self.source(parent.type)
                found = f"{source.prefix}_{await self.of(parent, source.key)}"
            case Inline(parts, present):
                columns = ", ".join(f'{given.filled(sql)} as "{column}"' for column, sql in parts.items())
                absent = present and not await self.of(parent, given.filled(present))
                found = None if absent else Thing(get_named_type(field.type).name, f"select {columns} from ({parent.sql}) as own")
            case Embedded():
                found = await self.embedded(read, parent, field, given)
            case Related():
                found = await self.related(read, parent, field, given)
            case Paged():
                found = await self.paged(read, parent, field, given)
            case Summed():
                found = self.summed(read, parent, field, given)
            case Identified() if "ids" in arguments:
                found = [await self.identified(each, field) for each in arguments["ids"]]
            case Identified():
                found = await self.identified(arguments["id"], field)
        return found

    def source(self, type_: str) -> Source:
        """Where a type's rows come from."""
        source: Source = getattr(self.declared.type_map[type_].extensions["strawberry-definition"].origin, SOURCE)
        return source

    def visible(self, table: str | None, row: str = "child") -> str:
        """The condition under which a row is seen."""
        condition = RULES[table].condition(self.actor.grants) if table else None
        if condition is None:
            return "true"
        assert SEES in condition or "visible_rep" not in condition
        return condition.replace(SEES, f"({', '.join(map(str, self.seen)) or 'null'})").replace("{row}", row)

    async def embedded(self, read: Embedded, parent: Thing, field: Any, given: Arguments) -> Any:
        """What is inside a JSONB column, named by its type where that is a union."""
        found = await self.of(parent, f"({given.filled(read.sql)})::text")
        value = json.loads(found) if found else None
        if read.kind and value is not None:
            kind = await self.of(parent, given.filled(read.kind))
            members = [each.name for each in self.declared.get_possible_types(get_named_type(field.type))]
            if kind not in members and read.otherwise:
                columns = ", ".join(f'{given.filled(sql)} as "{name}"' for name, sql in read.otherwise.items())
                return Thing(members[-1], f"select {columns} from ({parent.sql}) as own")
            value["__typename"] = kind
        return value

    def children(self, read: Related | Paged, parent: Thing, source: Source, given: Arguments, more: str = "") -> str:
        """The select of the rows that hang on a parent and that the actor sees."""
        refers = source.table or ""
        relation = given.filled(read.relation or source.relation, "child", refers)
        computed = "" if read.relation else "".join(f", {given.filled(sql, 'whole')} as {name}" for name, sql in source.computed.items())
        where = given.filled(read.where, "child", refers)
        seen = "true" if read.inherited else self.visible(source.table)
        origin = f"({parent.sql}) as own, lateral (select *{computed} from {relation} as whole) as child"
        return f"select child.* from {origin} where {where} and {seen}{more}"

    async def related(self, read: Related, parent: Thing, field: Any, given: Arguments) -> Any:
        """One row, or a list of them."""
        named = get_named_type(field.type)
        source = self.source(named.name)
        rows = self.children(read, parent, source, given)
        many = isinstance(get_nullable_type(field.type), GraphQLList)
        order = read.order or ("{id}" if many else source.order)
        if order:
            rows += f" order by {given.filled(order, 'child')}"
        found = await self.fetch(rows)
        things = [Thing(named.name, each) for each in alone(read, source, rows, found)]
        assert many or len(things) <= 1 or order, f"{len(things)} rows for one"
        return things if many else next(iter(things), None)

    def summed(self, read: Summed, parent: Thing, field: Any, given: Arguments) -> Thing:
        """The sum of the rows of a table that hold and that the actor sees."""
        named = get_named_type(field.type)
        seen = "true" if read.inherited else self.visible(read.table)
        more = "".join(f", {given.filled(sql, 'child')} as {name}" for name, sql in read.columns.items())
        where = f"{given.filled(read.where, 'child')} and {seen}{given.searched(read.searches)}"
        rows = f"select child.*{more} from ({parent.sql}) as own, {read.table} as child where {where}"
        facts = {name: f"(select {given.filled(sql)} from ({parent.sql}) as own)" for name, sql in read.facts.items()}
        facts["pool"] = f"({rows})"
        relation = Arguments(self, field, given.values, facts).filled(self.source(named.name).relation)
        return Thing(named.name, f"select * from {relation} as rows", facts)

    async def identified(self, global_id: str, field: Any) -> Thing | None:
        """What has an id."""
        for member in self.declared.get_possible_types(get_named_type(field.type)):
            source = self.source(member.name)
            if key := number(global_id, source.prefix or ""):
                order = f" order by {source.order.replace('{', 'child.').replace('}', '')}" if source.order else ""
                where = f"child.{source.key} = {key} and {self.visible(source.table)}"
                rows = f"select child.* from {source.relation} as child where {where}{order} limit 1"
                return Thing(member.name, rows) if await self.fetch(rows) else None
        return None

    async def paged(self, read: Paged, parent: Thing, field: Any, given: Arguments) -> Page:
        """A page: all rows in order, and the part of them that was asked for."""
        connection = get_named_type(field.type)
        named = get_named_type(connection.fields["nodes"].type)
        source = self.source(named.name)
        more = given.searched(read.searches)
        asked = given.values.get("orderBy")
        order: Order = next((order for word, order in read.orders.items() if word.value == asked), read.order)
        rows = self.children(read, parent, source, given, more)
        way = " desc" if order.descending else ""
        keys = [given.filled(sql, "child") for sql, _ in order.keys]
        by = ", ".join(f"{key}{way}" for key in keys)
        shown = ", ".join(f"({key})::text as k{index}" for index, key in enumerate(keys))
        behind, ahead = (beyond(order, keys, given.values.get(name), name) for name in ("after", "before"))
        listed = rows.replace("select child.* from", f"select child.*, {shown}, {behind} as behind, {ahead} as ahead from", 1)
        found = await self.fetch(f"{listed} order by {by}")
        cursors = [cursor(order, asked or "", [each[f"k{index}"] for index in range(len(keys))]) for each in found]
        kinds = [each["kind"] if read.kind else named.name for each in found]
        ordered = f"{rows} order by {by}"
        things = [Thing(*each) for each in zip(kinds, alone(read, source, ordered, found), strict=True)]
        return sliced(things, cursors, given.values, sum(not each["behind"] for each in found), sum(each["ahead"] for each in found))


def beyond(order: Order, keys: list[str], written: str | None, name: str) -> str:
    """Whether a row lies behind the cursor `after`, or ahead of the cursor `before`; without one, all do."""
    if written is None:
        return "true"
    values = ", ".join(text(key, type_) for key, type_ in place(order, written))
    return f"(({', '.join(keys)}) {'<' if (name == 'after') is order.descending else '>'} ({values}))"


def alone(read: Related | Paged, source: Source, rows: str, found: list[asyncpg.Record]) -> list[str]:
    """For each of the rows that a select has found, one that finds nothing else: by its key, or else by its place in them."""
    if source.prefix and not source.order and not source.computed and not read.relation:
        return [f"select * from {source.relation} where {source.key} = {each[source.key]}" for each in found]
    return [f"select * from ({rows}) as rows offset {index} limit 1" for index in range(len(found))]
