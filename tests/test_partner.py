"""A partner's incentive type, written from the README alone, comes as a wheel, pays, and leaves.

It is installed into a fresh environment beside wheels of ours: nothing of this checkout is importable there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import build_schema

from spm_graph.store.database import Database
from tests.api.test_readme import blocks
from tests.company import Company

ROOT = Path(__file__).parents[1]
OURS = (ROOT, *(found.parent for found in sorted(ROOT.glob("plugins/*/pyproject.toml"))))

PARTNER = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "spm-quota-bonus"
version = "1.0"
dependencies = ["spm-graph"]

[tool.hatch.build.targets.wheel]
only-include = ["quota_bonus.py"]

"""

ANSWERING = """
import asyncio, json, sys
from datetime import date

from spm_graph.domain.terms import Grant
from spm_graph.graph.exchange import Asked
from spm_graph.graph.limits import Limits
from spm_graph.graph.operation import serving
from spm_graph.settings import Settings
from spm_graph.store.opening import opened
from spm_graph.store.visibility import Actor

async def answer():
    async with opened(Settings(database_url=sys.argv[1], today=date(2027, 1, 15))) as database:
        _, execute = serving(database, Limits())
        for line in sys.stdin:
            answer = await execute(Asked(**json.loads(line)), Actor("administrator", None, frozenset(Grant)))
            print(answer.body.decode(), flush=True)

asyncio.run(answer())
"""

SET_UP = """
mutation {
  planCreate(input: {name: "Closer", starts: "2026-01-01", components: [
    {name: "Commission", measure: "bookings", config: {tieredCommission: {tiers: [{starts: "0", rate: "0.1"}]}}}
    {name: "Bonus", measure: "bookings", config: {quotaBonus: {bonus: "250"}}}
  ]}) { plan { id } version { id } problems { message } }
}
"""

IN_FORCE = """
mutation ($plan: ID!, $version: ID!) {
  planPublish(input: {version: $version}) { problems { message } }
  planAssign(input: {plan: $plan, rep: {externalId: "ana"}, starts: "2026-01-01"}) { problems { message } }
}
"""

RUN = 'mutation { runStart(input: {period: {name: "2026-03"}}) { run { id problems { code message rep { name } component { name } } } } }'
POST = "mutation ($run: ID!) { runPost(input: {run: $run}) { run { state } problems { code } } }"
EARNED = '{ rep(ref: {externalId: "ana"}) { earnings { nodes { key amount { amount } component { name } } } } }'
PLAN = """
{ plans { nodes { current(asOf: "2026-03-31") { components { name incentiveType config {
  __typename ... on TieredCommission { tiers { rate } } ... on UninstalledIncentiveType { name settings }
} } } } } }
"""


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own, with the third-party packages of this one."""

    folder: Path

    @classmethod
    def fresh(cls, folder: Path) -> Environment:
        """An environment without anything of ours, nor of any package that is installed as editable here."""
        venv.EnvBuilder(symlinks=True).create(folder)
        made = cls(folder)
        for packages in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
            for found in Path(packages).iterdir():
                if "spm_" not in found.name and found.suffix != ".pth" and not (made.packages / found.name).exists():
                    (made.packages / found.name).symlink_to(found)
        return made

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        return next(self.folder.glob("lib/python3*/site-packages"))

    def run(self, program: str, *arguments: object) -> str:
        """What one of its programs prints."""
        return output(str(self.folder / "bin" / program), *arguments, folder=self.folder)

    def pip(self, *arguments: object) -> None:
        """Install or uninstall with this environment's pip."""
        output(sys.executable, "-m", "pip", "--python", self.folder / "bin" / "python", *arguments, folder=self.folder)

    @contextmanager
    def answering(self, database_url: str) -> Iterator[Answering]:
        """Somebody who answers GraphQL on a database, with what is installed there."""
        command = [self.folder / "bin" / "python", "-c", ANSWERING, database_url]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=clean(), cwd=self.folder) as process:
            yield Answering(process)


@dataclass(frozen=True)
class Answering:
    """A process that answers a line of JSON with another."""

    process: subprocess.Popen[str]

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps({"query": query, "variables": variables}), file=self.process.stdin, flush=True)
        body = json.loads(self.process.stdout.readline())
        assert "errors" not in body, body["errors"]
        return body["data"]


def clean() -> dict[str, str]:
    """The variables of this process, without those that let Python import from elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "VIRTUAL_ENV"))}


def output(*command: object, folder: Path) -> str:
    """What a program prints; all that it said is in the error if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=clean(), cwd=folder, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def written(folder: Path) -> Path:
    """The partner's package: the README's module, and its lines of `pyproject.toml` in a package that hatchling builds."""
    folder.mkdir()
    (folder / "quota_bonus.py").write_text(next(block for block in blocks("python") if "hookimpl" in block), encoding="utf-8")
    (folder / "pyproject.toml").write_text(PARTNER + blocks("toml")[0], encoding="utf-8")
    return folder


