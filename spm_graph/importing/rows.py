"""The rows of an export's files, as records whose every cell has been checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from spm_graph.domain import money
from spm_graph.domain.terms import Outcome

from . import cells
from .cells import Unfit
from .files import Cells, ExportUnreadable, Raw, header_of
from .mapping import Form, Mapping, Sheet, Stage
from .nouns import OPPORTUNITIES, REPS, Kind, Noun
from .report import BadCell

DERIVED = ("forecast_category", "probability", "outcome")
"""What an opportunity's stage says beyond its name."""

KEY_LENGTH, TEXT_LENGTH = 255, 2000

Values = tuple[Any, ...]
_UNDECODED = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """A good record: where it came from, and its values in the order of its batch's fields, the external id first."""

    line: int
    values: Values


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that can't be loaded; `key` is its external id, where that much could be read."""

    line: int
    key: str | None
    cells: tuple[BadCell, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one noun on their way in. Fields that are not among `fields` are left as they are stored.

    `file` and `columns`, by field, are what a bad cell's place is called: a file and its columns, or the names of an
    input and its fields.
    """

    noun: Noun
    file: str
    columns: Map[str, str]
    fields: tuple[str, ...]
    rows: Iterable[Row | BadRow]

    def bad(self, line: int, field: str, value: str, what: str, expected: str) -> BadCell:
        """A bad cell of one of this batch's fields."""
        return BadCell(self.file, line, self.columns.get(field, field), value, what, expected)


def batches(mapping: Mapping, folder: Path) -> list[Batch]:
    """What a mapping reads in a folder, in the order of loading; files are read row by row, as the rows are taken.

    All files are opened and their headers checked first: ExportUnreadable says everything that is wrong with them.
    """
    faults: list[str] = []
    found = []
    for sheet in mapping.sheets:
        if (header := header_of(sheet, folder / sheet.file, faults)) is not None:
            found += _batches(mapping, sheet, folder / sheet.file, header)
    if faults:
        raise ExportUnreadable(faults)
    return found


def _batches(mapping: Mapping, sheet: Sheet, path: Path, header: list[str]) -> list[Batch]:
    reader = _Reader(mapping, sheet, header)
    columns = {name: source.column for name, source in sheet.sources.items() if source.column is not None}
    rows = Cells(sheet.file, path, sheet.form, len(header))
    if not sheet.add_managers:
        return [Batch(sheet.noun, sheet.file, columns, reader.fields, map(reader.read, rows))]
    team = _Team(reader.fields, sheet.added_title)
    added = ("external_id", "name", *(("title",) if sheet.added_title else ()), *(("office",) if "office" in reader.fields else ()))
    return [
        Batch(sheet.noun, sheet.file, columns, reader.fields, map(team.seen, map(reader.read, rows))),
        Batch(sheet.noun, sheet.file, {**columns, "external_id": columns.get("manager", "manager")}, added, team.managers(added)),
    ]


class _Reader:
    """Reads the records of one sheet."""

    def __init__(self, mapping: Mapping, sheet: Sheet, header: list[str]) -> None:
        self.sheet = sheet
        self.stages = mapping.stages
        self.of_stage = sheet.noun is OPPORTUNITIES
        read = _readers(mapping, sheet.form)
        mapped = [field for field in sheet.noun.fields if field.name in sheet.sources]
        self.plan = []
        for field in mapped:
            source = sheet.sources[field.name]
            index = header.index(source.column) if source.column is not None else None
            self.plan.append((field, source, index, _short if _is_key(field.kind, field.name) else read[field.kind]))
        stored = [field.name for field in mapped if field.kind is not Kind.CURRENCY]
        self.fields = (*stored, *(("name",) if self.of_stage and "name" not in stored else ()), *(DERIVED if self.of_stage else ()))

    def read(self, raw: Raw) -> Row | BadRow:
        """A row's values, or everything that is wrong with them."""
        if raw.fault is not None:
            return BadRow(raw.line, None, (raw.fault,))
        values: dict[str, Any] = {}
        found: dict[str, BadCell] = {}
        for field, source, index, read in self.plan:
            text = (source.constant or "") if index is None else raw.cells[index].strip()
            try:
                values[field.name] = self._value(text, source.values, read)
                if field.required and values[field.name] is None:
                    raise Unfit(field.name.replace("_", " "), "a value")
            except Unfit as unfit:
                found.setdefault(source.column or field.name, self._bad(raw.line, field.name, text, unfit))
        faults = list(found.values())
        if not faults and self.of_stage:
            faults += self._close(raw, values)
        if not faults and self.sheet.noun is REPS:
            faults += self._leave(raw, values)
        if faults:
            return BadRow(raw.line, values.get("external_id"), tuple(faults))
        return Row(raw.line, tuple(values[name] for name in self.fields))

    def _value(self, text: str, words: Map[str, str], read: Callable[[str], Any]) -> Any:
        if not text.isascii() and _UNDECODED.search(text):
            raise Unfit(f"text in {self.sheet.form.encoding}", 'the encoding that the mapping names, as in encoding = "cp1252"')
        if "\x00" in text:
            raise Unfit("text", "no character of code 0")
        text = words.get(text, text)
        return None if text in self.sheet.form.empty else read(text)

    def _close(self, raw: Raw, values: dict[str, Any]) -> Iterator[BadCell]:
        """What the stage says, and what it asks for."""
        name = values["stage"]
        stage: Stage = self.stages[name]
        values["forecast_category"], values["probability"], values["outcome"] = stage.forecast_category, stage.probability, stage.outcome
        because = f'because the stage is "{name}"'
        if stage.outcome is None:
            values["closed_on"] = None
        elif values.get("closed_on") is None:
            yield self._bad(raw.line, "closed_on", "", Unfit("date", f"the day of closing, {because}"))
        if stage.outcome is Outcome.WON and values.get("amount") is None:
            yield self._bad(raw.line, "amount", "", Unfit("amount", f"what was won, {because}"))
        if values.get("name") is None:
            values["name"] = ": ".join(filter(None, (values.get("account"), values.get("product")))) or values["external_id"]

    def _leave(self, raw: Raw, values: dict[str, Any]) -> Iterator[BadCell]:
        hired, left = values.get("hired_on"), values.get("left_on")
        if hired is not None and left is not None and left <= hired:
            yield self._bad(raw.line, "left_on", str(left), Unfit("day of leaving", f"a day after {hired}, the day of hiring"))

    def _bad(self, line: int, field: str, text: str, unfit: Unfit) -> BadCell:
        shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return BadCell(self.sheet.file, line, self.sheet.sources[field].column or field, shown, unfit.what, unfit.expected)


class _Team:
    """The managers that reps name and that have no row of their own."""

    def __init__(self, fields: tuple[str, ...], title: str | None) -> None:
        self.fields = fields
        self.title = title
        self.own: set[str] = set()
        self.named: dict[str, tuple[int, set[str | None]]] = {}

    def seen(self, row: Row | BadRow) -> Row | BadRow:
        """Take note of a rep, and pass it on."""
        if isinstance(row, BadRow):
            self.own.update(filter(None, [row.key]))
            return row
        values = dict(zip(self.fields, row.values, strict=True))
        self.own.add(values["external_id"])
        if values["manager"] is not None:
            self.named.setdefault(values["manager"], (row.line, set()))[1].add(values.get("office"))
        return row

    def managers(self, fields: tuple[str, ...]) -> Iterator[Row]:
        """The managers to add, once all reps have been seen: in the office of their team, where that is one."""
        for name, (line, offices) in self.named.items():
            if name not in self.own:
                office = next(iter(offices)) if len(offices) == 1 else None
                values = {"external_id": name, "name": name, "title": self.title, "office": office}
                yield Row(line, tuple(values[field] for field in fields))


def _is_key(kind: Kind, name: str) -> bool:
    return kind is Kind.REFERENCE or name == "external_id"


def _readers(mapping: Mapping, form: Form) -> dict[Kind, Callable[[str], Any]]:
    unit: Decimal = money.quantum(mapping.currency)

    def stage(text: str) -> str:
        if text not in mapping.stages:
            raise Unfit("stage", f"one of {', '.join(mapping.stages)}")
        return text

    def currency(text: str) -> str:
        if text != mapping.currency:
            raise Unfit("currency that can be loaded", f"{mapping.currency}: there are no rates to convert others by")
        return text

    return {
        Kind.TEXT: _text,
        Kind.DATE: cells.dates(form.dates),
        Kind.AMOUNT: cells.amounts(form.decimal, form.thousands, form.symbol, unit),
        Kind.CURRENCY: currency,
        Kind.REVISION: cells.revision,
        Kind.STAGE: stage,
    }


def _text(text: str) -> str:
    if len(text) > TEXT_LENGTH:
        raise Unfit("text of such a field", f"at most {TEXT_LENGTH} characters")
    return text


def _short(text: str) -> str:
    if len(text) > KEY_LENGTH:
        raise Unfit("key", f"at most {KEY_LENGTH} characters")
    return text
