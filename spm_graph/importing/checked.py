"""A TOML table that is read with care: every setting has its type, nothing is left over, and each fault has its path."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any

from spm_graph.domain.terms import Term, names


class Checked:
    """One table of the file. What it is asked for it checks, and what nobody asked for is a fault, too."""

    def __init__(self, values: Mapping[str, Any], prefix: str, path: str, faults: list[str]) -> None:
        self.values = values
        self.prefix = prefix
        self.path = path
        self.faults = faults
        self.asked: set[str] = set()

    def fault(self, key: str, says: str) -> None:
        """Note what is wrong with a setting; no key: with the table as a whole."""
        path = ".".join(part for part in (self.path, key) if part)
        self.faults.append(f"{self.prefix}{path}: {says}" if path else f"{self.prefix}{says}")

    def get(self, key: str, wanted: type | tuple[type, ...], what: str, default: Any = None) -> Any:
        """A setting of the wanted type, or the default where it is missing or wrong."""
        self.asked.add(key)
        if key not in self.values:
            return default
        value = self.values[key]
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            self.fault(key, f"{shown(value)} is no {what}")
            return default
        return value

    def text(self, key: str, default: str) -> str:
        """A text, or the default where it is missing."""
        found: str = self.get(key, str, "text", default)
        return found

    def optional(self, key: str) -> str | None:
        """A text, or none where it is missing."""
        found: str | None = self.get(key, str, "text")
        return found

    def required(self, key: str, expected: str) -> str:
        """A text that must be there; the empty one where it is not."""
        if not self.values.get(key):
            self.fault(key, f"is missing; {expected}")
        return self.text(key, "")

    def texts(self, key: str, default: Collection[str]) -> list[str]:
        """A list of texts, none of them missing."""
        found = self.get(key, list, 'list of texts, as in ["", "n/a"]', list(default))
        if all(isinstance(value, str) for value in found):
            return list(found)
        self.fault(key, f'{shown(found)} is no list of texts, as in ["", "n/a"]')
        return list(default)

    def table(self, key: str) -> Checked | None:
        """A table in this one, or none where it is missing."""
        found = self.get(key, dict, f"table, as in [{key}]")
        return None if found is None else self.inside(key, found)

    def inside(self, key: str, values: Mapping[str, Any]) -> Checked:
        """A table in this one, given its content."""
        return Checked(values, self.prefix, ".".join(part for part in (self.path, key) if part), self.faults)

    def word(self, key: str, vocabulary: type[Term]) -> Any:
        """A word of a vocabulary, or none where it is missing or wrong."""
        found = self.optional(key)
        if found is not None and found not in names(vocabulary):
            self.fault(key, f'"{found}" is not known here; expected {either(names(vocabulary))}')
            return None
        return vocabulary[found] if found is not None else None

    def close(self) -> None:
        """Everything has been asked for: the rest is not known here."""
        for key in self.values:
            if key not in self.asked:
                near = difflib.get_close_matches(key, self.asked, n=1)
                self.fault(key, "is not known here; " + (f"did you mean {near[0]}?" if near else f"expected {either(sorted(self.asked))}"))


def shown(value: object) -> str:
    """A value as the file writes it."""
    return f'"{value}"' if isinstance(value, str) else f"{value}".lower() if isinstance(value, bool) else f"{value}"


def either(words: Collection[str]) -> str:
    """Words as alternatives: `a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
