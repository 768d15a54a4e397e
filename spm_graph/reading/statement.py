"""One SQL statement being written: its bind parameters, its aliases, and what its placeholders stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLList

from spm_graph.domain.terms import Grant
from spm_graph.store.predicates import VISIBLE_REP
from spm_graph.store.visibility import visible, visible_alone

from .arguments import Argument, Given, Inputs, Leaf, bare
from .parameters import POSTGRESQL, PREFIXES, converter, storable
from .rows import Row, TableRow

PLACEHOLDER = re.compile(r"\{([$?]?[A-Za-z_][A-Za-z_.]*)\}")
PARAMETER = re.compile(r"\$([0-9]+)::")

Read = Callable[[Inputs], Any]


class Statement:
    """The statement of one operation, for everybody with the same `grants`."""

    def __init__(self, grants: frozenset[Grant], values: Mapping[str, Any]) -> None:
        self.grants = grants
        self.values = values
        self._reads: list[Read] = []
        self._asked: set[int] = set()
        """The parameters whose values a request brings, whoever makes it and when."""
        self._numbers: dict[object, int] = {}
        self._aliases = 0

    def alias(self) -> str:
        """A name for a row that no other has."""
        self._aliases += 1
        return f"t{self._aliases}"

    def bind(self, identity: object, read: Read, type_: str) -> str:
        """A bind parameter; one with the same identity and type is written once."""
        number = self._numbers.get((identity, type_))
        if number is None:
            self._reads.append(read)
            number = self._numbers[identity, type_] = len(self._reads)
        return f"${number}::{type_}"

    def asked(self, identity: object, read: Read, type_: str) -> str:
        """A bind parameter whose value depends on nothing but the request's variables and literals: it is read once for each."""
        written = self.bind(identity, read, type_)
        self._asked.add(self._numbers[identity, type_])
        return written

    def source(self, name: str, type_: str) -> str:
        """A value of the request's virtual row; JSON is any value that the standard encoder knows."""
        if type_ == "jsonb":
            return self.bind(("source", name), lambda inputs: json.dumps(inputs.source[name], ensure_ascii=False, default=str), type_)
        return self.bind(("source", name), lambda inputs: inputs.source[name], type_)

    def value(self, name: str) -> str:
        """A JSON value that the schema itself brings."""
        text = json.dumps(self.values[name], ensure_ascii=False)
        return self.asked(("value", name), lambda inputs: text, "jsonb")

    def constant(self, text: str) -> str:
        """A JSON value that is the same for every request."""
        return self.asked(("constant", text), lambda inputs: text, "jsonb")

    def actor(self, name: str) -> str:
        """What is known of the asker: `name`, `rep_id`, and `grants` as a sorted JSON list."""
        match name:
            case "grants":
                return self.bind("grants", lambda inputs: json.dumps(sorted(inputs.actor.grants)), "jsonb")
            case "rep_id":
                return self.bind("rep", lambda inputs: inputs.actor.rep_id, "bigint")
            case _:
                return self.bind("actor", lambda inputs: inputs.actor.name, "text")

    def today(self) -> str:
        """The day of the request."""
        return self.bind("today", lambda inputs: inputs.today, "date")

    def leaf(self, leaf: Leaf, prefix: str | None = None, longest: int | None = None) -> str:
        """An argument's value; ids are those with the prefix, and anything else is null, which names nothing."""
        type_ = bare(leaf.type)
        item = bare(type_.of_type) if isinstance(type_, GraphQLList) else type_
        convert = converter(item, prefix)
        postgresql = POSTGRESQL.get(str(item), "text")
        if isinstance(type_, GraphQLList):
            return self.asked(
                (id(leaf), prefix), lambda inputs: [convert(storable(value, leaf.path)) for value in leaf.read(inputs)], f"{postgresql}[]"
            )
        return self.asked((id(leaf), prefix), lambda inputs: convert(storable(leaf.read(inputs), leaf.path, longest)), postgresql)

    def predicate(self, table: str | None, alias: str) -> str | None:
        """What a row of the table must fulfil to be seen; None: everybody who shares this statement sees all."""
        seen = visible(table, self.grants) if table else None
        return seen and self.seen(seen, alias)

    def predicate_alone(self, table: str | None, alias: str) -> str | None:
        """The same of one row that its key finds: the asker is looked for above it."""
        seen = visible_alone(table, self.grants) if table else None
        return seen and self.seen(seen, alias)

    def seen(self, condition: str, alias: str) -> str:
        """A condition of visibility, over the row of this alias."""
        if "{rep}" in condition:
            condition = condition.replace("{rep}", self.actor("rep_id")).replace("{today}", self.today())
        return condition.replace("{row}", alias)

    def text(self, expression: str) -> tuple[str, list[Read], list[int]]:
        """The statement that answers with this expression, how its parameters are read, and which of them depend on who asks, and when.

        An object's parts that nobody selected have left parameters behind: only those in the text are kept, in its order.
        """
        seen = f"with {VISIBLE_REP.format(rep=self.actor('rep_id'), today=self.today())} " if "visible_rep" in expression else ""
        kept: dict[str, int] = {}
        text = PARAMETER.sub(lambda match: f"${kept.setdefault(match[1], len(kept) + 1)}::", f"{seen}select {expression}")
        numbers = [int(number) for number in kept]
        passing = [index for index, number in enumerate(numbers) if number not in self._asked]
        return text, [self._reads[number - 1] for number in numbers], passing

    def expand(
        self, sql: str, row: Row, parent: Row | None = None, arguments: Mapping[str, Argument] | None = None, refers: str = ""
    ) -> str:
        """Fill in a declaration's placeholders; `refers` is the table that a reference without a table of its own names."""

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            if name[0] in "$?":
                given = (arguments or {}).get(name[1:])
                return self.argument(given, refers) if name[0] == "$" else str(given is not None).lower()
            whose, _, column = name.rpartition(".")
            match whose:
                case "parent":
                    assert parent is not None, sql
                    return parent.sql(column)
                case "schema":
                    return self.value(column)
                case "actor":
                    return self.actor(column)
                case "seen":
                    return self.predicate(column, column) or "true"
            return self.today() if name == "today" else self._column(name, row)

        return PLACEHOLDER.sub(filled, sql)

    def _column(self, name: str, row: Row) -> str:
        computed = row.computed.get(name) if isinstance(row, TableRow) else None
        return self.expand(computed, row) if computed else row.sql(name)

    def json(self, sql: str, row: Row) -> str:
        """A declaration as an expression of type jsonb."""
        whole = PLACEHOLDER.fullmatch(sql)
        return row.json(whole[1]) if whole and "." not in whole[1] else self.expand(sql, row)

    def argument(self, argument: Argument, refers: str, longest: int | None = None) -> str:
        """An argument as an expression: its value, a text no longer than that, or the key of the row that a reference names."""
        if argument is None:
            return "null"
        if isinstance(argument, Leaf):
            return self.leaf(argument, PREFIXES.get(refers, refers), longest)
        assert isinstance(argument, Given)
        return self._reference(argument, "period" if argument.type == "PeriodRef" else refers)

    def _reference(self, argument: Mapping[str, Any], table: str) -> str:
        ((name, value),) = argument.items()
        if name == "id":
            return self.leaf(value, PREFIXES.get(table, table))
        if name == "on":
            dated, kind = self.leaf(value["date"]), self.leaf(value["kind"])
            return (
                f"(select id from period where kind = {kind} and lower(effective) <= {dated} and upper(effective) > {dated}"
                " order by lower(effective) desc limit 1)"
            )
        column = "external_id" if name == "externalId" else name
        return f"(select id from {table} where {column} = {self.leaf(value)})"
