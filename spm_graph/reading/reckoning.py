"""Fields that only Python can answer, beside the statement that answers the rest.

The statement leaves a mark in its text where such a field stands: a number that nobody can guess, which field it is, and the
key of the row that it hangs on. What Python says of that row is then read by a statement of its own, which is compiled from
the field's selection like any other, so that fragments, aliases and links to what is stored work in it, too.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode

from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from .arguments import LIMIT_EXCEEDED, Argument, Inputs, Leaf, refused
from .document import Invalid
from .selection import Document
from .site import Sets, Site

MARK = "reckoning mark"
SAID = "reckoning said"
"""What the request brings to a statement: no response key has a space in it."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One such field of a document: the name under which Python does it, and where it stands."""

    name: str
    site: Site
    selects: frozenset[str]
    """The names of all fields that are selected below it, at any depth."""

    def arguments(self, inputs: Inputs) -> dict[str, Any]:
        """The values of its arguments, by their names in the schema: what is not given is not there."""
        return {name: _value(argument, inputs) for name, argument in self.site.arguments.items()}


Reckon = Callable[[Database, Actor, int, Mapping[str, Any], frozenset[str]], Awaitable[Any]]
"""What Python says of the row with a key: a JSON value, from the field's arguments and the names of what is selected below it."""


def fresh_mark() -> str:
    """A mark that is in no data."""
    return secrets.token_hex(16)


def marked(text: str, mark: str) -> list[tuple[str, int, int]]:
    """The marks in a statement's text: each as it is written, the number of its field, and the row's key.

    Raises Invalid where they are of several rows: each costs as much as many reads.
    """
    found = [(match[0], int(match[1]), int(match[2])) for match in re.finditer(f'"{mark}:([0-9]+):([0-9]+)"', text)]
    if len({key for _, _, key in found}) > 1:
        message = "whatIf and bestDeals are calculated for one rep at a time: this document asks for several"
        raise Invalid([refused(message, (), LIMIT_EXCEEDED)])
    return found


def selects(document: Document, sets: Sets) -> frozenset[str]:
    """The names of all fields in these selections, at any depth, whatever their directives say."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(sets)
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                found.add(node.name.value)
            if isinstance(node, (FieldNode, InlineFragmentNode)) and node.selection_set:
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                waiting.append(document.fragments[node.name.value].selection_set)
    return frozenset(found)


def _value(argument: Argument, inputs: Inputs) -> Any:
    if argument is None:
        return None
    if isinstance(argument, Leaf):
        return argument.read(inputs)
    if isinstance(argument, Mapping):
        return {name: _value(each, inputs) for name, each in argument.items()}
    assert isinstance(argument, Sequence)
    return [_value(each, inputs) for each in argument]
