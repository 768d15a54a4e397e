"""Filters: every condition, however it is joined with others, finds exactly what it says; by hand, and as the oracle has it."""

from __future__ import annotations

from typing import Any

import pytest

from spm_graph.reading.compile import Compiler
from spm_graph.reading.document import Invalid
from spm_graph.reading.request import Plan
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from .conftest import Asking
from .fixture import ADMINISTRATOR, OLGA, PLANNER, SELF

OPPORTUNITIES = "query ($where: OpportunityWhere) { opportunities(where: $where, orderBy: CREATED) { nodes { id } } }"
REPS = "query ($where: RepWhere) { reps(where: $where, orderBy: CREATED) { nodes { id } } }"
WON = {"outcome": "WON"}
LARGE = {"amountFrom": "5000.5"}
BOSS = Actor("olga", OLGA, frozenset())
UNDATED = {"not": {"or": [{"openedFrom": "1900-01-01"}, {"openedBefore": "1900-01-01"}]}}


async def numbers(ask: Asking, document: str, where: Any) -> list[int]:
    """The numbers of what is found."""
    (page,) = (await ask.same(document, where=where)).values()
    return [int(node["id"].partition("_")[2]) for node in page["nodes"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        (None, [1, 2, 3, 4, 5, 6]),
        ({"and": None, "or": None, "not": None}, [1, 2, 3, 4, 5, 6]),
        ({"or": []}, []),
        ({"and": []}, [1, 2, 3, 4, 5, 6]),
        ({"not": {}}, []),
        ({"or": [{}, WON]}, [1, 2, 3, 4, 5, 6]),
        ({"or": [WON, LARGE]}, [1, 2, 3, 6]),
        ({**WON, **LARGE}, [1, 2]),
        ({"and": [WON, LARGE]}, [1, 2]),
        ({"not": {**WON, **LARGE}}, [3, 4, 5, 6]),
        ({"not": {"or": [WON, LARGE]}}, [4, 5]),
        ({"not": {"not": WON}}, [1, 2, 6]),
        ({"or": [WON, {"hasAccount": False}], "nameStarts": "N"}, [5]),
        ({"or": [{"and": [WON, {"not": LARGE}]}, {"outcome": "LOST"}]}, [4, 6]),
        # What is not known is not so: a deal without an amount is worth neither this much nor less.
        ({"amountBelow": "5000.5"}, [6]),
        ({"not": {"amountBelow": "5000.5"}}, [1, 2, 3, 4, 5]),
        ({"not": LARGE}, [4, 5, 6]),
        ({"hasAmount": False}, [4, 5]),
        ({"hasAmount": True, "hasProduct": True}, [1, 2, 3, 6]),
        (UNDATED, [5]),
        ({"openedFrom": "2026-02-01", "openedBefore": "2026-02-02"}, [4]),
        ({"probabilityFrom": "0.4"}, [1, 2, 3, 6]),
        ({"probabilityBelow": "0.4"}, [4, 5]),
        ({"currency": "EUR"}, [1, 2, 3, 4, 5, 6]),
        ({"currency": "JPY"}, []),
        ({"team": {"externalId": "mia"}}, [1, 2, 3, 4]),
        ({"team": {"externalId": "ana"}}, [1, 2]),
        ({"team": {"id": "rep_1"}}, [1, 2, 3, 4, 5, 6]),
        ({"team": {"id": "nobody"}}, []),
        ({"search": "kappa"}, [1, 4]),
        ({"search": "KAP ren"}, [1]),
        ({"search": "buys lambda"}, [2]),
        ({"search": ""}, []),
        ({"search": "  "}, []),
        ({"search": "it's \\ & | ! :* <-> ' ("}, []),
        ({"not": {"search": "k"}}, [2, 3, 6]),
    ],
)
async def test_deals_are_found_as_the_filter_says(ask: Asking, where: Any, found: list[int]) -> None:
    assert await numbers(ask, OPPORTUNITIES, where) == found


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"hasManager": False}, [1, 7]),
        ({"or": [{"hasManager": False}, {"office": ["West"]}]}, [1, 3, 6, 7]),
        ({"hiredFrom": "2020-02-01", "hiredBefore": "2021-05-01"}, [2, 3]),
        ({"search": "Çelik"}, [4]),
        ({"search": "çelik"}, [4]),
        ({"search": "CELIK"}, [4]),
        ({"search": "ana a"}, [4]),
        ({"search": "back"}, [5]),
    ],
)
async def test_reps_are_found_as_the_filter_says(ask: Asking, where: Any, found: list[int]) -> None:
    assert await numbers(ask, REPS, where) == found


