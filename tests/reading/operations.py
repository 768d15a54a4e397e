"""Operations made at random from the schema: valid ones, with everything that the language has."""

from __future__ import annotations

from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_non_null_type,
    is_required_argument,
    parse_const_value,
    value_from_ast_untyped,
)

from spm_graph.reading.declarations import READ, Order, Paged, Reckoned

from .slices import cursor

WORDS = {
    "Cursor": ['"0"', '"2"', '"2.1"', '"6"'],
    "Date": ['"2026-01-01"', '"2026-02-14"', '"2026-05-10"', '"2025-06-01"'],
    "DateTime": ['"2026-01-01T00:00:00Z"', '"2026-05-01T12:30:00+02:00"'],
    "Decimal": ['"0"', '"900"', '"5000.50"'],
    "Int": ["0", "1", "2", "5"],
    "Boolean": ["true", "false"],
    "String": ['"ana"', '"bookings"', '"boxes"', '"East"', '"Won"', '"K"', '"B"', '"2026-Q1"', '"2026-02"', '"o2"', '"period"',
               '""', '"\'"'],
    "ID": [
        '"rep_4"', '"rep_2"', '"rep_99"', '"opportunity_2"', '"transaction_1"', '"credit_1"', '"period_5"', '"quota_1"', '"plan_1"',
        '"version_2"',
        '"component_1"', '"territoryassignment_1"', '"run_2"', '"posting_1"', '"earning_1"', '"account_3"', '"product_2"', '"measure_1"',
        '"activity_1"', '"dispute_1"', '"version_1"', '"adjustment_4"', '"what_7"', '""',
    ],
}  # fmt: skip
KEYS = [
    '{externalId: "ana"}',
    '{externalId: "eu"}',
    '{externalId: "cy"}',
    '{id: "rep_2"}',
    '{externalId: "o2"}',
    '{id: "opportunity_1"}',
    '{externalId: "a1"}',
    '{id: "nobody"}',
]
KEYS_OF = {
    "bigint": ["1", "3", "4", "6"],
    "date": ["2026-01-01", "2026-02-14", "2026-03-01", "1900-01-01"],
    "numeric": ["0", "900", "5000.5"],
    "text": ["Ana", "Cy", "Kappa", "Field 2026", "", "é"],
}
PERIODS = ['{name: "2026-Q1"}', '{name: "2026-02"}', '{id: "period_1"}', '{on: {date: "2026-05-03", kind: MONTH}}', '{name: "1999"}']
DEEP = 5
JOINED = 0.07
"""How often a filter is joined with others: so seldom that it comes to an end."""


def declared(field: GraphQLField) -> Any:
    """How a field is read."""
    return field.extensions["strawberry-definition"].metadata.get(READ)


