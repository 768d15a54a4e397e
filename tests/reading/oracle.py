"""The slow and plain answer: graphql-core's executor on the printed schema, with a query for every field of every row.

Resolvers follow the same declarations as the compiler, and share nothing else with it: no statement, no JSON text, no keysets.
A row is the select that finds it. A page is the whole list in order, sliced here; who sees whom is worked out here.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import asyncpg
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_leaf_type,
    print_schema,
)

from spm_graph.domain.ids import number
from spm_graph.reading.declarations import READ, SOURCE, Embedded, Identified, Inline, Key, Order, Paged, Related, Source, Summed, Value
from spm_graph.reading.filters import Search
from spm_graph.reading.statement import PLACEHOLDER, POSTGRESQL, PREFIXES
from spm_graph.store.database import Database
from spm_graph.store.visibility import RULES, Actor

from .leaves import written
from .parsed import parsed

SEES = "(select rep_id from visible_rep)"


@dataclass(frozen=True)
class Thing:
    """One row: its type's name, the select that yields it, and, where it sums up others, what is known of it besides."""

    type: str
    sql: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """The part of a list that was asked for, and what is known of the rest."""

    rows: list[Thing]
    cursors: list[str]
    before: bool
    behind: bool
    total: int
    after: str | None


@dataclass(frozen=True)
class Row:
    """A row of a page with its cursor."""

    cursor: str
    node: Thing


