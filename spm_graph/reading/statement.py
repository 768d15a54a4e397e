"""One SQL statement being written: its bind parameters, its aliases, and what its placeholders stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import GraphQLList

from spm_graph.domain.terms import Grant
from spm_graph.store.predicates import VISIBLE_REP
from spm_graph.store.visibility import visible, visible_alone, visible_of_each, visible_to_few

from .arguments import Argument, Given, Inputs, Leaf, bare
from .parameters import POSTGRESQL, PREFIXES, converter, storable
from .rows import Row, TableRow

PLACEHOLDER = re.compile(r"\{([$?]?[A-Za-z_][A-Za-z_.]*)\}")
PARAMETER = re.compile(r"\$([0-9]+)::")

RELTUPLES = "(select reltuples from pg_class where oid = '{}'::regclass)"
"""About how many rows a table has, as PostgreSQL's own planner knows."""

REPS = f"greatest(1, {RELTUPLES.format('rep')})"

Read = Callable[[Inputs], Any]


class OfEach(NamedTuple):
    """How a page is found by whoever sees much, `in_order`, and by whoever sees little: rep by rep, and what is `shared` with them."""

    in_order: str
    rep: str
    shared: str | None
    sees_little: str


def _sees_more(reps: str) -> str:
    """Whether somebody sees more than so many reps; no more of them are counted than it takes to know."""
    return f"exists (select from visible_rep offset floor({reps})::bigint)"


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
        return self._seen(visible(table, self.grants), alias) if table else None

    def predicate_alone(self, table: str | None, alias: str) -> str | None:
        """The same of one row that its key finds: the asker is looked for above it."""
        return self._seen(visible_alone(table, self.grants), alias) if table else None

    def predicates(self, table: str, alias: str, rows: str | None = None) -> list[str] | None:
        """The same in two ways of which one holds for an asker, so that the other costs nothing; None: there is one way only.

        Whoever sees much finds a page by reading the table in order; whoever sees little, by looking up what is theirs.
        With a part f of all reps seen, finding so many `rows` of n reads rows / f in order, and f * n looked up: the former is
        less where f * f * n is more than `rows`. Where all rows are wanted, everybody but who sees nearly all looks theirs up.
        """
        few = self._seen(visible_to_few(table, self.grants), alias)
        if few is None:
            return None
        part = "0.9" if rows is None else f"sqrt({rows} / greatest(1, {RELTUPLES.format(table)}))"
        gate = _sees_more(f"{part} * {REPS}")
        return [f"{self._in_order(table, alias)} and {gate}", f"{few} and not {gate}"]

    def of_each(self, table: str, alias: str) -> OfEach | None:
        """How the first rows are found of each rep that is seen; None: they are not found so.

        For so many `rows`, who sees k of r reps reads k * rows of them, or rows * r / k in order: the latter is less where k * k
        is more than r. Neither grows with what there is.
        """
        found = visible_of_each(table, self.grants)
        if found is None:
            return None
        own, shared = found
        much = _sees_more(f"sqrt({REPS})")
        return OfEach(f"{self._in_order(table, alias)} and {much}", f"{alias}.{own}", self._seen(shared, alias), f"not {much}")

    def _in_order(self, table: str, alias: str) -> str:
        # IS TRUE has the reps hashed and each row checked: without it, what is theirs is looked up rep by rep, and all of it sorted.
        return f"({self.predicate(table, alias)}) is true"

    def _seen(self, condition: str | None, alias: str) -> str | None:
        if condition is None:
            return None
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