NAMES = {
    "oresund lodz eclair": "Øresund Łódź ÉCLAIR",
    "É": "Éclair",
    "éc": "E\u0301clair",
    "журнал йо": "ЖУРНАЛ Йод",
    "αθήνας": "ΑΘΗΝΑΣ",
    "2026 initech": "Renewal-2026/Initech",
    "Renewal-20": "Renewal-2026",
    "neil at&t emea": "AT&T, O'Neil (EMEA)",
    "10.5": "10.5 % of it",
    "b": "a_b",
}


@pytest.mark.parametrize(("words", "name"), NAMES.items())
async def test_a_name_is_found_by_words_without_accents_and_by_those_between_marks(company: Database, words: str, name: str) -> None:
    assert await company.pool.fetchval("select words_of($1) @@ words_query($2)", name, words) is True


@pytest.mark.parametrize("words", ["", " ", "%", "_", "\\", "'", "!", ":*", "Renewals", "newal"])
async def test_marks_are_no_words_and_a_word_is_found_by_its_beginning(company: Database, words: str) -> None:
    name = "100 % Renewal_2026 \\ ' ! :*"
    assert await company.pool.fetchval("select words_of($1) @@ words_query($2)", name, words) is False


@pytest.mark.parametrize(
    ("actor", "where", "found"),
    [
        (BOSS, {}, ["Field 2026", "Unused"]),
        (BOSS, {"state": "DRAFT"}, []),
        (PLANNER, {"state": "DRAFT"}, ["Unused"]),
        (BOSS, {"rep": {"externalId": "mia"}}, ["Field 2026"]),
        (SELF, {"rep": {"externalId": "mia"}}, []),
        (SELF, {"rep": {"externalId": "ana"}}, ["Field 2026"]),
        (BOSS, {"inForce": "2026-03-31"}, ["Field 2026"]),
        (BOSS, {"inForce": "2025-12-31"}, []),
    ],
)
async def test_plans_are_found_by_what_the_asker_may_see_of_them(ask: Asking, actor: Actor, where: Any, found: list[str]) -> None:
    page = (await ask.same("query ($where: PlanWhere) { plans(where: $where) { nodes { name } } }", actor, where=where))["plans"]
    assert [node["name"] for node in page["nodes"]] == found


async def test_a_filter_written_in_the_document_is_the_same_as_one_in_a_variable(ask: Asking) -> None:
    document = """query ($amount: Decimal) { opportunities(
        where: {or: [{outcome: WON, not: {amountFrom: $amount}}, {hasAccount: false}]}, orderBy: CREATED) { nodes { id } totalCount } }"""
    page = (await ask.same(document, amount="5000"))["opportunities"]
    assert page == {"nodes": [{"id": "opportunity_5"}, {"id": "opportunity_6"}], "totalCount": 2}
    assert (await ask.same(document, amount="1"))["opportunities"]["totalCount"] == 1


async def test_a_filter_that_is_too_large_is_refused(ask: Asking) -> None:
    deep: dict[str, Any] = {}
    for _ in range(10):
        deep = {"not": deep}
    assert await refusal(ask, deep) == "A filter may be nested 10 deep, not 11."
    assert await numbers(ask, OPPORTUNITIES, deep["not"]) == []
    assert await refusal(ask, {"or": [WON] * 150}) == "A filter may have 100 conditions, not 151."
    assert await numbers(ask, OPPORTUNITIES, {"or": [WON] * 99}) == [1, 2, 6]
    assert await refusal(ask, {"or": [{}] * 100}) == "A filter may have 100 conditions, not 101."
    assert (
        await refusal(ask, {"and": [WON] * 50, "not": {"or": [{**WON, "stage": None}] * 49}})
        == "A filter may have 100 conditions, not 102."
    )


async def refusal(ask: Asking, where: dict[str, Any]) -> str:
    """Why a filter is refused, with its place and the code of limits."""
    with pytest.raises(Invalid) as refused:
        await ask(OPPORTUNITIES, where=where)
    (error,) = refused.value.errors
    assert (error.path, error.extensions) == (["opportunities", "where"], {"code": "LIMIT_EXCEEDED"})
    return error.message


def test_one_that_python_can_not_follow_is_refused_and_not_a_crash(ask: Asking) -> None:
    def endless(compiler: Compiler) -> Plan:
        return endless(compiler)

    request = ask.reads.request("{ __typename }")
    with pytest.raises(Invalid, match="An argument is nested too deeply"):
        ask.reads.plan(ADMINISTRATOR, request, ("endless",), endless)
