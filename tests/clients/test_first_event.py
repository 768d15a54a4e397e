"""The programs of the documentation, as they stand: each prints the first event."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

from tests.live.conftest import World, serve, world

from .conftest import HERE, Node

__all__ = ["serve", "world"]

PAGE = (Path(__file__).parents[2] / "docs" / "following.md").read_text(encoding="utf-8").partition("## Coming back")[0]
SECONDS = 20


@pytest.mark.parametrize(
    ("language", "program"),
    [("console", ["sh", "-c"]), ("js", ["node", "--input-type=module", "-e"]), ("python", [sys.executable, "-c"])],
)
async def test_a_program_of_the_page_prints_the_first_event(node: Node, world: World, language: str, program: list[str]) -> None:
    await world.company.won("100", "ana", "2026-01-10")
    ana = world.askers["self"]
    (source,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    source = source.replace("curl", "exec curl")  # so that it is curl which is ended, and not the shell before it
    here = source.replace("127.0.0.1:8000", ana.url.split("/")[2]).replace("spm_…", ana.token or "")
    running = await asyncio.create_subprocess_exec(*program, here, cwd=HERE, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(SECONDS):
            assert running.stdout is not None
            said = await running.stdout.readuntil(b"Ana")
    finally:
        running.kill()
        await running.wait()
    assert re.search(r"cursor\W+\d+\.\d+", said.decode())