def wheels(folder: Path, *sources: Path) -> list[Path]:
    """The wheels of these sources, built without asking a package index for anything."""
    quietly = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--no-cache-dir", "--disable-pip-version-check")
    output(sys.executable, "-m", "pip", "wheel", *quietly, "--wheel-dir", folder, *sources, folder=folder.parent)
    return sorted(folder.glob("*.whl"))


async def test_a_partners_incentive_type_is_installed_pays_and_leaves(database: Database, tmp_path: Path) -> None:
    company = await Company.founded(database)
    await company.hire("ana")
    await company.quota("ana", "2026-03", "1000")
    await company.won("1200", "ana", "2026-03-10")

    environment = Environment.fresh(tmp_path / "environment")
    built = wheels(tmp_path / "wheels", written(tmp_path / "quota-bonus"), *OURS)
    assert len(built) == 1 + len(OURS)
    environment.pip("install", "--quiet", "--no-deps", "--no-index", *built)
    assert environment.run("python", "-c", "import spm_graph; print(spm_graph.__file__)").startswith(str(environment.packages))
    is_listed(environment)
    is_in_the_schema(environment.run("spm", "schema"))
    with environment.answering(database.url) as there:
        pays(there)

    environment.pip("uninstall", "--quiet", "--yes", "spm-quota-bonus")
    assert "QuotaBonus" not in environment.run("spm", "plugins")
    assert "quotaBonus" not in environment.run("spm", "schema")
    with environment.answering(database.url) as there:
        is_missed(there)


def is_listed(environment: Environment) -> None:
    """`spm plugins` names the type, its distribution and its version; everything listed comes from that environment."""
    _, *rows = [line.split(maxsplit=3) for line in environment.run("spm", "plugins").splitlines()]
    assert [row[0] for row in rows] == ["Accelerator", "QuotaBonus", "Spif", "TieredCommission"]
    assert rows[1] == ["QuotaBonus", "spm-quota-bonus", "1.0", str(environment.packages / "quota_bonus.py")]
    assert all(row[3].startswith(str(environment.folder)) for row in rows)


def is_in_the_schema(text: str) -> None:
    """Its settings are a type to read and an input to write, with the descriptions of its source."""
    schema = build_schema(text).to_kwargs()
    types = {each.name: each for each in schema["types"]}
    assert "QuotaBonus" in {each.name for each in types["ComponentConfig"].types}
    assert types["QuotaBonus"].description == "Pay a fixed bonus to whoever reaches quota."
    assert types["QuotaBonus"].fields["bonus"].description == "What is paid, in the rep's currency."
    assert str(types["ComponentConfigInput"].fields["quotaBonus"].type) == "QuotaBonusInput"
    assert str(types["QuotaBonusInput"].fields["bonus"].type) == "Decimal!"


def pays(there: Answering) -> None:
    """A plan with the type is written, published and paid: quota was reached."""
    made = there.ask(SET_UP)["planCreate"]
    assert made["problems"] == []
    assert all(not done["problems"] for done in there.ask(IN_FORCE, plan=made["plan"]["id"], version=made["version"]["id"]).values())
    run = there.ask(RUN)["runStart"]["run"]
    assert run["problems"] == []
    assert there.ask(POST, run=run["id"])["runPost"] == {"run": {"state": "POSTED"}, "problems": []}
    assert paid(there) == {"Commission": ("commission", "120.00"), "Bonus": ("bonus", "250.00")}


def is_missed(there: Answering) -> None:
    """The plan that used the type says so and shows its settings; a run says so too, and what was booked stays."""
    commission, bonus = there.ask(PLAN)["plans"]["nodes"][0]["current"]["components"]
    assert commission["config"] == {"__typename": "TieredCommission", "tiers": [{"rate": "0.1"}]}
    shown = {"__typename": "UninstalledIncentiveType", "name": "QuotaBonus", "settings": {"bonus": "250"}}
    assert bonus == {"name": "Bonus", "incentiveType": "QuotaBonus", "config": shown}
    run = there.ask(RUN)["runStart"]["run"]
    (problem,) = run["problems"]
    assert (problem["code"], problem["rep"]["name"], problem["component"]["name"]) == ("PLUGIN_MISSING", "Ana", "Bonus")
    assert "no installed package brings QuotaBonus" in problem["message"]
    refused = there.ask(POST, run=run["id"])["runPost"]
    assert refused == {"run": None, "problems": [{"code": "RUN_HAS_PROBLEMS"}]}
    assert paid(there) == {"Commission": ("commission", "120.00"), "Bonus": ("bonus", "250.00")}


def paid(there: Answering) -> dict[str, tuple[str, str]]:
    """What is booked: by component, the key and the amount."""
    booked = there.ask(EARNED)["rep"]["earnings"]["nodes"]
    return {each["component"]["name"]: (each["key"], each["amount"]["amount"]) for each in booked}
