"""What all tables share: the metadata, naming of constraints, and a few column shapes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Identity, Index, MetaData, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from spm_graph.domain.terms import names

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)


def key() -> Column[int]:
    """The primary key: a number that PostgreSQL gives."""
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def reference(target: str, name: str | None = None, **options: Any) -> Column[int]:
    """A foreign key `<target>_id`, not null unless said otherwise."""
    options.setdefault("nullable", False)
    return Column(name or f"{target}_id", BigInteger, ForeignKey(f"{target}.id"), **options)


def one_of(column: str, vocabulary: type[StrEnum]) -> CheckConstraint:
    """A text column holds one word of a vocabulary."""
    words = ", ".join(f"'{word}'" for word in names(vocabulary))
    return CheckConstraint(f"{column} in ({words})", name=column)


def some_of(column: str, vocabulary: type[StrEnum]) -> CheckConstraint:
    """A text[] column holds words of a vocabulary only."""
    words = ", ".join(f"'{word}'" for word in names(vocabulary))
    return CheckConstraint(f"{column} <@ array[{words}]", name=column)


def currency_code() -> CheckConstraint:
    """The column `currency` holds a code of three capital letters, as ISO 4217 has."""
    return CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency")


def begun() -> CheckConstraint:
    """The `effective` dates have a first day, and may have no last one."""
    return CheckConstraint("not isempty(effective) and not lower_inf(effective)", name="effective")


def bounded() -> CheckConstraint:
    """The `effective` dates have a first day and a last one."""
    return CheckConstraint("not isempty(effective) and not lower_inf(effective) and not upper_inf(effective)", name="effective")


def never_overlapping(table: str, *keys: str, where: str | None = None) -> ExcludeConstraint:
    """No two rows with the same keys, of those that `where` holds for, have overlapping `effective` dates.

    Keys are bigints, so a one-number range stands in for equality and no extension is needed. Checked at commit,
    so that one statement may end a row and begin its successor.
    """
    elements = [(text(f"int8range({column}, {column}, '[]')"), "&&") for column in keys]
    return ExcludeConstraint(
        *elements,
        (Column("effective"), "&&"),
        name=f"{table}_never_overlapping",
        using="gist",
        deferrable=True,
        initially="deferred",
        where=text(where) if where else None,
    )


def searched(table: str) -> Index:
    """The index by which names are searched for their words."""
    return Index(f"{table}_words_idx", text("words_of(name)"), postgresql_using="gin")
