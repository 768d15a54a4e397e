"""The oracle is worth something: it tells a wrong join, a wrong null and a wrong order."""

from __future__ import annotations

from typing import Any

import pytest

from spm_graph.reading import compile as compiling
from spm_graph.reading.found import Found
from spm_graph.reading.json_text import Literal

from .conftest import Asking

DEALS = "{ opportunities { nodes { id closedOn account { name } owner { name } } } }"


async def differs(anew: Asking) -> bool:
    """Whether the two ways answer differently."""
    return bool(await anew(DEALS) != await anew.oracle(DEALS))


async def test_unharmed_both_agree(anew: Asking) -> None:
    assert not await differs(anew)


async def test_a_wrong_join_is_told(anew: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    origin = compiling.Compiler.origin

    def wrong(*given: Any) -> str:
        return origin(*given).replace(".account_id", ".id")

    monkeypatch.setattr(compiling.Compiler, "origin", wrong)
    assert await differs(anew)


async def test_a_wrong_null_is_told(anew: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    leaf = compiling.leaf

    def never_null(type_: Any, expression: str, prefix: str | None = None) -> Any:
        return [Literal('"'), expression, Literal('"')] if str(type_) == "Date" else leaf(type_, expression, prefix)

    monkeypatch.setattr(compiling, "leaf", never_null)
    assert await differs(anew)


async def test_a_wrong_order_is_told(anew: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Found.page

    def wrong(*given: Any, **named: Any) -> str:
        return page(*given, **named).replace(" desc", "")

    monkeypatch.setattr(Found, "page", wrong)
    assert await differs(anew)
