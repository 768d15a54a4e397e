"""The words with which a type of the schema declares where each of its fields comes from.

What they take, SQL with placeholders, is described with the declarations that they make.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import strawberry
from sqlalchemy import Column, Table
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from .declarations import (
    BY_ID,
    COLUMNS,
    READ,
    SOURCE,
    Arg,
    Embedded,
    Followed,
    Identified,
    Inline,
    Key,
    Narrowed,
    Order,
    Paged,
    Reckoned,
    Related,
    Source,
    Summed,
    Value,
)
from .filters import searches

T = TypeVar("T")


def expression(where: str | Column[Any]) -> str:
    """A column as a placeholder; other SQL as it is."""
    return where if isinstance(where, str) else f"{{{where.name}}}"


def _field(read: object, description: str, arguments: Mapping[str, Arg] | None = None, name: str | None = None) -> Any:
    made = strawberry.field(description=description, metadata={READ: read}, name=name)
    assert isinstance(made, StrawberryField)
    if arguments:
        made.arguments = [
            StrawberryArgument(argument, argument, StrawberryAnnotation(arg.type), description=arg.description, default=arg.default)
            for argument, arg in arguments.items()
        ]
    return made


def value(sql: str, description: str, **arguments: Arg) -> Any:
    """A leaf from an SQL expression."""
    return _field(Value(sql), description, arguments)


def key(description: str) -> Any:
    """The global id: the source's prefix and key."""
    return _field(Key(), description)


def column(of: Column[Any] | str, description: str, name: str | None = None) -> Any:
    """A leaf from a column."""
    return _field(Value(expression(of) if not isinstance(of, str) else f"{{{of}}}"), description, name=name)


def ratio(sql: str | Column[Any], description: str) -> Any:
    """A ratio, at six places."""
    return _field(Value(f"ratio_text({expression(sql)})"), description)


def rate(sql: str | Column[Any], description: str) -> Any:
    """A rate or a share: as many places as it has, eight at most."""
    return _field(Value(f"trim_scale(round({expression(sql)}, 8))"), description)


def inline(parts: Mapping[str, str], description: str, present: str | None = None, **arguments: Arg) -> Any:
    """An object made of expressions."""
    return _field(Inline(parts, present), description, arguments)


def money(amount: str | Column[Any], currency: str | Column[Any], description: str, **arguments: Arg) -> Any:
    """An amount of money at its currency's exponent; null where the amount is."""
    sql, unit = expression(amount), expression(currency)
    return _field(Inline({"amount": f"money_text({sql}, {unit})", "currency": unit}, f"{sql} is not null"), description, arguments)


def quantity(amount: str, unit: str, description: str) -> Any:
    """A number with its unit, a currency or `units`; null where the number is."""
    return _field(Inline({"value": counted(amount, unit), "unit": unit}, f"{amount} is not null"), description)


def counted(amount: str, unit: str) -> str:
    """The written form of a number in a unit: money at its currency's exponent, units without trailing zeros."""
    return f"case when {unit} = 'units' then trim_scale({amount})::text else money_text({amount}, {unit}) end"


def dates(effective: str | Column[Any], description: str) -> Any:
    """A range of dates, half-open."""
    sql = expression(effective)
    return _field(Inline({"starts": f"lower({sql})", "ends": f"upper({sql})"}, f"{sql} is not null"), description)


def embedded(of: str | Column[Any], description: str, kind: str | None = None, otherwise: Mapping[str, str] | None = None) -> Any:
    """An object, a list or a union inside a JSONB column."""
    return _field(Embedded(expression(of), kind, otherwise), description)


def member(api_name: str, description: str, absent: str | None = None) -> Any:
    """A member of an object inside a JSONB column, and the JSON that stands for it where it is absent."""
    return _field(Embedded(f"{{{api_name}}}", absent=absent), description, name=api_name)


def identified(description: str, **arguments: Arg) -> Any:
    """Whatever has a global id."""
    return _field(Identified(), description, arguments)


def reckoned(name: str, description: str, **arguments: Arg) -> Any:
    """What only Python can say of a row: costly, and for one row of a request."""
    return _field(Reckoned(name), description, arguments)


