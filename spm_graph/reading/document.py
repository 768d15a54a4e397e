"""A document's text becomes a plan, once: documents that differ only in literals share it.

The text is cut into tokens, numbers and simple strings are taken out, and what is left names the plan, together with which
literals are equal: fields that merge only when their arguments are the same need that. The sizes of pages stay, because
limits depend on them. So a client that writes values into its documents finds the plan as well as one that sends variables.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    type_from_ast,
    visit,
)
from graphql.language import ConstValueNode

from spm_graph.domain import ids

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
TOKEN = re.compile(
    r'(?P<block>"""(?:\\"""|[^"]|"(?!""))*(?:""")?)'
    r'|(?P<text>"[^"\\\n\r]*")'
    r'|(?P<escaped>"(?:\\.|[^"\\\n\r])*"?)'
    r"|(?P<comment>#[^\n\r]*)"
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>[_A-Za-z][_0-9A-Za-z]*)"
    r"|(?P<mark>[{}()])"
)
"""A string without an end is a token, too: were it looked for at each quotation mark again, 28 KB of them would take ten seconds."""

LITERALS = {"text", "number"}
LITERAL_NODES = (FloatValueNode, IntValueNode, StringValueNode)
SIZES = {"first", "last"}
ALONE = re.compile(r"__schema|__type\b|\bmutation\b|\bsubscription\b")
"""Documents with one of these words keep their literals: they are not only compiled, but also executed."""


class Remembered(OrderedDict[K, V], Generic[K, V]):
    """A cache of the entries used last: so many of them, and no more than are `longest` together by their `length`."""

    def __init__(self, most: int, longest: int = 0, length: Callable[[K, V], int] = lambda key, value: 0) -> None:
        super().__init__()
        self.most = most
        self.longest = longest
        self.length = length
        self.together = 0
        self.lock = Lock()
        """Two threads may have made the same entry: it counts once."""

    def found(self, key: K, make: Callable[[], V]) -> V:
        """The entry, made if it isn't there."""
        try:
            self.move_to_end(key)
            return self[key]
        except KeyError:
            pass
        made = make()
        with self.lock:
            if key in self:
                return self[key]
            self[key] = made
            self.together += self.length(key, made)
            while len(self) > self.most or (self.together > self.longest and len(self) > 1):
                self.together -= self.length(*self.popitem(last=False))
        return made


@dataclass(frozen=True, slots=True)
class Literals:
    """What names a document's plan, and its literals: their values, and which of them starts where in the text."""

    name: str
    values: tuple[ConstValueNode, ...]
    starts: Mapping[int, int]


def literals(text: str) -> Literals:
    """Take the literals out of a document. Those among the definitions of variables stay: they are defaults."""
    if ALONE.search(text):
        return Literals(text, (), {})
    kept: list[str] = []
    values: list[ConstValueNode] = []
    starts: dict[int, int] = {}
    found_first: dict[str, int] = {}
    at = depth = 0
    defining = False
    before = ""
    for token in TOKEN.finditer(text):
        kind, found = token.lastgroup, token[0]
        if kind == "mark":
            defining = (depth == 0 and found == "(") or (defining and found != ")")
            if not defining and found in "{}":
                depth += 1 if found == "{" else -1
        elif kind in LITERALS and not defining and before not in SIZES:
            starts[token.start()] = len(values)
            same = found_first.setdefault(found, len(values))
            values.append(_node(kind, found))
            kept += [text[at : token.start()], f"{_kept(kind, found)}:{same} "]
            at = token.end()
        if kind != "comment":
            before = found
    kept.append(text[at:])
    return Literals("".join(kept), tuple(values), starts)


def _node(kind: str | None, found: str) -> ConstValueNode:
    if kind == "text":
        return StringValueNode(value=found[1:-1])
    return FloatValueNode(value=found) if set(found) & set(".eE") else IntValueNode(value=found)


def _kept(kind: str | None, found: str) -> str:
    """What of a literal the plan depends on: its kind, and the prefix of an id."""
    if kind == "text":
        match = ids.PATTERN.fullmatch(found[1:-1])
        return f'"{match[1] if match else ""}"'
    return "0.0" if set(found) & set(".eE") else "0"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document."""

    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    types: Mapping[str, GraphQLInputType]
    starts: Mapping[int, int]
    shaping: frozenset[str]
    """The variables that what is read may depend on: all but those that only say what a mutation is to do."""

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.node.operation


class Invalid(Exception):
    """A document that can't be carried out, with the errors for its author."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = list(errors)


def chosen(schema: GraphQLSchema, document: DocumentNode, name: str | None, starts: Mapping[int, int]) -> Operation:
    """The operation that was asked for, or raise Invalid."""
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    named = [node for node in found if name is None or (node.name and node.name.value == name)]
    if not named:
        raise Invalid([GraphQLError(f"Unknown operation named '{name}'." if name else "Must provide an operation.")])
    if len(named) > 1:
        raise Invalid([GraphQLError("Must provide operation name if query contains multiple operations.", named)])
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    types: dict[str, GraphQLInputType] = {}
    for definition in named[0].variable_definitions or ():
        types[definition.variable.name.value] = type_from_ast(schema, definition.type)  # type: ignore[assignment]
    return Operation(named[0], fragments, types, starts, _shaping(named[0], fragments.values()))


def uses(schema: GraphQLSchema, document: DocumentNode, starts: Mapping[int, int]) -> tuple[tuple[int, GraphQLInputType], ...]:
    """Of which types the literals of a valid document are, each by its number. All that share its plan are looked at by this."""
    info = TypeInfo(schema)
    found = _Uses(info, starts)
    if starts:
        visit(document, TypeInfoVisitor(info, found))
    return tuple(found.types)


class _Uses(Visitor):
    """Gathers the types of literals."""

    def __init__(self, info: TypeInfo, starts: Mapping[int, int]) -> None:
        super().__init__()
        self.info, self.starts = info, starts
        self.types: list[tuple[int, GraphQLInputType]] = []

    def enter(self, node: Node, *_: object) -> None:
        number = self.starts.get(node.loc.start) if isinstance(node, LITERAL_NODES) and node.loc else None
        type_ = self.info.get_input_type()
        if number is not None and type_ is not None:
            self.types.append((number, type_))


def _shaping(operation: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]) -> frozenset[str]:
    acts = operation.operation is OperationType.MUTATION
    reads: list[Node] = [*fragments]
    for node in operation.selection_set.selections:
        reads += [*(node.directives or ()), node.selection_set] if acts and isinstance(node, FieldNode) and node.selection_set else [node]
    found = _Variables()
    for each in reads:
        visit(each, found)
    return frozenset(found.names)


class _Variables(Visitor):
    """Gathers the names of variables."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)
