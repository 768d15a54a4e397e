"""Operations generated from the schema: the statement and the executor give the same answer, whoever asks.

`SPM_GENERATED` is how many are made for each kind of actor, and `SPM_SEED` where their numbers begin: a failure tells the
number of its operation, and brings it back with both. After a change of how reads are compiled, ask more than each run does:

    SPM_GENERATED=340 python3 run.py test tests/reading/test_generated.py
"""

from __future__ import annotations

import asyncio
import os
from random import Random

import pytest

from spm_graph.graph.schema import core
from spm_graph.store.visibility import Actor

from .conftest import SCHEMA, Asking
from .fixture import ACTORS
from .operations import Operations

EACH = int(os.environ.get("SPM_GENERATED", "150"))
SEED = int(os.environ.get("SPM_SEED", "0"))
AT_ONCE = 2
"""How many are asked at once: PostgreSQL works on one while Python works on another."""


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
async def test_the_statement_answers_what_the_executor_answers(ask: Asking, actor: Actor) -> None:
    numbers = iter(range(SEED, SEED + EACH))

    async def compare() -> None:
        for number in numbers:
            text = Operations(core(SCHEMA), Random(f"{actor.name} {number}")).operation()
            found, expected = await ask(text, actor), await ask.oracle(text, actor)
            assert found == expected, f"{actor.name} asked, with SPM_SEED={number} SPM_GENERATED=1:\n{text}"

    await asyncio.gather(*(compare() for _ in range(AT_ONCE)))
