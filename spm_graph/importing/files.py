"""The files of an export as rows of cells, whatever made them: marks, line ends, quotes, and bytes that are no text."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from .mapping import Form, Sheet
from .report import BadCell, printable


class ExportUnreadable(ValueError):
    """A file is missing, or its header is not what the mapping names. `faults` has every one."""

    def __init__(self, faults: Collection[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def opened(path: Path, form: Form) -> Iterator[str]:
    """The lines of a file."""
    # Bytes that the encoding can't read become surrogates, so that they are reported in their cell and not as the file's.
    encoding = "utf-8-sig" if form.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else form.encoding
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        yield from file


def header_of(sheet: Sheet, path: Path, faults: list[str]) -> list[str] | None:
    """The names of the columns, or none after noting what is wrong with them."""
    try:
        first = next(csv.reader(opened(path, sheet.form), delimiter=sheet.form.delimiter, strict=True), [])
    except OSError as error:
        faults.append(f"{path}: can't be read: {error.strerror}")
        return None
    except (csv.Error, UnicodeError) as error:
        faults.append(f"{sheet.file}:1: the header can't be read: {error}")
        return None
    header = [name.strip() for name in first]
    before = len(faults)
    for name in dict.fromkeys(source.column for source in sheet.sources.values() if source.column is not None):
        times = header.count(name)
        if times > 1:
            faults.append(f"{sheet.file}:1 column {name}: is in the header {times} times; expected once")
        elif times == 0:
            near = difflib.get_close_matches(name, header, n=1)
            names = ", ".join(map(printable, header))
            has = f"did you mean {printable(near[0])}?" if near else f"the header has {names or 'nothing'}"
            faults.append(f"{sheet.file}:1 column {name}: is missing; {has}")
    return header if len(faults) == before else None


@dataclass(frozen=True, slots=True)
class Raw:
    """A row as it is written, and the line that it begins on; or what is wrong with it as a whole."""

    line: int
    cells: list[str]
    fault: BadCell | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows below a header, each with the line that it begins on; empty lines are skipped."""

    file: str
    path: Path
    form: Form
    width: int

    def __iter__(self) -> Iterator[Raw]:
        reader = csv.reader(opened(self.path, self.form), delimiter=self.form.delimiter, strict=True)
        next(reader, None)
        while True:
            line = reader.line_num + 1
            try:
                found = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Raw(line, [], BadCell(self.file, line, None, f"what begins here ({error})", "row", "each quote closed"))
                continue
            except UnicodeError:  # of encodings with several bytes a letter; nothing can be read after it
                yield Raw(line, [], BadCell(self.file, line, None, "what begins here", "row", f"text in {self.form.encoding}"))
                return
            if len(found) == self.width and any(found):
                yield Raw(line, found)
            elif any(found):
                cell = BadCell(self.file, line, None, f"a row of {len(found)} cells", "whole row", f"{self.width}, as in the header")
                yield Raw(line, found, cell)
