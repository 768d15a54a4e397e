"""How the oracle writes values: an argument as SQL, a declaration with its placeholders filled in, a leaf in the response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphql import GraphQLEnumType, get_named_type, is_composite_type, is_leaf_type

from spm_graph.domain.ids import number
from spm_graph.reading.filters import Search
from spm_graph.reading.parameters import POSTGRESQL, PREFIXES
from spm_graph.reading.statement import PLACEHOLDER

if TYPE_CHECKING:
    from .oracle import Oracle


def text(value: object, type_: str = "") -> str:
    """A value as an SQL literal."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"array[{', '.join(text(each) for each in value)}]::{type_}[]"
    if isinstance(value, (bool, int)):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'" + (f"::{type_}" if type_ else "")


def written(value: Any, type_: str) -> Any:
    """A leaf as the response has it."""
    match value:
        case datetime():
            shown: Any = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            shown = value.isoformat()
        case Decimal():
            shown = format(value, "f")
        case str() if type_ == "JSON" or value.startswith("["):
            shown = json.loads(value)
        case int() if type_ in {"Position", "Cursor"}:
            shown = str(value)
        case _:
            shown = value
    return shown


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
