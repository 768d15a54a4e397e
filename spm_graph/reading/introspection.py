"""What describes the schema is answered by graphql-core, beside the statement that answers the rest of a document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, SelectionSetNode, execute_sync

from .document import Invalid, Operation


def introspected(
    schema: GraphQLSchema, operation: Operation, fields: Mapping[str, Sequence[FieldNode]], given: Mapping[str, Any]
) -> Mapping[str, str]:
    """The JSON text of these root fields of an operation, by their response keys."""
    results: dict[str, str] = {}
    for key, nodes in fields.items():
        alone = OperationDefinitionNode(
            operation=operation.kind,
            variable_definitions=operation.node.variable_definitions,
            selection_set=SelectionSetNode(selections=tuple(nodes)),
        )
        document = DocumentNode(definitions=(alone, *operation.fragments.values()))
        found = execute_sync(schema, document, variable_values=dict(given))
        if found.errors or found.data is None:
            raise Invalid(found.errors or [GraphQLError("The schema can't be shown.")])
        results[key] = json.dumps(found.data[key], ensure_ascii=False, separators=(",", ":"))
    return results
