"""A partner's first hour goes as the documentation says: its files are written, its commands are run, its answers are got."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from spm_graph.store.database import Database
from tests.company import Company

from .environment import ROOT, Answering, Environment

DOCUMENT = ROOT / "docs" / "partner.md"
BLOCK = re.compile(r"```(?P<kind>console|python|toml|graphql)\n(?P<text>.*?)```\n(?:\n```json\n(?P<answer>.*?)```\n)?", re.DOTALL)
FILES = ("deal_ladder.py", "tests/examples/above_quota.toml", "tests/examples/below_quota.toml")
OFFLINE = "--no-deps --no-index --no-build-isolation --disable-pip-version-check"


async def test_a_partners_first_hour_goes_as_the_documentation_says(database: Database, environment: Environment, tmp_path: Path) -> None:
    """With SPM_WRITE_DOCS set, what is printed and answered is written into the documentation instead: read the difference then."""
    await Company.founded(database)
    text = DOCUMENT.read_text(encoding="utf-8")
    hour = Hour(environment, database.url, tmp_path)
    try:
        happened = BLOCK.sub(lambda block: hour.block(block["kind"], block["text"]), text)
    finally:
        environment.pip("uninstall", "--quiet", "--yes", "spm-deal-ladder")
    assert hour.files == [], "each file is given"
    if os.environ.get("SPM_WRITE_DOCS"):
        DOCUMENT.write_text(happened, encoding="utf-8")
    else:
        assert happened == text


def test_a_complete_type_has_at_most_forty_lines() -> None:
    """From its first import to its last line, settings and descriptions included."""
    (module,) = [block["text"] for block in BLOCK.finditer(DOCUMENT.read_text(encoding="utf-8")) if block["kind"] == "python"]
    assert len([line for line in module.splitlines() if line.strip()]) <= 40


class Hour:
    """What a partner does, block by block, and what comes of it."""

    def __init__(self, environment: Environment, database_url: str, folder: Path) -> None:
        self.environment = environment
        self.database_url = database_url
        self.folder = folder
        self.files = list(FILES)

    def block(self, kind: str, text: str) -> str:
        """The block as it is to be in the documentation."""
        act: dict[str, Callable[[str], str]] = {"console": self.typed, "python": self.saved, "toml": self.saved, "graphql": self.asked}
        return act[kind](text)

    def saved(self, text: str) -> str:
        """A file of the package, whose name is the next of the list."""
        name = self.files.pop(0)
        (self.folder / name).write_text(text, encoding="utf-8")
        return f"```{name.rpartition('.')[2].replace('py', 'python')}\n{text}```\n"

    def typed(self, text: str) -> str:
        """Commands, each with what it prints."""
        said: list[str] = []
        for command in [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]:
            said.append(f"$ {command}\n{self.printed(command)}")
        return f"```console\n{''.join(said)}```\n"

    def printed(self, command: str) -> str:
        """What a command prints, without what differs from one machine and moment to another."""
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
            return ""
        if command.startswith("pip "):
            self.environment.pip(*command.split()[1:2], *OFFLINE.split(), *command.split()[2:-1], self.folder)
            return ""
        return re.sub(r" in \d+\.\d+s", " in 0.1s", self.environment.shell(command, self.folder))

    def asked(self, document: str) -> str:
        """A document, with its answer."""
        with self.environment.answering(self.database_url) as there:
            return f"```graphql\n{document}```\n\n```json\n{pretty(there, document)}\n```\n"


def pretty(there: Answering, document: str) -> str:
    """The data of an answer."""
    return json.dumps(there.ask(document), indent=2, ensure_ascii=False)