def followed(description: str, filters: Mapping[str, Narrowed], **arguments: Arg) -> Any:
    """The events that the filters let through, one after the other, behind the argument `after` or from now."""
    return _field(Followed(filters), description, arguments)


def one(on: Column[Any] | None, description: str, **options: Any) -> Any:
    """The one row that a foreign key of this row names, or that `where` finds; null where there is none, or none to be seen."""
    return _related(on, description, options, lambda column: f"{{{_referred(column)}}} = {{parent.{column.name}}}")


def many(on: Column[Any] | None, description: str, **options: Any) -> Any:
    """All rows whose foreign key names this row, as a list: for what is few by nature."""
    return _related(on, description, {"order": "{id}"} | options, lambda column: f"{{{column.name}}} = {{parent.{_referred(column)}}}")


def _related(on: Column[Any] | None, description: str, options: dict[str, Any], join: Callable[[Column[Any]], str]) -> Any:
    arguments = options.pop("arguments", None)
    conditions = [join(on)] if on is not None else []
    conditions += [options.pop("where")] if "where" in options else []
    return _field(Related(where=" and ".join(conditions) or "true", **options), description, arguments)


def page(
    on: Column[Any] | None,
    description: str,
    *,
    order: Order = BY_ID,
    where: str | None = None,
    filters: Any = None,
    orders: tuple[Any, Mapping[Any, Order]] | None = None,
    arguments: Mapping[str, Arg] | None = None,
    **options: Any,
) -> Any:
    """A connection: the rows whose foreign key names this row, a page at a time.

    `filters` is the input type of the argument `where`; `orders` the enum of the argument `orderBy` and what its words mean.
    The arguments `first`, `after`, `last` and `before` are among `arguments`.
    """
    conditions = [f"{{{on.name}}} = {{parent.{_referred(on)}}}"] if on is not None else []
    conditions += [where] if where else []
    given: dict[str, Arg] = {}
    if filters is not None:
        given["where"] = Arg(filters | None, "Only those for which all of this holds.", None)
    if orders is not None:
        given["orderBy"] = Arg(orders[0] | None, "The order of the page.", None)
    given |= arguments or {}
    read = Paged(" and ".join(conditions) or "true", order, orders[1] if orders else {}, searches(filters), **options)
    return _field(read, description, given)


def summed(
    table: Table,
    on: Column[Any] | None,
    description: str,
    *,
    columns: Mapping[str, str],
    facts: Mapping[str, str],
    filters: Any,
    arguments: Mapping[str, Arg],
    inherited: bool = False,
) -> Any:
    """An object that sums up the rows of a table whose foreign key names this row; `filters` is the type of `where`."""
    where = f"{{{on.name}}} = {{parent.{_referred(on)}}}" if on is not None else "true"
    given = {"where": Arg(filters | None, "Only those for which all of this holds.", None), **arguments}
    return _field(Summed(table.name, where, columns, facts, searches(filters), inherited), description, given)


def _referred(column: Column[Any]) -> str:
    (key,) = column.foreign_keys
    return str(key.column.name)


def node(table: Table, prefix: str, **options: Any) -> Callable[[type[T]], type[T]]:
    """A type whose objects are rows of a table with a global id; its docstring is its description."""
    return record(table.name, table, prefix=prefix, **options)


def record(relation: str, table: Table | None, **options: Any) -> Callable[[type[T]], type[T]]:
    """A type whose objects are rows of a table, a view or a select; `table` is the one whose rule of visibility holds."""
    return lambda cls: reads(relation, table, **options)(described(cls))


def reads(relation: str, table: Table | None, **options: Any) -> Callable[[type[T]], type[T]]:
    """The source of a type or an interface of the schema."""

    def declared(cls: type[T]) -> type[T]:
        setattr(cls, SOURCE, Source(relation, table.name if table is not None else None, **options))
        return cls

    return declared


def described(cls: type[T]) -> type[T]:
    """A type of the schema whose docstring is its description."""
    return strawberry.type(cls, description=inspect.getdoc(cls))


def payload(cls: type[T] | None = None, /, **columns: str) -> Any:
    """A payload of a mutation: its fields are read from a row of these columns, each with its PostgreSQL type."""

    def declared(cls: type[T]) -> type[T]:
        made = described(cls)
        setattr(made, COLUMNS, columns)
        return made

    return declared(cls) if cls else declared
