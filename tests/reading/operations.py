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
    """A maker of operations. What of `random` is the same and of `values` another has its statement in common, but for literals."""

    def __init__(self, schema: GraphQLSchema, random: Random, values: Random) -> None:
        self.schema, self.random, self.values = schema, random, values
        self.fragments: list[str] = []
        self.spread: dict[str, list[str]] = {}
        """The names of the fragments that are written, by their types."""
        self.variables: list[str] = []
        self.known: dict[str, list[str]] = {}
        """The names of the variables, by the types of the places that they were made for."""
        self.given: dict[str, Any] = {}
        """The values of the variables that are sent."""
        self.aliases = 0

    def operation(self) -> str:
        """A document with one query; `given` is sent with it."""
        assert self.schema.query_type is not None
        selection = self.selection(self.schema.query_type, 1)
        head = f"query Made({', '.join(self.variables)})" if self.variables else "query Made"
        return "\n".join([f"{head} {selection}", *self.fragments])

    def chance(self, odds: float) -> bool:
        return self.random.random() < odds

    def selection(self, type_: Any, depth: int, among: bool = False) -> str:
        """A selection set on an object or an abstract type; `among` others, whose fields of the same name may be of other types."""
        parts: list[str] = []
        fields = type_.fields if not is_abstract_type(type_) or hasattr(type_, "fields") else {}
        names = [name for name, field in fields.items() if depth < DEEP or not is_composite_type(get_named_type(field.type))]
        names = [name for name in names if not isinstance(declared(fields[name]), Reckoned)]  # no statement answers those
        wanted = self.random.randint(1, 3)
        for name in self.random.sample(names, min(wanted, len(names))):
            head = self.head(name, fields[name], among)
            parts.append(self.field(head, fields[name], depth))
            if self.chance(0.06):  # once more: what is selected of both is merged
                again = self.field(head, fields[name], depth)
                parts.append(self.random.choice([again, f"... {{ {again} }}", f"... on {type_.name} {{ {again} }}"]))
        if is_abstract_type(type_):
            for member in self.random.sample(self.schema.get_possible_types(type_), 2):
                parts.append(f"... on {member.name} {self.selection(member, depth + 1, among=True)}")
        parts += self.besides(type_, depth, among)
        if not parts or self.chance(0.15):
            parts.append(self.random.choice(["__typename", f"{self.alias()}: __typename"]))
        if depth == 1 and self.chance(0.1):
            type_name = self.random.choice(["Rep", "Node", "OpportunityWhere", "ComponentConfig", "nothing"])
            parts.append(f'{self.alias()}: __type(name: "{type_name}") {{ kind name fields {{ name args {{ name defaultValue }} }} }}')
        self.random.shuffle(parts)
        return "{ " + " ".join(parts) + " }"

    def besides(self, type_: Any, depth: int, among: bool) -> list[str]:
        """Fragments beside the fields: named, without a name, on what the type implements, each with a directive or not."""
        parts: list[str] = []
        if self.chance(0.06):
            parts.append(f"...{self.fragment(type_, depth)}{self.directives(0.3)}")
        if self.chance(0.06):
            parts.append(f"...{self.directives(0.7)} {self.selection(type_, depth + 1, among)}")
        if isinstance(type_, GraphQLObjectType):
            for interface in type_.interfaces:
                if self.chance(0.1):
                    parts.append(f"... on {interface.name}{self.directives(0.3)} {self.selection(interface, depth + 1, among=True)}")
        return parts

    def fragment(self, type_: Any, depth: int) -> str:
        """The name of a fragment on a type: a new one, or one that is written already. Its fields are aliases."""
        written = self.spread.setdefault(type_.name, [])
        if written and self.chance(0.8):
            return self.random.choice(written)
        self.fragments.append("")
        number = len(self.fragments) - 1
        self.fragments[number] = f"fragment F{number} on {type_.name} {self.selection(type_, depth + 1, among=True)}"
        written.append(f"F{number}")
        return f"F{number}"

    def directives(self, odds: float) -> str:
        """One directive, or both, or none."""
        if not self.chance(odds):
            return ""
        words = self.random.choice([["skip"], ["include"], ["skip", "include"], ["include", "skip"]])
        boolean = self.schema.type_map["Boolean"]
        return "".join(f" @{word}(if: {self.value(boolean, 'Boolean!', 0.5)})" for word in words)

    def alias(self) -> str:
        """A key that no other field has."""
        self.aliases += 1
        return f"f{self.aliases}"

    def head(self, name: str, field: GraphQLField, among: bool) -> str:
        """A field with some of its arguments. Without arguments it may go by its own name: wherever it stands, it is the same field."""
        read = declared(field)
        walked = self.walked(read, field) if isinstance(read, Paged) and not read.order.plain else {}
        chosen = {
            arg: self.argument(arg, spec) for arg, spec in field.args.items() if self.takes(arg, spec) and not (walked and arg == "orderBy")
        }
        chosen |= walked
        if not field.args and not among and self.chance(0.3):
            return name
        arguments = f"({', '.join(f'{arg}: {value}' for arg, value in chosen.items())})" if chosen else ""
        return f"{self.alias()}: {name}{arguments}"

    def field(self, head: str, field: GraphQLField, depth: int) -> str:
        """A field with what is selected of it."""
        named = get_named_type(field.type)
        below = f" {self.selection(named, depth + 1)}" if is_composite_type(named) else ""
        return f"{head}{self.directives(0.05)}{below}"

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

    def cursor(self, order: Order, label: str) -> str:
        """A place in an order, with a row there or not."""
        return cursor(order, label, [self.values.choice(KEYS_OF[type_]) for _, type_ in order.keys])

    def sent(self, written: str, value: Any) -> str:
        """A variable whose value is sent."""
        name = f"v{len(self.variables)}"
        self.variables.append(f"${name}: {written}")
        self.given[name] = value
        return f"${name}"

    def takes(self, name: str, argument: GraphQLArgument) -> bool:
        """Whether an argument is given. Cursors of pages depend on their orders."""
        if is_required_argument(argument) or name == "first":
            return True
        return name not in {"after", "before"} and self.chance(0.2 if name == "last" else 0.5)

    def argument(self, name: str, argument: GraphQLArgument) -> str:
        if name not in {"first", "last"}:
            return self.value(argument.type, str(argument.type), 0.3)
        if self.chance(0.8):
            return self.random.choice(["0", "1", "2", "3"])
        return self.variable(argument.type, str(argument.type))

    def value(self, type_: Any, written: str, as_variable: float = 0.0) -> str:
        """A value of an input type, sometimes a variable."""
        return self.variable(type_, written) if self.chance(as_variable) else self.literal(type_, 0.05)

    def variable(self, type_: Any, written: str) -> str:
        """A variable: its value is sent or its default, both are there, it is null, or nothing is said of it. Some are used twice."""
        known = self.known.setdefault(written, [])
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
        if way in {"default", "both"} and written.endswith("!") and self.chance(0.3):
            written = written[:-1]  # with a default, null is let in, and may not be sent
        self.variables.append(f"${name}: {written}" + (f" = {self.literal(type_)}" if way in {"default", "both", "null"} else ""))
        return f"${name}"

    def literal(self, type_: Any, as_variable: float = 0.0) -> str:
        """A value as it is written; fields of its objects are sometimes variables."""
        if not is_non_null_type(type_) and self.chance(0.05):
            return "null" if type_ is not self.schema.type_map["Boolean"] else "true"
        type_ = get_nullable_type(type_)
        if isinstance(type_, GraphQLList):
            return self.listed(type_.of_type, as_variable)
        if isinstance(type_, GraphQLEnumType):
            return str(self.values.choice(list(type_.values)))
        if isinstance(type_, GraphQLInputObjectType):
            if type_.name in {"Ref", "PeriodRef"}:
                return self.values.choice(KEYS if type_.name == "Ref" else PERIODS)
            fields = [
                f"{name}: {self.value(field.type, str(field.type), as_variable) if as_variable else self.literal(field.type)}"
                for name, field in type_.fields.items()
                if self.chance(JOINED if name in {"and", "or", "not"} else 0.25)
                or (is_non_null_type(field.type) and field.default_value is Undefined)
            ]
            return "{" + ", ".join(fields) + "}"
        return self.values.choice(WORDS[type_.name])

    def listed(self, item: Any, as_variable: float) -> str:
        """A list as it is written, or one value that stands for a list of it."""
        if self.chance(0.3) and not isinstance(get_named_type(item), GraphQLInputObjectType):
            return self.literal(item)
        items = [
            self.variable(item, str(item)) if self.chance(2 * as_variable) else self.literal(item, as_variable)
            for _ in range(self.random.choice([0, 1, 1, 2, 2, 3, 3]))
        ]
        return "[" + ", ".join(items) + "]"
