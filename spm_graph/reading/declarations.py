"""What a field of the schema declares: where it comes from. `fields` has the words that make these.

A declaration is SQL with placeholders, resolved when a selection is compiled:

    {name}         a column of the field's own row
    {parent.name}  in `where` and `order`: a column of the row that the field hangs on
    {$name}        an argument of the field, by its name in the schema: null where it is not given
    {?name}        true where that argument is given, false elsewhere
    {today}        the day of the request
    {self}         the alias of the field's own row
    {actor.name}   the asker's `name`, `rep_id` or `grants`
    {seen.table}   whether the asker may see the row of a table that goes by the table's own name
    {pool}         of an object that sums up rows, the relation of those rows; {parent.pool} in what hangs on it
    {schema.name}  a JSON value that the schema itself brings

Joins come from the foreign keys of the tables. The declaration rides on the metadata of a plain strawberry field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import strawberry

from .filters import Search

READ = "read"
SOURCE = "__reads__"
COLUMNS = "__columns__"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the objects of a type come from: a table, a view, or a select in parentheses over one.

    `table` is the one whose rule of visibility holds, None where everybody sees all. `key` is the column that ids are
    made of, with `prefix`; `order` picks one where a key names several rows. `computed` are columns that the relation does
    not have: declarations over those that it has, written only where they are asked for.
    """

    relation: str
    table: str | None
    prefix: str | None = None
    key: str = "id"
    order: str | None = None
    computed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """A leaf: an SQL expression."""

    sql: str


@dataclass(frozen=True, slots=True)
class Key:
    """The global id of a row."""


@dataclass(frozen=True, slots=True)
class Inline:
    """An object made of expressions over the row that it hangs on; null where `present` is false."""

    parts: Mapping[str, str]
    present: str | None = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """An object or a list inside a JSONB column, its keys the names of the schema.

    `kind` names the member of a union; the union's last member stands for all other kinds, and has the fields `otherwise`.
    `absent` is the JSON that stands for a member that the column's object lacks.
    """

    sql: str
    kind: str | None = None
    otherwise: Mapping[str, str] | None = None
    absent: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Rows of the target type's source: one, or all of them in order.

    `relation` reads from elsewhere than the source; `inherited` says that whoever sees the parent sees these.
    """

    where: str = "true"
    order: str | None = None
    relation: str | None = None
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: expressions that are never null, each with its PostgreSQL type, the last ones unique together."""

    keys: tuple[tuple[str, str], ...]
    descending: bool = False
    plain: bool = False
    """Whether a cursor is the keys as they are, numbers with points between them: events, whose cursor others give out too."""


BY_ID = Order((("{id}", "bigint"),))
NEWEST_FIRST = Order((("{id}", "bigint"),), descending=True)
IN_ORDER = Order((("{position}", "bigint"), ("{ordinal}", "bigint")), plain=True)


@dataclass(frozen=True, slots=True)
class Paged:
    """Rows of the node type's source, a page at a time. `orders` are those that `orderBy` can ask for."""

    where: str
    order: Order
    orders: Mapping[Any, Order] = field(default_factory=dict)
    searches: Mapping[str, Search] = field(default_factory=dict)
    relation: str | None = None
    inherited: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Summed:
    """One object over all rows of a table that hold and that the asker sees: its type's source reads them as `{pool}`.

    The pool has the table's columns and those of `columns`. `facts` are expressions over the row that it hangs on, there for
    the source and for what hangs on the object.
    """

    table: str
    where: str
    columns: Mapping[str, str]
    facts: Mapping[str, str]
    searches: Mapping[str, Search] = field(default_factory=dict)
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Identified:
    """Objects by their global ids: the argument `id` or `ids`."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What only Python can say of a row with an id, calculated beside the statement under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What an argument narrows down: the SQL of a value, which has to be the argument or one of its list; ids have the prefix."""

    sql: str
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """Events of the target type as they come, for a root field of a subscription, narrowed down by arguments."""

    filters: Mapping[str, Narrowed]


@dataclass(frozen=True, slots=True)
class Arg:
    """An argument of a field: its type, what it means, and its default."""

    type: Any
    description: str
    default: object = strawberry.UNSET