def text(value: object, type_: str = "") -> str:
    """A value as an SQL literal."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"array[{', '.join(text(each) for each in value)}]::{type_}[]"
    if isinstance(value, (bool, int)):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'" + (f"::{type_}" if type_ else "")


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

    async def answer(self, operation: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The data of the response; an error is raised."""
        async with self.database.pool.acquire() as self.connection:
            self.seen = await self.everybody_under()
            result = await execute(  # type: ignore[misc]
                self.plain,
                parsed(operation),
                root_value=Thing("Query", "select 1"),
                variable_values=variables,
                field_resolver=self.resolve,
                type_resolver=lambda value, info, abstract: value.type if isinstance(value, Thing) else value["__typename"],
            )
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

    async def one(self, sql: str) -> Any:
        """The one value of a select."""
        async with self.lock:
            return await self.connection.fetchval(sql)

    async def resolve(self, parent: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        """The value of a field."""
        name = info.field_name
        if isinstance(parent, Page | Row):
            return self.of_page(parent, info)
        field = self.declared.type_map[info.parent_type.name].fields[name]
        read = field.extensions["strawberry-definition"].metadata.get(READ) or Value(f"{{{name}}}")
        if not isinstance(parent, Thing):
            return parent.get(name, json.loads(getattr(read, "absent", None) or "null"))
        given = Arguments(self, field, arguments, parent.facts)
        own = f"from ({parent.sql}) as own"
        found: Any
        match read:
            case Value(sql):
                found = written(await self.one(f"select {given.filled(sql)} {own}"), get_named_type(field.type).name)
            case Key():
                source = self.source(parent.type)
                found = f"{source.prefix}_{await self.one(f'select {source.key} {own}')}"
            case Inline(parts, present):
                columns = ", ".join(f'{given.filled(sql)} as "{column}"' for column, sql in parts.items())
                absent = present and not await self.one(f"select {given.filled(present)} {own}")
                found = None if absent else Thing(get_named_type(field.type).name, f"select {columns} {own}")
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
        found = await self.one(f"select ({given.filled(read.sql)})::text from ({parent.sql}) as own")
        value = json.loads(found) if found else None
        if read.kind and value is not None:
            kind = await self.one(f"select {given.filled(read.kind)} from ({parent.sql}) as own")
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
        count = await self.one(f"select count(*) from ({rows}) as rows")
        if many:
            return [Thing(named.name, f"select * from ({rows}) as rows offset {index} limit 1") for index in range(count)]
        assert count <= 1 or order, f"{count} rows for one"
        return Thing(named.name, f"select * from ({rows}) as rows limit 1") if count else None

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
        listed = rows.replace("select child.* from", f"select child.*, {shown} from", 1)
        found = await self.fetch(f"{listed} order by {by}")
        cursors = [cursor(order, asked or "", [each[f"k{index}"] for index in range(len(keys))]) for each in found]
        things = []
        for index, each in enumerate(found):
            kind = each["kind"] if read.kind else named.name
            things.append(Thing(kind, f"{rows} order by {by} offset {index} limit 1"))
        return sliced(things, cursors, given.values, order)

    def of_page(self, page: Page | Row, info: GraphQLResolveInfo) -> Any:
        """A field of a connection, an edge or a page info."""
        if isinstance(page, Row):
            return getattr(page, info.field_name)
        first, last = (page.cursors[0], page.cursors[-1]) if page.cursors else (None, None)
        return {
            "nodes": page.rows,
            "edges": [Row(*each) for each in zip(page.cursors, page.rows, strict=True)],
            "pageInfo": page,
            "totalCount": page.total,
            "hasNextPage": page.behind,
            "hasMore": page.behind,
            "hasPreviousPage": page.before,
            "startCursor": first,
            "endCursor": last,
            "cursor": last or page.after,
        }[info.field_name]


def cursor(order: Order, label: str, keys: list[str]) -> str:
    """A cursor, made in Python."""
    if order.plain:
        return ".".join(keys)
    position = json.dumps([label, *keys], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def sliced(things: list[Thing], cursors: list[str], given: Mapping[str, Any], order: Order) -> Page:
    """What of the whole list lies between the cursors, and of that the first or the last ones."""
    start, end = 0, len(things)
    if after := given.get("after"):
        plain = [tuple(map(int, each.split("."))) for each in cursors] if order.plain else []
        behind = tuple([*map(int, after.split(".")), 2**31][:2]) if order.plain else ()
        start = sum(each <= behind for each in plain) if order.plain else cursors.index(after) + 1
    if before := given.get("before"):
        end = cursors.index(before)
    if (last := given.get("last")) is not None:
        low = max(start, end - last)
        return Page(things[low:end], cursors[low:end], low > start or end - start > last, end < len(things), len(things), None)
    high = min(end, start + given["first"])
    return Page(things[start:high], cursors[start:high], start > 0, high < end, len(things), given.get("after"))


class Arguments:
    """A declaration's placeholders, filled in as literals."""

    def __init__(self, oracle: Oracle, field: Any, values: Mapping[str, Any], facts: Mapping[str, str]) -> None:
        self.oracle, self.field, self.values, self.facts = oracle, field, values, facts

    def filled(self, sql: str, own: str = "own", refers: str = "") -> str:
        """SQL over a row `own`, or over a row `child` that hangs on it."""

        def found(match: Any) -> str:
            name = match[1]
            whose, _, column = name.rpartition(".")
            known = {"today": text(self.oracle.database.today(), "date"), "self": own}
            if (not whose or whose == "parent") and column in self.facts:
                return self.facts[column]
            match name[0], whose:
                case "?", _:
                    filling = text(self.values.get(name[1:]) is not None)
                case "$", _:
                    filling = self.argument(name[1:], refers)
                case _, "parent":
                    filling = f'own."{column}"'
                case _, "seen":
                    filling = self.oracle.visible(column, column)
                case _, "schema":
                    filling = text(json.dumps(self.oracle.values[column]), "jsonb")
                case _, "actor":
                    filling = self.asker(column)
                case _:
                    filling = known.get(name, f'{own}."{name}"')
            return filling

        return PLACEHOLDER.sub(found, sql)

    def asker(self, column: str) -> str:
        """What is known of the asker."""
        actor = self.oracle.actor
        return {
            "rep_id": text(actor.rep_id) + "::bigint",
            "name": text(actor.name, "text"),
            "grants": text(json.dumps(sorted(actor.grants)), "jsonb"),
        }[column]

    def argument(self, name: str, refers: str) -> str:
        """An argument of the field."""
        return self.literal(self.values.get(name), self.field.args[name].type, refers)

    def searched(self, searches: Mapping[str, Search]) -> str:
        """The filter `where`, to be added to other conditions."""
        given = self.values.get("where")
        return f" and ({self.holds(given, get_named_type(self.field.args['where'].type), searches)})" if given else ""

    def holds(self, given: Mapping[str, Any], type_: Any, searches: Mapping[str, Search]) -> str:
        """Whether all of a filter holds: a case of its own for whatever is not true."""
        parts = ["true"]
        for name, value in given.items():
            if value is None:
                continue
            match name:
                case "and" | "or":
                    inner = [f"case when {self.holds(each, type_, searches)} then 1 else 0 end" for each in value]
                    wanted = f"= {len(inner)}" if name == "and" else "> 0"
                    parts.append(f"({' + '.join(['0', *inner])}) {wanted}")
                case "not":
                    parts.append(f"case when {self.holds(value, type_, searches)} then false else true end")
                case _:
                    sql = self.literal(value, type_.fields[name].type, searches[name].refers or "")
                    parts.append(f"({self.filled(searches[name].sql.replace('{value}', sql), 'child')})")
        return " and ".join(parts)

    def literal(self, value: Any, type_: Any, refers: str) -> str:
        """An argument as SQL: its value, or the key of what it names."""
        named = get_named_type(type_)
        if value is None:
            return "null"
        if is_composite_type(named) or isinstance(value, dict):
            ((way, given),) = value.items()
            table = "period" if named.name == "PeriodRef" else refers
            if way == "id":
                return text(number(given, PREFIXES.get(table, table))) + "::bigint"
            if way == "on":
                return f"(select id from period where kind = {text(given['kind'])} and effective @> {text(given['date'], 'date')})"
            return f"(select id from {table} where {'external_id' if way == 'externalId' else way} = {text(given)})"
        if named.name == "ID":
            return text(number(value, PREFIXES.get(refers, refers))) + "::bigint"
        assert is_leaf_type(named)
        kind = "text" if isinstance(named, GraphQLEnumType) else POSTGRESQL.get(named.name, "text")
        return text(value, kind)
