"""How the response writes what a row has."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def written(value: Any, type_: str) -> Any:
    """A leaf as the response has it."""
    match value:
        case datetime():
            shown: Any = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            shown = value.isoformat()
        case Decimal():
            shown = format(value, "f")
        case str() if type_ == "JSON" or value.startswith("["):
            shown = json.loads(value)
        case int() if type_ in {"Position", "Cursor"}:
            shown = str(value)
        case _:
            shown = value
    return shown
