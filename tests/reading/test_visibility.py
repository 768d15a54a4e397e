"""Who sees what: nothing but oneself and who reports to one today, unless a grant says more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Grant
from spm_graph.graph.schema import core
from spm_graph.reading.declarations import SOURCE
from spm_graph.store.database import Database
from spm_graph.store.tables import metadata
from spm_graph.store.visibility import RULES, Actor, sees, visible

from .conftest import SCHEMA, Asking
from .fixture import ACTORS, ADMINISTRATOR, ANA, BO, DEE, MANAGER, MIA, OLGA, PLANNER, RUNNER, SELF, STRANGER
from .test_golden import GOLDEN, variables

EVERYTHING = """{
  reps { nodes { id } } opportunities(orderBy: CREATED) { nodes { id } } transactions { nodes { id } } quotas { nodes { id } }
  earnings { nodes { id } } plans { nodes { id versions { id } assignments { nodes { rep { id } } } } } runs { nodes { id } }
  events(after: "0") { nodes { cursor } } audit(first: 1) { nodes { noun } }
  accounts { totalCount } products { totalCount } periods(first: 1) { totalCount } measures { name }
  postings: nodes(ids: ["posting_1", "posting_2"]) { id }
  components: nodes(ids: ["component_1", "component_2", "component_3"]) { id }
  credits: nodes(ids: ["credit_1", "credit_3", "credit_4", "credit_7", "credit_10"]) { id }
}"""
SEEN: Mapping[str, tuple[Actor, dict[str, str]]] = {
    "administrator": (
        ADMINISTRATOR,
        {
            "reps": "4 5 6 7 3 2 1", "opportunities": "1 2 3 4 5 6", "transactions": "5 4 3 2 1", "quotas": "4 3 2 1",
            "earnings": "4 3 2 1",
            "plans": "1 2", "runs": "3 2 1", "events": "2.0 2.1 2.2 4.0 4.1 6.0 6.1 6.2 6.3 6.4 6.5 6.6 6.7 6.8",
            "audit": "run", "postings": "1 2",
            "components": "1 2 3", "credits": "1 3 4 7 10",
        },
    ),
    "manager": (
        MANAGER,
        {
            "reps": "4 5 2", "opportunities": "1 2 3 4", "transactions": "4 2 1", "quotas": "4 2 1", "earnings": "3 2 1", "plans": "1",
            "runs": "", "events": "2.0 4.0 6.0", "audit": "", "postings": "1 2", "components": "1 2", "credits": "1 3 4",
        },
    ),
    "self": (
        SELF,
        {
            "reps": "4", "opportunities": "1 2", "transactions": "4 2 1", "quotas": "4 2 1", "earnings": "3 2 1", "plans": "1", "runs": "",
            "events": "2.0 4.0 6.0", "audit": "", "postings": "1 2", "components": "1 2", "credits": "1",
        },
    ),
    "stranger": (
        STRANGER,
        {
            "reps": "7", "opportunities": "", "transactions": "5", "quotas": "", "earnings": "", "plans": "", "runs": "",
            "events": "2.1 6.0", "audit": "", "postings": "", "components": "", "credits": "10",
        },
    ),
    "planner": (
        PLANNER,
        {
            "reps": "", "opportunities": "", "transactions": "", "quotas": "", "earnings": "", "plans": "1 2", "runs": "",
            "events": "6.0", "audit": "", "postings": "", "components": "1 2 3", "credits": "",
        },
    ),
    "runner": (
        RUNNER,
        {
            "reps": "", "opportunities": "", "transactions": "", "quotas": "", "earnings": "", "plans": "", "runs": "3 2 1",
            "events": "4.1 6.0", "audit": "", "postings": "1 2", "components": "", "credits": "",
        },
    ),
}  # fmt: skip


def shown(part: Any) -> str:
    """The ids or names in a list or a page, without prefixes."""
    nodes = [node for node in (part["nodes"] if isinstance(part, dict) else part) if node]
    return " ".join(str(node.get("id") or node.get("cursor") or node.get("noun")).rpartition("_")[2] for node in nodes)


@pytest.mark.parametrize("who", SEEN)
async def test_everybody_sees_exactly_what_is_theirs(ask: Asking, who: str) -> None:
    actor, expected = SEEN[who]
    found = await ask.same(EVERYTHING, actor)
    assert {name: shown(found[name]) for name in expected} == expected
    assert [found[name]["totalCount"] for name in ("accounts", "products", "periods")] == [3, 2, 15]
    assert len(found["measures"]) == 2


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
async def test_golden_operations_are_answered_alike_for_everybody(ask: Asking, path: Path, actor: Actor) -> None:
    await ask.same(path.read_text(), actor, **variables(path))


async def test_who_holds_a_title_sees_its_plan_and_of_the_others_on_it_only_their_own(ask: Asking) -> None:
    olga, text = Actor("olga", OLGA, frozenset()), "{ plans { nodes { name titles { title } assignments { nodes { rep { name } } } } } }"
    field = {"name": "Field 2026", "titles": [{"title": "Manager"}]}
    found = (await ask.same(text, olga))["plans"]["nodes"]
    everybody = [{"rep": {"name": name}} for name in ("Mia", "Max", 'Ana "A" Çelik', "Cy", "Cy")]
    assert found == [
        {**field, "assignments": {"nodes": everybody}},
        {"name": "Unused", "titles": [{"title": "Vice President"}], "assignments": {"nodes": [{"rep": {"name": "Olga"}}]}},
    ]
    assert (await ask.same(text, MANAGER))["plans"]["nodes"] == [{**field, "assignments": {"nodes": [everybody[0], everybody[2]]}}]
    assert (await ask.same(text, STRANGER))["plans"]["nodes"] == []


async def test_territories_are_for_everybody_and_their_reps_as_the_directory_has_them(ask: Asking) -> None:
    text = """{
      territory(ref: {externalId: "south"}) { name assignments { nodes { rep { name rep { email } } } } accounts { nodes { name } } }
      rep(ref: {externalId: "ana"}) { titles { title } }
    }"""
    reps = [{"rep": {"name": 'Ana "A" Çelik', "rep": None}}, {"rep": {"name": "Cy", "rep": None}}]
    assert await ask.same(text, STRANGER) == {
        "territory": {"name": "South", "assignments": {"nodes": reps}, "accounts": {"nodes": [{"name": "Kappa"}]}},
        "rep": None,
    }


async def test_a_draft_is_for_those_who_write_plans(ask: Asking) -> None:
    text = '{ node(id: "version_3") { id } plan(id: "plan_2") { versions { state } } }'
    assert await ask(text, PLANNER) == {"node": {"id": "version_3"}, "plan": {"versions": [{"state": "DRAFT"}]}}
    assert await ask(text, MANAGER) == {"node": None, "plan": None}


async def test_the_directory_is_for_everybody_and_no_more_of_a_rep(ask: Asking) -> None:
    text = '{ opportunity(ref: {externalId: "o2"}) { splits { rep { name title rep { email } } } } }'
    found = await ask(text, SELF)
    assert found["opportunity"]["splits"] == [
        {"rep": {"name": 'Ana "A" Çelik', "title": "Account Executive", "rep": {"email": "ana@acme.example"}}},
        {"rep": {"name": "Cy", "title": "Account Executive", "rep": None}},
    ]


async def test_everybody_may_know_whom_they_report_to(ask: Asking) -> None:
    text = "{ viewer { rep { manager { name } managerCard { name rep { email } } } } }"
    assert await ask.same(text, SELF) == {"viewer": {"rep": {"manager": None, "managerCard": {"name": "Mia", "rep": None}}}}
    past = '{ viewer { rep { managerCard(asOf: "2025-01-01") { name } } } }'
    assert await ask.same(past, SELF) == {"viewer": {"rep": {"managerCard": {"name": "Max"}}}}


async def test_lines_of_the_past_show_nobody_today(ask: Asking) -> None:
    """Ana reported to Max until 2025."""
    maximilian = Actor("max", 3, frozenset())
    assert shown((await ask(EVERYTHING, maximilian))["reps"]) == "6 3"


async def test_a_rep_sees_the_deal_of_another_that_it_is_credited_on(ask: Asking) -> None:
    cy = Actor("cy", 6, frozenset())
    assert shown((await ask(EVERYTHING, cy))["opportunities"]) == "2 5 6"


@pytest.mark.parametrize(
    ("actor", "rep", "expected"),
    [
        (MANAGER, MIA, True),
        (MANAGER, BO, True),
        (MANAGER, OLGA, False),
        (SELF, MIA, False),
        (STRANGER, ANA, False),
        (ADMINISTRATOR, DEE, True),
    ],
)
async def test_acts_ask_the_same_question(company: Database, actor: Actor, rep: int, expected: bool) -> None:
    async with company.transaction() as tx:
        assert await sees(tx, actor, rep) is expected


def test_every_table_and_every_source_of_the_schema_has_a_rule() -> None:
    assert set(RULES) == set(metadata.tables) | {"run_change", "plugin_change"}
    for type_ in core(SCHEMA).type_map.values():
        source = getattr(getattr(type_.extensions.get("strawberry-definition"), "origin", None), SOURCE, None)
        assert source is None or source.table is None or source.table in RULES
    with pytest.raises(LookupError):
        visible("forgotten", frozenset())


def test_requiring_a_grant_refuses_who_lacks_it() -> None:
    ADMINISTRATOR.require(Grant.CLOSE)
    with pytest.raises(Refused, match="CLOSE"):
        MANAGER.require(Grant.CLOSE)
    assert PLANNER.may(Grant.PLAN)
    assert not PLANNER.sees_all
