"""Golden operations: what a document becomes, what it answers, and that graphql-core answers the same.

`pytest tests/reading --regenerate` writes the files of `golden/` anew; read the difference before it is committed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Asking

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.graphql"))


def variables(path: Path) -> dict[str, Any]:
    """The variables of an operation, where it has any."""
    beside = path.with_suffix(".variables.json")
    found: dict[str, Any] = json.loads(beside.read_text()) if beside.exists() else {}
    return found


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
async def test_a_golden_operation_is_one_known_statement_with_a_known_answer(path: Path, ask: Asking, regenerate: bool) -> None:
    text, given = path.read_text(), variables(path)
    found = json.dumps(await ask(text, **given), indent=1, ensure_ascii=False) + "\n"
    statement = ask.statement(text, **given).replace("(select ", "\n(select ") + "\n"
    if regenerate:
        path.with_suffix(".json").write_text(found)
        path.with_suffix(".sql").write_text(statement)
    assert found == path.with_suffix(".json").read_text()
    assert statement == path.with_suffix(".sql").read_text()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
async def test_the_executor_answers_a_golden_operation_alike(path: Path, ask: Asking) -> None:
    await ask.same(path.read_text(), **variables(path))
