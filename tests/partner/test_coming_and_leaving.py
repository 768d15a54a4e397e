"""A partner's incentive type, written from the README alone, comes as a wheel, pays, and leaves.

It is installed into a fresh environment beside wheels of ours: nothing of this checkout is importable there.
"""

from __future__ import annotations

from pathlib import Path

from graphql import build_schema

from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.database import Database
from tests.api.readme import blocks
from tests.company import Company

from .environment import Answering, Environment, wheels

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


def written(folder: Path) -> Path:
    """The partner's package: the README's module, and its lines of `pyproject.toml` in a package that hatchling builds."""
    folder.mkdir()
    (folder / "quota_bonus.py").write_text(next(block for block in blocks("python") if "hookimpl" in block), encoding="utf-8")
    (folder / "pyproject.toml").write_text(PARTNER + blocks("toml")[0], encoding="utf-8")
    return folder


async def test_a_partners_incentive_type_is_installed_pays_and_leaves(database: Database, environment: Environment, tmp_path: Path) -> None:
    company = await Company.founded(database)
    await company.hire("ana")
    await company.quota("ana", "2026-03", "1000")
    await company.won("1200", "ana", "2026-03-10")

    (built,) = wheels(tmp_path / "wheels", written(tmp_path / "quota-bonus"))
    environment.pip("install", "--quiet", "--no-deps", "--no-index", built)
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
    assert [row[0] for row in rows] == sorted([*(each.name for each in IncentiveTypes.discover()), "QuotaBonus"])
    assert ["QuotaBonus", "spm-quota-bonus", "1.0", str(environment.packages / "quota_bonus.py")] in rows
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
