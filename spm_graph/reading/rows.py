"""What fields are read from: a row of a table, a row of expressions, or an object inside a JSONB column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Row(Protocol):
    """A row that fields are read from."""

    def sql(self, name: str) -> str:
        """A column of it, as an SQL expression."""
        ...

    def json(self, name: str) -> str:
        """A column of it, as an SQL expression of type jsonb."""
        ...


@dataclass(slots=True)
class TableRow:
    """A row in the from clause; `taken` are the columns that were asked of it, `computed` declarations over them."""

    alias: str
    taken: dict[str, None] = field(default_factory=dict)
    computed: Mapping[str, str] = field(default_factory=dict)

    def sql(self, name: str) -> str:
        """The column under the row's alias."""
        if name == "self":
            return self.alias
        self.taken[name] = None
        return f"{self.alias}.{name}"

    def json(self, name: str) -> str:
        """The same: a column of type jsonb."""
        return self.sql(name)


@dataclass(slots=True)
class SumRow(TableRow):
    """A row that sums up others; `facts` are what else is known of it, the `pool` of those others among it."""

    facts: Mapping[str, str] = field(default_factory=dict)

    def sql(self, name: str) -> str:
        """The fact of that name, or the column under the row's alias."""
        # Without super(): a dataclass with slots is another class than the one that super() looks for.
        return self.facts[name] if name in self.facts else TableRow.sql(self, name)


@dataclass(slots=True)
class VirtualRow:
    """A row that is nothing but expressions."""

    columns: Mapping[str, str]

    def sql(self, name: str) -> str:
        """The expression of that name."""
        return self.columns[name]

    def json(self, name: str) -> str:
        """The same: an expression of type jsonb."""
        return self.columns[name]


@dataclass(slots=True)
class JsonRow:
    """An object inside a JSONB column."""

    expression: str

    def sql(self, name: str) -> str:
        """A member as text."""
        return f"({self.expression} ->> '{name}')"

    def json(self, name: str) -> str:
        """A member as it is."""
        return f"({self.expression} -> '{name}')"
