"""Tables of docs/plans.md that are what the tests have found."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PLANS = Path(__file__).parents[2] / "docs" / "plans.md"


def same_in_the_documentation(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The table between the comments of that name is this one. With SPM_WRITE_DOCS set it is written: read the difference then."""
    text = PLANS.read_text(encoding="utf-8")
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, ["---"] * len(columns), *rows))
    between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    written = between.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", text)
    if os.environ.get("SPM_WRITE_DOCS"):
        PLANS.write_text(written, encoding="utf-8")
    assert between.search(text), f"docs/plans.md has no table {name}"
    assert os.environ.get("SPM_WRITE_DOCS") or written == text, f"the table {name} of docs/plans.md is another"


def settings(*configs: dict[str, Any]) -> str:
    """Settings as a reader of a table wants them: `tieredCommission` tiers 0 at 0.05, 10000 at 0.07; edge LOWER."""
    return " and ".join(
        f"`{name}` {'; '.join(f'{key} {_said(value)}' for key, value in config.items())}" for name, config in pairs(configs)
    )


def pairs(configs: Sequence[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Each config's incentive type and settings."""
    return [pair for config in configs for pair in config.items()]


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, dict):
        return " at ".join(map(_said, value.values()))
    return str(value)
