"""What of the schema an operation asks for: fields with their arguments, the fields of inputs, and the words of orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_introspection_type,
    type_from_ast,
    visit,
)


def parts(schema: GraphQLSchema) -> Iterator[str]:
    """Everything that can be asked for: `Type.field`, `Type.field(argument)`, `Input.field`, `Order.WORD`."""
    for name, type_ in schema.type_map.items():
        if is_introspection_type(type_):
            continue
        if isinstance(type_, GraphQLObjectType):
            for field, definition in type_.fields.items():
                yield f"{name}.{field}"
                yield from (f"{name}.{field}({argument})" for argument in definition.args)
        elif isinstance(type_, GraphQLInputObjectType):
            yield from (f"{name}.{field}" for field in type_.fields)
        elif isinstance(type_, GraphQLEnumType) and name.endswith("Order"):
            yield from (f"{name}.{word}" for word in type_.values)


def asked(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> set[str]:
    """What of that a document asks for. What is asked of an interface is asked of each type that has it."""
    info = TypeInfo(schema)
    found = _Asked(schema, info)
    visit(document, TypeInfoVisitor(info, found))
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            for definition in operation.variable_definitions or ():
                found.sent(type_from_ast(schema, definition.type), variables.get(definition.variable.name.value))
    return found.parts


class _Asked(Visitor):
    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self.schema, self.info = schema, info
        self.parts: set[str] = set()
        self.field = ""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.field = node.name.value
        self.parts.update(f"{owner}.{self.field}" for owner in self.owners())

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        self.parts.update(f"{owner}.{self.field}({node.name.value})" for owner in self.owners())

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        self.parts.add(f"{get_named_type(self.info.get_parent_input_type())}.{node.name.value}")

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        self.parts.add(f"{get_named_type(self.info.get_input_type())}.{node.value}")

    def owners(self) -> list[str]:
        """The types of the field that is visited."""
        parent = self.info.get_parent_type()
        assert parent is not None
        kinds = self.schema.get_possible_types(parent) if isinstance(parent, GraphQLInterfaceType) else [parent]
        return [kind.name for kind in kinds]

    def sent(self, type_: Any, value: Any) -> None:
        """What a variable's value asks for."""
        named = get_named_type(type_)
        if isinstance(value, list):
            for each in value:
                self.sent(named, each)
        elif isinstance(value, dict):
            for name, each in value.items():
                self.parts.add(f"{named}.{name}")
                self.sent(named.fields[name].type, each)
        elif isinstance(named, GraphQLEnumType) and value is not None:
            self.parts.add(f"{named}.{value}")