class Operations:
    """A maker of operations."""

    def __init__(self, schema: GraphQLSchema, random: Random) -> None:
        self.schema, self.random = schema, random
        self.fragments: list[str] = []
        self.variables: list[str] = []
        self.given: dict[str, Any] = {}
        """The values of the variables that are sent."""
        self.aliases = 0
        self.written: dict[str, list[str]] = {}
        """The variables of each type."""
        self.whole: dict[str, list[str]] = {}
        """The fragments on each type that are complete, so that another spread of one does not lead into itself."""

    def operation(self) -> str:
        """A document with one query; `given` is sent with it."""
        assert self.schema.query_type is not None
        selection = self.selection(self.schema.query_type, 1)
        head = f"query Made({', '.join(self.variables)})" if self.variables else "query Made"
        return "\n".join([f"{head} {selection}", *self.fragments])

    def chance(self, odds: float) -> bool:
        return self.random.random() < odds

    def selection(self, type_: Any, depth: int, *, apart: bool = False) -> str:
        """A selection set on an object or an abstract type; `apart` from those of other types at the same place."""
        parts: list[str] = []
        fields = type_.fields if not is_abstract_type(type_) or hasattr(type_, "fields") else {}
        names = [name for name, field in fields.items() if depth < DEEP or not is_composite_type(get_named_type(field.type))]
        names = [name for name in names if not isinstance(declared(fields[name]), Reckoned)]  # no statement answers those
        wanted = 3 if depth == 1 else self.random.randint(1, 4)
        for name in self.random.sample(names, min(wanted, len(names))):
            parts += self.fields(name, fields[name], depth, apart=apart)
        if is_abstract_type(type_):
            for member in self.random.sample(self.schema.get_possible_types(type_), 2):
                parts.append(f"... on {member.name} {self.selection(member, depth + 1, apart=True)}")
        elif depth > 1 and not apart and isinstance(type_, GraphQLObjectType):
            if self.chance(0.1):
                parts.append(f"...{self.fragment(type_, depth)}{self.sometimes()}")
            if self.chance(0.1):
                parts.append(f"... {self.directive()} {self.selection(type_, depth + 1)}")
        if not parts or self.chance(0.15):
            parts.append("__typename")
        return "{ " + " ".join(parts) + " }"

    def fragment(self, type_: GraphQLObjectType, depth: int) -> str:
        """The name of a fragment: a new one, or one that is spread elsewhere, too."""
        known = self.whole.setdefault(type_.name, [])
        if known and self.chance(0.5):
            return self.random.choice(known)
        name = f"F{len(self.fragments)}"
        self.fragments.append("")
        self.fragments[int(name[1:])] = f"fragment {name} on {type_.name} {self.selection(type_, depth + 1)}"
        known.append(name)
        return name

    def directive(self) -> str:
        return f"@{self.random.choice(['skip', 'include'])}(if: {self.value(self.schema.type_map['Boolean'], 'Boolean!', 0.5)})"

    def sometimes(self) -> str:
        """A directive, seldom."""
        return f" {self.directive()}" if self.chance(0.05) else ""

    def fields(self, name: str, field: GraphQLField, depth: int, *, apart: bool) -> list[str]:
        """A field with some of its arguments, under an alias of its own unless it has none; seldom in two parts, to be merged."""
        read = declared(field)
        walked = self.walked(read, field) if isinstance(read, Paged) and not read.order.plain else {}
        chosen = {
            arg: self.argument(arg, spec) for arg, spec in field.args.items() if self.takes(arg, spec) and not (walked and arg == "orderBy")
        }
        chosen |= walked
        key = ""
        if chosen or apart or self.chance(0.7):
            self.aliases += 1
            key = f"f{self.aliases}: "
        arguments = f"({', '.join(f'{arg}: {value}' for arg, value in chosen.items())})" if chosen else ""
        named = get_named_type(field.type)
        if not is_composite_type(named):
            return [f"{key}{name}{arguments}{self.sometimes()}"]
        times = 2 if self.chance(0.05) else 1
        return [f"{key}{name}{arguments}{self.sometimes()} {self.selection(named, depth + 1)}" for _ in range(times)]

    def walked(self, read: Paged, field: GraphQLField) -> dict[str, str]:
        """Cursors for a page, seldom, and the order that they are of if it is not the list's own."""
        given = {arg: "" for arg in ("after", "before") if self.chance(0.15)}
        word = self.random.choice(list(read.orders)) if given and read.orders and self.chance(0.5) else None
        for arg in given:
            written = self.cursor(read.orders[word] if word else read.order, word.value if word else "")
            given[arg] = self.sent("Cursor", written) if self.chance(0.3) else f'"{written}"'
        if word:
            given["orderBy"] = self.sent(str(field.args["orderBy"].type), word.value) if self.chance(0.3) else word.value
        return given

    def sent(self, written: str, value: Any) -> str:
        """A variable with a value of its own."""
        name = f"v{len(self.variables)}"
        self.variables.append(f"${name}: {written}")
        self.given[name] = value
        return f"${name}"

    def cursor(self, order: Order, label: str) -> str:
        """A place in an order, with a row there or not."""
        return cursor(order, label, [self.random.choice(KEYS_OF[type_]) for _, type_ in order.keys])

    def takes(self, name: str, argument: GraphQLArgument) -> bool:
        """Whether an argument is given. Cursors of pages depend on their orders."""
        if is_required_argument(argument) or name == "first":
            return True
        return name not in {"after", "before"} and self.chance(0.2 if name == "last" else 0.5)

    def argument(self, name: str, argument: GraphQLArgument) -> str:
        if name in {"first", "last"} and self.chance(0.8):
            return self.random.choice(["0", "1", "2", "3"])
        return self.value(argument.type, str(argument.type), 0.3)

    def value(self, type_: Any, written: str, as_variable: float = 0.0) -> str:
        """A value of an input type, sometimes a variable."""
        return self.variable(type_, written) if self.chance(as_variable) else self.literal(type_, 0.05)

    def variable(self, type_: Any, written: str) -> str:
        """A variable: its value is sent or its default, both are there, it is null, or nothing is said of it. Some are used twice."""
        known = self.written.setdefault(written, [])
        if known and self.chance(0.2):
            return f"${self.random.choice(known)}"
        name = f"v{len(self.variables)}"
        value = self.literal(type_)
        way = self.random.choice(["default", "sent", "both"] + ["null", "nothing"] * (not written.endswith("!")))
        if way in {"sent", "both"}:
            self.given[name] = value_from_ast_untyped(parse_const_value(value))
        elif way == "null":
            self.given[name] = None
        known.append(name)
        self.variables.append(f"${name}: {written}" + (f" = {self.literal(type_)}" if way in {"default", "both", "null"} else ""))
        return f"${name}"

    def literal(self, type_: Any, as_variable: float = 0.0) -> str:
        """A value as it is written; fields of its objects are sometimes variables."""
        if not is_non_null_type(type_) and self.chance(0.05):
            return "null" if type_ is not self.schema.type_map["Boolean"] else "true"
        type_ = get_nullable_type(type_)
        if isinstance(type_, GraphQLList):
            return "[" + ", ".join(self.literal(type_.of_type) for _ in range(self.random.choice([0, 1, 1, 2, 2, 3, 3]))) + "]"
        if isinstance(type_, GraphQLEnumType):
            return str(self.random.choice(list(type_.values)))
        if isinstance(type_, GraphQLInputObjectType):
            if type_.name in {"Ref", "PeriodRef"}:
                return self.random.choice(KEYS if type_.name == "Ref" else PERIODS)
            fields = [
                f"{name}: {self.value(field.type, str(field.type), as_variable) if as_variable else self.literal(field.type)}"
                for name, field in type_.fields.items()
                if self.chance(JOINED if name in {"and", "or", "not"} else 0.25)
                or (is_non_null_type(field.type) and field.default_value is Undefined)
            ]
            return "{" + ", ".join(fields) + "}"
        return self.random.choice(WORDS[type_.name])
