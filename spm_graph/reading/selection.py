"""What a document selects of a type: fragments spread, directives obeyed, the same response key merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLBoolean,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    Undefined,
    VariableNode,
    is_abstract_type,
)

from .arguments import Argument, Symbols, word


@dataclass(frozen=True, slots=True)
class Document:
    """What the selections of one request are resolved with."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    symbols: Symbols

    def selected(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """The fields that these selection sets ask of an object type, by response key, in the order of the response."""
        found: dict[str, list[FieldNode]] = {}
        self._collect(type_, sets, found, set())
        return found

    def _collect(
        self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode], found: dict[str, list[FieldNode]], spread: set[str]
    ) -> None:
        for selection_set in sets:
            for node in selection_set.selections:
                if not self._included(node.directives or ()):
                    continue
                if isinstance(node, FieldNode):
                    found.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
                elif isinstance(node, InlineFragmentNode):
                    condition = node.type_condition.name.value if node.type_condition else type_.name
                    if self._applies(condition, type_):
                        self._collect(type_, [node.selection_set], found, spread)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                    spread.add(node.name.value)
                    fragment = self.fragments[node.name.value]
                    if self._applies(fragment.type_condition.name.value, type_):
                        self._collect(type_, [fragment.selection_set], found, spread)

    def _applies(self, condition: str, type_: GraphQLObjectType) -> bool:
        if condition == type_.name:
            return True
        named = self.schema.type_map[condition]
        return is_abstract_type(named) and self.schema.is_sub_type(named, type_)

    def _included(self, directives: Iterable[DirectiveNode]) -> bool:
        for directive in directives:
            if directive.name.value in {"skip", "include"}:
                (given,) = directive.arguments or ()
                asked = word(self.symbols.argument(given.value, GraphQLNonNull(GraphQLBoolean), ()))
                if asked is (directive.name.value == "skip"):
                    return False
        return True

    def arguments(self, type_: GraphQLObjectType, node: FieldNode, path: tuple[str, ...]) -> dict[str, Argument]:
        """The arguments that a field was given, defaults filled in."""
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        result: dict[str, Argument] = {}
        for name, definition in type_.fields[node.name.value].args.items():
            value = given.get(name)
            missing = isinstance(value, VariableNode) and value.name.value not in self.symbols.variables
            if value is not None and not missing:
                result[name] = self.symbols.argument(value, definition.type, (*path, name))
            elif definition.default_value is not Undefined:
                result[name] = self.symbols.constant(definition.default_value, definition.type, (*path, name))
        return result
