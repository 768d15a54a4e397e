"""The tutorial is right: its documents, sent in their order to an empty database, get the answers that it shows."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Serving, roomy

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"
STEP = re.compile(r"```graphql\n(?P<document>.*?)```\n(?:\n```json\n(?P<answer>.*?)```\n)?", re.DOTALL)


async def test_the_tutorial_gets_the_answers_that_it_shows(serve: Callable[[Settings], str], database: Database) -> None:
    """With SPM_WRITE_DOCS set, the answers are written into the tutorial instead: read the difference then."""
    administrator = await Serving(serve(roomy("2026-03-02")), database).administrator()
    text = TUTORIAL.read_text(encoding="utf-8")
    steps = list(STEP.finditer(text))
    assert len(steps) >= 10
    answers = [json.dumps(await administrator.ask(step["document"]), indent=2, ensure_ascii=False) for step in steps]
    if os.environ.get("SPM_WRITE_DOCS"):
        given = iter(answers)
        written = STEP.sub(lambda step: f"```graphql\n{step['document']}```\n\n```json\n{next(given)}\n```\n", text)
        TUTORIAL.write_text(written, encoding="utf-8")
    else:
        assert [step["answer"] for step in steps] == [f"{answer}\n" for answer in answers]
