"""Shapes as JSON Schema (draft 2020-12), from which a client can build a form."""

from __future__ import annotations

from dataclasses import MISSING
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from spm_graph.domain.written import DECIMAL

from .codec import encoded
from .shape import Choice, Config, Field, Id, Kind, Many, Nested, Plain, Shape, nested

_PLAIN: dict[Any, dict[str, Any]] = {
    Decimal: {"type": "string", "format": "decimal", "pattern": f"^{DECIMAL}$"},
    int: {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    str: {"type": "string"},
    Id: {"type": "string", "minLength": 1},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def json_schema(shape: Shape) -> dict[str, Any]:
    """The JSON Schema of what `decode` accepts for a shape; nested types are under `$defs`, by their names."""
    definitions = {inner.name: _choice(inner) if isinstance(inner, Choice) else _object(inner) for inner in nested(shape)}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": shape.name, **_object(shape)}
    return {**schema, "$defs": definitions} if definitions else schema


def _object(shape: Shape) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "description": shape.description,
        "type": "object",
        "properties": {field.api_name: _property(field) for field in shape.fields},
        "required": [field.api_name for field in shape.fields if field.required],
        "additionalProperties": False,
    }
    return {**schema, "minProperties": 1, "maxProperties": 1} if shape.one_of else schema


def _property(field: Field) -> dict[str, Any]:
    kind = _kind(field.kind)
    schema: dict[str, Any] = {"anyOf": [kind, {"type": "null"}]} if field.optional else dict(kind)
    schema["description"] = field.description
    if field.default is not MISSING:
        schema["default"] = encoded(field.kind, field.default)
    return schema


def _kind(kind: Kind) -> dict[str, Any]:
    match kind:
        case Plain():
            return _PLAIN[kind.type]
        case Choice():
            return {"$ref": f"#/$defs/{kind.name}"}
        case Nested():
            return {"$ref": f"#/$defs/{kind.shape.name}"}
        case Many():
            return {"type": "array", "items": _kind(kind.of)}
        case Config():
            return {"type": "object"}


def _choice(choice: Choice) -> dict[str, Any]:
    return {"description": choice.description, "oneOf": [{"const": name, "description": text} for name, text in choice.members]}
