"""What the selection of one operation comes to, found in one pass over the document before it is validated.

Every fragment is measured once and its measure is reused wherever it is spread, so the work grows with the length of the
document and never with what its fragments would expand to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_operation_ast,
    is_composite_type,
    is_list_type,
)

from spm_graph.reading.compile import DECLARED
from spm_graph.reading.declarations import READ, Reckoned

from .limits import LimitExceeded, Limits

PAGE = 20
"""How many nodes a page is taken to have when neither the document nor the schema says."""

INTROSPECTION_DEPTH = 25
"""How deep a selection under `__schema` or `__type` may go: an IDE's own query needs about 15."""


class Size(NamedTuple):
    """What a selection comes to, written out. `nodes` is the most rows that its pages can return together, `calculations` how
    many fields of them are calculated by Python."""

    depth: int = 0
    introspection: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    nodes: int = 0
    calculations: int = 0

    def beside(self, other: Size) -> Size:
        """This selection and another one in the same braces."""
        return Size(max(self[0], other[0]), max(self[1], other[1]), *(mine + its for mine, its in zip(self[2:], other[2:], strict=True)))


@dataclass(frozen=True, slots=True)
class Measured:
    """The operation that a request would run, its size, and the variables that its node count depends on."""

    operation: OperationDefinitionNode
    size: Size
    root_fields: int
    sized_by: frozenset[str]

    def check(self, limits: Limits) -> None:
        """Raise `LimitExceeded` for the first limit that the operation exceeds."""
        if self.size.introspection > INTROSPECTION_DEPTH:
            raise LimitExceeded("introspection depth", self.size.introspection, INTROSPECTION_DEPTH)
        found = {**self.size._asdict(), "root_fields": self.root_fields}
        for limit in fields(limits):
            if limit.name in found and found[limit.name] > getattr(limits, limit.name):
                raise LimitExceeded(limit.name.replace("_", " "), found[limit.name], getattr(limits, limit.name))


def measured(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], operation_name: str | None = None) -> Measured:
    """Measure the operation that would run with these variables, as they came. The document need not be valid.

    A page is a field that takes `first` or `last`, and multiplies everything below it by what is asked for: the argument,
    its variable's value or default, the schema's default, or else 20. A list looked up by `ids` has as many nodes as ids.
    Measure again for other values of the variables in `sized_by`; all else depends on the document alone.
    """
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        named = f'Unknown operation named "{operation_name}".' if operation_name else "Must provide operation name."
        raise GraphQLError(named, [node for node in document.definitions if isinstance(node, OperationDefinitionNode)])
    survey = _Survey(schema, document, operation, variables)
    try:
        size, root_fields = survey.whole(operation)
    except RecursionError:
        raise GraphQLError("The document is nested too deeply.") from None
    return Measured(operation, size, root_fields, frozenset(survey.sized_by))


class _Survey:
    """One pass over one operation and the fragments that it reaches."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> None:
        self.schema = schema
        self.fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        self.variables = {
            definition.variable.name.value: variables.get(definition.variable.name.value, definition.default_value)
            for definition in operation.variable_definitions or ()
        }
        self.known: dict[str, tuple[Size, int]] = {}
        self.sized_by: set[str] = set()

    def whole(self, operation: OperationDefinitionNode) -> tuple[Size, int]:
        """The size of the operation, and how many fields it has at the root."""
        size, roots = self.selection(self.schema.get_root_type(operation.operation), operation.selection_set)
        return size._replace(directives=size.directives + len(operation.directives or ())), roots

    def selection(self, parent: GraphQLCompositeType | None, braces: SelectionSetNode) -> tuple[Size, int]:
        """The size of all that stands in the braces, and how many fields do so directly or by a fragment."""
        total, direct = Size(), 0
        for node in braces.selections:
            if isinstance(node, FieldNode):
                size, count = self.field(parent, node), 1
            elif isinstance(node, FragmentSpreadNode):
                size, count = self.fragment(node.name.value)
            else:
                assert isinstance(node, InlineFragmentNode)
                size, count = self.selection(self.narrowed(parent, node), node.selection_set)
            total = total.beside(size).beside(Size(directives=len(node.directives or ())))
            direct += count
        return total, direct

    def fragment(self, name: str) -> tuple[Size, int]:
        """The size of a fragment, measured at its first spread. One inside itself adds nothing: validation refuses it."""
        if name not in self.known:
            self.known[name] = (Size(), 0)
            if node := self.fragments.get(name):
                self.known[name] = self.selection(self.narrowed(None, node), node.selection_set)
        return self.known[name]

    def narrowed(
        self, parent: GraphQLCompositeType | None, node: InlineFragmentNode | FragmentDefinitionNode
    ) -> GraphQLCompositeType | None:
        """The type that a fragment is on."""
        if node.type_condition is None:
            return parent
        named = self.schema.get_type(node.type_condition.name.value)
        return named if is_composite_type(named) else None

    def field(self, parent: GraphQLCompositeType | None, node: FieldNode) -> Size:
        """The size of a field with all below it."""
        name = node.name.value
        definition = self.schema.get_field(parent, name) if parent else None
        below = Size()
        if node.selection_set:
            named = get_named_type(definition.type) if definition else None
            below, _ = self.selection(named if is_composite_type(named) else None, node.selection_set)
        rows = self.rows(definition, node) if definition else None
        introspects = name in ("__schema", "__type")
        return Size(
            depth=1 if introspects else 1 + below.depth,
            introspection=below.depth if introspects else below.introspection,
            fields=1 + below.fields,
            aliases=(node.alias is not None) + below.aliases,
            directives=below.directives,
            nodes=below.nodes if rows is None else rows * (1 + below.nodes),
            calculations=_is_reckoned(definition) + below.calculations * (1 if rows is None else rows),
        )

    def rows(self, definition: GraphQLField, node: FieldNode) -> int | None:
        """How many nodes a page or a list of ids can return, or none for another field."""
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        sizes = [name for name in ("first", "last") if name in definition.args]
        if sizes:
            preset = next((size for name in sizes if (size := self.number(_default(definition.args[name]))) is not None), PAGE)
            asked = [size for name in sizes if (size := self.number(given.get(name))) is not None]
            return max(asked, default=preset)
        if "ids" in definition.args and is_list_type(_nullable(definition.type)):
            return self.number(given.get("ids")) or 0
        return None

    def number(self, value: object) -> int | None:
        """The number that an argument gives, or the length of its list; none if it is neither, which validation refuses."""
        if isinstance(value, VariableNode):
            self.sized_by.add(value.name.value)
            value = self.variables.get(value.name.value)
        match value:
            case IntValueNode(value=digits):
                return max(0, int(digits)) if len(digits) < 12 else 10**12
            case ListValueNode(values=items):
                return len(items)
            case list():
                return len(value)
            case int() | float() if not isinstance(value, bool) and value % 1 == 0:  # an Int may come as 20.0: JSON has one kind of number
                return max(0, int(value))
        return None


def _default(argument: GraphQLArgument) -> object:
    """The schema's default: a node where the schema was made from text, a value where it was made in Python."""
    return (argument.default.literal or argument.default.value) if argument.default else argument.default_value


def _is_reckoned(definition: GraphQLField | None) -> bool:
    """Whether Python calculates the field, which costs as much as many rows."""
    declared = definition.extensions.get(DECLARED) if definition else None
    return isinstance(declared.metadata.get(READ) if declared else None, Reckoned)


def _nullable(kind: Any) -> Any:
    return getattr(kind, "of_type", kind) if not is_list_type(kind) else kind
