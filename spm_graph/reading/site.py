"""One field in a selection, as the compiler meets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLList, GraphQLObjectType, GraphQLOutputType, SelectionSetNode, get_named_type, get_nullable_type, is_non_null_type

from .arguments import Argument
from .rows import Row

Path: TypeAlias = tuple[str, ...]
Sets: TypeAlias = Sequence[SelectionSetNode]


@dataclass(frozen=True, slots=True)
class Site:
    """One field in a selection: where it hangs, its arguments, what is selected of it, and its place in the response."""

    parent: GraphQLObjectType
    type: GraphQLOutputType
    row: Row
    arguments: Mapping[str, Argument]
    sets: Sets
    path: Path

    @property
    def named(self) -> Any:
        """The type of the field's objects."""
        return get_named_type(self.type)

    @property
    def is_list(self) -> bool:
        """Whether the field is a list."""
        return isinstance(get_nullable_type(self.type), GraphQLList)

    @property
    def nullable(self) -> bool:
        """Whether the field can be null."""
        return not is_non_null_type(self.type)
