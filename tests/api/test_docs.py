"""The documentation is right: its documents, sent in their order to an empty database, get the answers that it shows."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from spm_graph.domain.terms import Grant
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Client, Serving, roomy

DOCS = Path(__file__).parents[2] / "docs"
STEP = re.compile(r"```graphql(?P<who> \w+)?\n(?P<document>.*?)```\n(?:\n```json\n(?P<answer>.*?)```\n)?", re.DOTALL)


@pytest.mark.parametrize(
    ("name", "today", "fewest"),
    [
        ("tutorial", "2026-03-02", 10),
        ("plan-life", "2026-05-04", 12),
        ("payments", "2026-04-02", 9),
        ("quotas", "2026-02-02", 8),
        ("what-if", "2026-03-15", 6),
    ],
)
async def test_a_page_gets_the_answers_that_it_shows(
    name: str, today: str, fewest: int, serve: Callable[[Settings], str], database: Database
) -> None:
    """A block is an administrator's, the checker's, or a rep's who is named beside its language.

    With SPM_WRITE_DOCS set, the answers are written into the page instead: read the difference then.
    """
    server = Serving(serve(roomy(today)), database)
    clients: dict[str | None, Client] = {None: await server.administrator()}
    page = DOCS / f"{name}.md"
    text = page.read_text(encoding="utf-8")
    steps = list(STEP.finditer(text))
    assert len(steps) >= fewest
    assert f"SPM_TODAY={today}" in text, "who follows the page needs the day"
    if any(step["who"] == " checker" for step in steps):
        clients[" checker"] = await server.client(*Grant, name="checker")
    answers = []
    for step in steps:
        if step["who"] not in clients:
            clients[step["who"]] = await server.client(rep=step["who"].strip(), name=step["who"].strip())
        answers.append(json.dumps(await clients[step["who"]].ask(step["document"]), indent=2, ensure_ascii=False))
    if os.environ.get("SPM_WRITE_DOCS"):
        given = iter(answers)
        written = STEP.sub(lambda step: f"```graphql{step['who'] or ''}\n{step['document']}```\n\n```json\n{next(given)}\n```\n", text)
        page.write_text(written, encoding="utf-8")
    else:
        assert [step["answer"] for step in steps] == [f"{answer}\n" for answer in answers]
