"""A selection becomes SQL: one expression of JSON text, rows nested as correlated scalar subqueries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    is_leaf_type,
)

from spm_graph.domain import ids

from .arguments import LIMIT_EXCEEDED, Argument, Inputs, Leaf, prefix_of, refused
from .declarations import READ, Embedded, Identified, Inline, Key, Paged, Reckoned, Related, Source, Summed, Value
from .filters import Search, condition
from .found import ways_to_all
from .json_text import NULL, Literal, Piece, concat, members, quote
from .leaves import leaf, stored
from .page import MOST, paged
from .reckoning import MARK, SAID, Reckoning, selects
from .rows import JsonRow, Row, SumRow, TableRow, VirtualRow
from .selection import Document
from .site import Path, Sets, Site
from .statement import Statement

DECLARED = "strawberry-definition"


class Compiler:
    """Compiles selections of one document into one statement."""

    def __init__(self, document: Document, statement: Statement, sources: Mapping[str, Source]) -> None:
        self.document = document
        self.statement = statement
        self.sources = sources
        self.reckonings: list[Reckoning] = []

    def object(self, type_: GraphQLObjectType, row: Row, sets: Sets, path: Path) -> list[Piece]:
        """The JSON object of what is selected of a row; `row` is not null."""
        selected = self.document.selected(type_, sets)
        return members((key, self.field(type_, row, nodes, (*path, key))) for key, nodes in selected.items())

    def field(self, type_: GraphQLObjectType, row: Row, nodes: Sequence[FieldNode], path: Path) -> list[Piece]:
        """The value of one field of a row. Fields that describe the schema are executed beside the statement."""
        name = nodes[0].name.value
        if name == "__typename":
            return [Literal(f'"{type_.name}"')]
        if name.startswith("__"):
            return [self.statement.source(path[-1], "text")]
        definition = type_.fields[name]
        read = definition.extensions[DECLARED].metadata.get(READ)
        if read is None:
            read = Value(f"{{{name}}}") if isinstance(row, VirtualRow) else Embedded(f"{{{name}}}")
        sets = [node.selection_set for node in nodes if node.selection_set]
        site = Site(type_, definition.type, row, self.document.arguments(type_, nodes[0], path), sets, path)
        return WAYS[type(read)](self, read, site)

    def any_object(self, site: Site, row: Row, kind: str | None = None, other: Row | None = None) -> list[Piece]:
        """The JSON object of a row whose type may be abstract; `kind` is then the SQL that names the type.

        The last of the possible types stands for every other kind, with `other` as its row.
        """
        if isinstance(site.named, GraphQLObjectType):
            return self.object(site.named, row, site.sets, site.path)
        assert isinstance(site.named, (GraphQLInterfaceType, GraphQLUnionType))
        assert kind is not None, site.path
        *cases, last = self.document.schema.get_possible_types(site.named)
        otherwise = concat(self.object(last, other or row, site.sets, site.path))
        written = [f"when {quote(case.name)} then {concat(self.object(case, row, site.sets, site.path))}" for case in cases]
        return [f"case {self.statement.expand(kind, site.row)} {' '.join(written)} else {otherwise} end"] if written else [otherwise]

    def searched(self, searches: Mapping[str, Search], row: TableRow, site: Site) -> str:
        """The condition that the argument `where` stands for, to be added to others."""
        given = site.arguments.get("where")
        if not isinstance(given, Mapping):
            return ""
        return f" and {condition(given, lambda name, value: self._search(searches[name], value, row), (*site.path, 'where'))}"

    def _search(self, search: Search, value: Argument, row: TableRow) -> str:
        found = self.statement.argument(value, search.refers or "", search.longest)
        return self.statement.expand(search.sql.replace("{value}", found), row)

    def origin(self, read: Related | Paged, source: Source, row: TableRow, site: Site, predicate: str | None) -> str:
        """The from and where clauses of rows that hang on a parent; `predicate` is what a row must fulfil to be seen."""
        refers = source.table or ""
        relation = self.statement.expand(read.relation or source.relation, row, site.row, site.arguments, refers)
        condition = self.statement.expand(read.where, row, site.row, site.arguments, refers)
        return f"from {relation} as {row.alias} where {condition}" + (f" and {predicate}" if predicate else "")

    def seen(self, read: Related | Paged, source: Source, row: TableRow) -> str | None:
        """What a row must fulfil to be seen; None: it is, whoever asks, or whoever sees the parent."""
        return None if read.inherited else self.statement.predicate(source.table, row.alias)

    def _value(self, read: Value, site: Site) -> list[Piece]:
        if isinstance(site.row, JsonRow):
            return stored(self.statement.json(read.sql, site.row))
        return leaf(site.type, self.statement.expand(read.sql, site.row, None, site.arguments))

    def _key(self, read: Key, site: Site) -> list[Piece]:
        source = self.sources[site.parent.name]
        return leaf(site.type, site.row.sql(source.key), source.prefix)

    def _inline(self, read: Inline, site: Site) -> list[Piece]:
        columns = {name: self.statement.expand(sql, site.row, None, site.arguments) for name, sql in read.parts.items()}
        pieces = self.any_object(site, VirtualRow(columns))
        if read.present is None or not site.nullable:
            return pieces
        return [f"case when {self.statement.expand(read.present, site.row, None, site.arguments)} then {concat(pieces)} else 'null' end"]

    def _embedded(self, read: Embedded, site: Site) -> list[Piece]:
        found = self.statement.json(read.sql, site.row)
        if read.absent is not None:
            found = f"coalesce({found}, {self.statement.constant(read.absent)})"
        if is_leaf_type(site.named):
            return stored(found)
        if site.is_list:
            alias = self.statement.alias()
            item = concat(self.any_object(site, JsonRow(f"{alias}.value")))
            rows = f"jsonb_array_elements({found}) with ordinality as {alias}"
            pieces: list[Piece] = [Literal("["), f"(select string_agg({item}, ',' order by {alias}.ordinality) from {rows})", Literal("]")]
        else:
            other = {name: self.statement.expand(sql, site.row) for name, sql in (read.otherwise or {}).items()}
            pieces = self.any_object(site, JsonRow(found), read.kind, VirtualRow(other) if other else None)
        shape = "array" if site.is_list else "object"
        return [f"case jsonb_typeof({found}) when '{shape}' then {concat(pieces)} else 'null' end"] if site.nullable else pieces

    def _related(self, read: Related, site: Site) -> list[Piece]:
        source = self.sources[site.named.name]
        row = TableRow(self.statement.alias(), computed=source.computed if read.relation is None else {})
        pieces = concat(self.any_object(site, row))
        alone = site.parent is self.document.schema.query_type and not site.is_list and not read.inherited
        predicate = self.statement.predicate_alone(source.table, row.alias) if alone else self.seen(read, source, row)
        origin = self.origin(read, source, row, site, predicate)
        if site.is_list:
            sorted_by = self.statement.expand(read.order or "{id}", row, site.row)
            return [Literal("["), f"(select string_agg({pieces}, ',' order by {sorted_by}) {origin})", Literal("]")]
        order = read.order or source.order
        pick = f" order by {self.statement.expand(order, row, site.row)} limit 1" if order else ""
        return [f"coalesce((select {pieces} {origin}{pick}), 'null')"]

    def _paged(self, read: Paged, site: Site) -> list[Piece]:
        return paged(self, read, site)

    def _summed(self, read: Summed, site: Site) -> list[Piece]:
        """The rows are a common table, written into each of its uses: so each can go by its own index."""
        row, pool = TableRow(self.statement.alias()), self.statement.alias()
        facts = {name: self.statement.expand(sql, row, site.row, site.arguments) for name, sql in read.facts.items()}
        total = SumRow(self.statement.alias(), facts=facts | {"pool": pool})
        condition = self.statement.expand(read.where, row, site.row, site.arguments)
        more = "".join(f", {self.statement.expand(sql, row)} as {name}" for name, sql in read.columns.items())
        rows = f"select {row.alias}.*{more} from {read.table} as {row.alias} where {condition}{self.searched(read.searches, row, site)}"
        if not read.inherited:
            rows = " union all ".join(f"{rows} and {way or 'true'}" for way in ways_to_all(self.statement, read.table, row.alias))
        relation = self.statement.expand(self.sources[site.named.name].relation, total, site.row, site.arguments)
        pieces = concat(self.object(site.named, total, site.sets, site.path))
        return [f"(with {pool} as not materialized ({rows}) select {pieces} from {relation} as {total.alias})"]

    def _identified(self, read: Identified, site: Site) -> list[Piece]:
        types = {
            source.prefix: member
            for member in self.document.schema.get_possible_types(site.named)
            if (source := self.sources.get(member.name))
        }
        asked = site.arguments["id"] if "id" in site.arguments else site.arguments["ids"]
        assert isinstance(asked, Leaf)
        if not isinstance(asked.known, list):
            found = types.get(prefix_of(asked.known))
            return self._by_key(found, self.statement.leaf(asked, prefix_of(asked.known)), site) if found else NULL
        alias = self.statement.alias()
        prefixes = self.statement.asked((id(asked), "prefixes"), lambda inputs: [prefix_of(each) for each in _few(asked, inputs)], "text[]")
        numbers = self.statement.asked((id(asked), "numbers"), lambda inputs: [_number(each) for each in _few(asked, inputs)], "bigint[]")
        cases = [
            f"when {quote(str(prefix))} then {concat(self._by_key(member, f'{alias}.number', site))}" for prefix, member in types.items()
        ]
        chosen = f"case {alias}.prefix {' '.join(cases)} else 'null' end"
        rows = f"unnest({prefixes}, {numbers}) with ordinality as {alias}(prefix, number, ordinality)"
        return [Literal("["), f"(select string_agg({chosen}, ',' order by {alias}.ordinality) from {rows})", Literal("]")]

    def _reckoned(self, read: Reckoned, site: Site) -> list[Piece]:
        self.reckonings.append(Reckoning(read.name, site, selects(self.document, site.sets)))
        number = len(self.reckonings) - 1
        key = site.row.sql(self.sources[site.parent.name].key)
        return [Literal('"'), self.statement.source(MARK, "text"), Literal(f":{number}:"), key, Literal('"')]

    def said(self, site: Site) -> list[Piece]:
        """The selection of a reckoned field, read from what Python said."""
        row = VirtualRow({"said": self.statement.source(SAID, "jsonb")})
        return self._embedded(Embedded("{said}"), replace(site, row=row))

    def _by_key(self, target: GraphQLObjectType, key: str, site: Site) -> list[Piece]:
        where = f"{{{self.sources[target.name].key}}} = {{parent.key}}"
        return self._related(Related(where), Site(site.parent, target, VirtualRow({"key": key}), {}, site.sets, site.path))


WAYS: Mapping[type, Callable[[Compiler, Any, Site], list[Piece]]] = {
    Embedded: Compiler._embedded,
    Identified: Compiler._identified,
    Inline: Compiler._inline,
    Key: Compiler._key,
    Paged: Compiler._paged,
    Reckoned: Compiler._reckoned,
    Related: Compiler._related,
    Summed: Compiler._summed,
    Value: Compiler._value,
}
"""How each kind of declaration is compiled."""


def _few(asked: Leaf, inputs: Inputs) -> list[str]:
    given: list[str] = asked.read(inputs)
    if len(given) > MOST:
        raise refused(f"There may be {MOST} ids at most, not {len(given)}.", asked.path, LIMIT_EXCEEDED)
    return given


def _number(given: str) -> int | None:
    return ids.number(given, prefix_of(given) or "")
