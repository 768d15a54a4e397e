"""The mapping: a TOML file that says which files an export has, what their columns mean, and how they write things.

`mappings/crm_sales_opportunities.toml` beside this module is a whole one, with every setting explained.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from spm_graph.domain.terms import ForecastCategory, Outcome

from . import cells
from .checked import Checked, either, shown
from .nouns import NOUNS, OPPORTUNITIES, Field, Noun

EXAMPLE = "crm_sales_opportunities"
"""The mapping that comes with the package."""


class MappingError(ValueError):
    """A mapping that can't be used. `faults` are sentences, each with the path of the setting inside the file."""

    def __init__(self, faults: Collection[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Form:
    """How the files write things."""

    encoding: str = "utf-8"
    delimiter: str = ","
    dates: tuple[str, ...] = ("YYYY-MM-DD",)
    decimal: str = "."
    thousands: str = ""
    symbol: str = ""
    empty: frozenset[str] = frozenset({""})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field comes from: a column, with words replaced by `values`, or the same `constant` in every row."""

    column: str | None = None
    constant: str | None = None
    values: Map[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage says about an opportunity."""

    outcome: Outcome | None
    forecast_category: ForecastCategory
    probability: Decimal


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: the records of one noun. `added_title`: managers that have no row of their own become reps with this title."""

    noun: Noun
    file: str
    form: Form
    sources: Map[str, Source]
    add_managers: bool = False
    added_title: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """What an export's files mean. `effective_from` is the day from which first reporting lines hold; none: see `load`."""

    currency: str
    sheets: tuple[Sheet, ...]
    stages: Map[str, Stage]
    effective_from: date | None = None

    @classmethod
    def read(cls, path: Path) -> Mapping:
        """The mapping in a file, or MappingError."""
        try:
            return cls.parse(path.read_text(encoding="utf-8-sig"), path.name)
        except OSError as error:
            raise MappingError([f"{path}: can't be read: {error.strerror}"]) from None
        except UnicodeDecodeError:
            raise MappingError([f"{path.name}: is not UTF-8 text"]) from None

    @classmethod
    def parse(cls, text: str, name: str = "mapping") -> Mapping:
        """The mapping in a text, or MappingError; `name` is what its faults call it."""
        try:
            tree = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            raise MappingError([f"{name}: {error}"]) from None
        faults: list[str] = []
        found = _mapping(Checked(tree, f"{name}: ", "", faults))
        if faults:
            raise MappingError(faults)
        return found


def example() -> str:
    """The text of the mapping that comes with the package: the one to copy."""
    return (files(__package__) / "mappings" / f"{EXAMPLE}.toml").read_text(encoding="utf-8")


def _mapping(root: Checked) -> Mapping:
    currency = root.required("currency", "expected three capital letters, as in USD")
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        root.fault("currency", f'"{currency}" is no currency; expected three capital letters, as in USD')
    effective_from = root.get("effective_from", date, "date, as in 2017-01-01")
    if isinstance(effective_from, datetime):
        effective_from = effective_from.date()
    form = _form(root.table("format"), Form())
    tables = [(noun, root.table(noun.name)) for noun in NOUNS.values()]
    stages = _stages(next(table for noun, table in tables if noun is OPPORTUNITIES))
    sheets = tuple(_sheet(noun, table, form, stages) for noun, table in tables if table is not None)
    if not sheets:
        root.fault("", f"no file is mapped; expected a table {either([f'[{name}]' for name in NOUNS])}")
    root.close()
    return Mapping(currency, sheets, stages, effective_from)


def _form(table: Checked | None, form: Form) -> Form:
    """What a table says of the form, and for the rest the form given."""
    if table is None:
        return form
    found = replace(
        form,
        encoding=table.text("encoding", form.encoding),
        delimiter=table.text("delimiter", form.delimiter),
        dates=tuple(table.texts("dates", form.dates)),
        decimal=table.text("decimal", form.decimal),
        thousands=table.text("thousands", form.thousands),
        symbol=table.text("symbol", form.symbol),
        empty=frozenset({"", *table.texts("empty", form.empty)}),
    )
    faults = len(table.faults)
    try:
        "".encode(found.encoding)
    except LookupError:
        table.fault("encoding", f'"{found.encoding}" is no encoding; expected one as in utf-8 or cp1252')
    if len(found.delimiter) != 1 or found.delimiter in '"\r\n':
        table.fault("delimiter", f"{shown(found.delimiter)} is no delimiter; expected one character, as in , or ;")
    if not found.dates:
        table.fault("dates", "is empty; expected at least one form, as in YYYY-MM-DD")
    for index, written in enumerate(found.dates):
        try:
            cells.dates([written])
        except ValueError as error:
            table.fault(f"dates[{index}]", f'"{written}" is no form of dates; {error}')
    if len(found.decimal) != 1 or found.decimal.isalnum() or found.decimal == "-":
        table.fault("decimal", f"{shown(found.decimal)} is no decimal mark; expected one sign, as in . or ,")
    if len(found.thousands) > 1 or found.thousands.isalnum() or found.thousands in {found.decimal, "-"}:
        table.fault("thousands", f"{shown(found.thousands)} is no thousands mark; expected one other than the decimal mark, or none")
    table.close()
    return found if len(table.faults) == faults else form


def _sheet(noun: Noun, table: Checked, form: Form, stages: Map[str, Stage]) -> Sheet:
    file = table.required("file", "expected the name of a file, as in accounts.csv")
    form = _form(table.table("format"), form)
    found = {item.name: source for item in noun.fields if (source := _source(table, item))}
    for item in noun.fields:
        if item.required and item.name not in table.values:
            table.fault(item.name, "is missing; expected the name of a column")
    if noun is OPPORTUNITIES:
        _check_outcomes(table, found, stages)
        table.asked.add("stages")
    manager = table.values.get("manager") if noun.field("manager") else None
    options = manager if isinstance(manager, dict) else {}
    table.close()
    return Sheet(noun, file, form, found, options.get("add_missing") is True, options.get("title"))


def _source(table: Checked, item: Field) -> Source | None:
    table.asked.add(item.name)
    given = table.values.get(item.name)
    if given is None:
        return None
    if isinstance(given, str):
        return Source(column=given)
    if not isinstance(given, dict):
        table.fault(item.name, f'{shown(given)} is no column; expected its name, or a table as in {{ column = "…", values = {{ … }} }}')
        return None
    inner = table.inside(item.name, given)
    column, constant = inner.optional("column"), inner.optional("value")
    if (column is None) == (constant is None):
        inner.fault("", "expected either column or value")
    values = inner.table("values")
    words = {key: values.text(key, "") for key in values.values} if values else {}
    if item.name == "manager":
        inner.get("add_missing", bool, "true or false")
        if inner.optional("title") is not None and not given.get("add_missing"):
            inner.fault("title", "is the title of managers who are added; expected add_missing = true beside it")
    inner.close()
    return Source(column, constant, words)


def _stages(table: Checked | None) -> dict[str, Stage]:
    """What each stage says, in the order of the file."""
    stages = table.table("stages") if table is not None else None
    if stages is None:
        if table is not None:
            table.fault("stages", "is missing; expected a table for each stage")
        return {}
    found = {}
    for name in stages.values:
        if (stage := stages.table(name)) is not None:
            found[name] = _stage(stage)
    return found


def _stage(table: Checked) -> Stage:
    outcome = table.word("outcome", Outcome)
    category = table.word("forecast_category", ForecastCategory)
    probability = table.get("probability", (Decimal, int), "probability; expected a number from 0 to 1, as in 0.3")
    if outcome is not None and (probability is not None or category is not None):
        table.fault("", f"expected no probability and no forecast_category: {outcome} decides them")
    if not {"probability", "outcome"} & table.values.keys():
        table.fault("probability", "is missing; expected a number from 0 to 1, or an outcome, WON or LOST")
    if outcome is None and category is ForecastCategory.CLOSED:
        table.fault("forecast_category", "CLOSED is for what is won; expected an outcome, or another forecast_category")
    if probability is not None and not 0 <= probability <= 1:
        table.fault("probability", f"{probability} is no probability; expected a number from 0 to 1, as in 0.3")
    table.close()
    if outcome is Outcome.WON:
        return Stage(outcome, ForecastCategory.CLOSED, Decimal(1))
    if outcome is Outcome.LOST:
        return Stage(outcome, ForecastCategory.OMITTED, Decimal(0))
    return Stage(None, category or ForecastCategory.PIPELINE, Decimal(probability or 0))


def _check_outcomes(table: Checked, found: Map[str, Source], stages: Map[str, Stage]) -> None:
    """A closed deal needs a date, and a won one an amount."""
    for name, needed in (("closed_on", {Outcome.WON, Outcome.LOST}), ("amount", {Outcome.WON})):
        stage = next((stage for stage, says in stages.items() if says.outcome in needed), None)
        if stage is not None and name not in found:
            table.fault(name, f'is missing; expected the name of a column, because the stage "{stage}" is {stages[stage].outcome}')
