"""Operations generated from the schema: the statement and the executor give the same answer, whoever asks.

`SPM_GENERATED` is how many are made for each kind of actor, and `SPM_SEED` where their numbers begin: a failure tells the
number of its operation, and brings it back with both. After a change of how reads are compiled, ask more than each run does:

    SPM_GENERATED=2000 python3 run.py test tests/reading/test_generated.py
"""

from __future__ import annotations

import asyncio
import json
import os
from random import Random
from typing import Any

import pytest
from graphql import parse, validate

from spm_graph.graph.schema import core
from spm_graph.reading import request
from spm_graph.store.visibility import Actor

from .conftest import SCHEMA, Asking
from .fixture import ACTORS
from .operations import Operations

EACH = int(os.environ.get("SPM_GENERATED", "235"))
SEED = int(os.environ.get("SPM_SEED", "0"))
AT_ONCE = 2
"""How many are asked at once: PostgreSQL works on one while Python works on another."""


def made(actor: Actor, number: int) -> tuple[str, dict[str, Any]]:
    """The operation of an actor with a number, and its variables. Each two differ only in values, so that they share what can be."""
    operations = Operations(core(SCHEMA), Random(f"{actor.name} {number // 2}"), Random(f"{actor.name} {number}"))
    return operations.operation(), operations.given


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
async def test_the_statement_answers_what_the_executor_answers(ask: Asking, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "validate", lambda schema, document: [])  # as long as all the rest; another test has a look
    numbers = iter(range(SEED, SEED + EACH))

    async def compare() -> None:
        for number in numbers:
            text, given = made(actor, number)
            found, expected = await ask(text, actor, **given), await ask.oracle(text, actor, **given)
            assert json.dumps(found) == json.dumps(expected), (
                f"{actor.name} asked, with SPM_SEED={number} SPM_GENERATED=1:\n{text}\n{given}"
            )

    await asyncio.gather(*(compare() for _ in range(AT_ONCE)))


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
def test_what_is_generated_is_valid(actor: Actor) -> None:
    for number in range(SEED, SEED + 30):
        text, _ = made(actor, number)
        assert validate(core(SCHEMA), parse(text)) == [], f"{actor.name}: SPM_SEED={number}"
