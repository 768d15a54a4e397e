"""The four questions of the benchmark, in the words of each server, and their answers in one form.

An answer's form is what a screen shows: nested lists of values, numbers as Decimal. Equal forms are equal answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Shown = list[Any] | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its documents, by server, and how each server's data becomes the common form."""

    name: str
    is_list: bool
    ours: str
    postgraphile: str
    idiomatic: str
    shown_by_ours: Callable[[Any], Shown]
    shown_by_postgraphile: Callable[[Any], Shown]
    shown_by_idiomatic: Callable[[Any], Shown]


def number(written: Any) -> Decimal | None:
    """A number, however it was written."""
    return None if written is None else Decimal(str(written)).normalize()


def money(found: Any) -> Decimal | None:
    """An amount of money, without its currency."""
    return number(found and found["amount"])


Amount = Callable[[Any], Decimal | None]


def nested(rep: Any, deals: list[Any], territories: list[str], quota: Any, total: Any, amount: Amount) -> list[Any]:
    """One rep of the first question."""
    shown = [[deal["name"], amount(deal["amount"]), deal["closedOn"], deal["account"]["name"]] for deal in deals]
    return [rep["name"], rep["title"], territories, number(quota), number(total), shown]


def deal(found: Any, worth: Any, account: Any) -> list[Any]:
    """One deal of the third question; `worth` has its amount and currency."""
    dates = [found["openedOn"], found["closedOn"], found["outcome"]]
    return [
        found["name"],
        found["stage"],
        number(found["probability"]),
        number(worth["amount"]),
        worth["currency"],
        *dates,
        account["name"],
    ]


NESTED = Question(
    "50 reps with territory, quota, last 5 deals with account, total",
    True,
    """{ reps(first: 50, orderBy: NAME) { nodes {
        id name title territories { territory { name } } quota(period: {name: "2026-Q2"}) { value { value } }
        opportunities(first: 5) { nodes { id name amount { amount } closedOn account { id name } } }
        earningsTotal { amount }
    } } }""",
    """{ allReps(first: 50, orderBy: NAME_ASC) { nodes {
        rowId name title territoryAssignmentsByRepId { nodes { territoryByTerritoryId { name } } }
        quotaOfQuarter earningsTotal
        latestOpportunities(first: 5) { nodes { rowId name amount closedOn accountByAccountId { rowId name } } }
    } } }""",
    """{ reps(first: 50) {
        id name title territories { name } quota(period: "2026-Q2")
        opportunities(first: 5) { id name amount closedOn account { id name } }
        earningsTotal
    } }""",
    lambda data: [
        nested(
            rep,
            rep["opportunities"]["nodes"],
            [each["territory"]["name"] for each in rep["territories"]],
            rep["quota"]["value"]["value"],
            rep["earningsTotal"]["amount"],
            money,
        )
        for rep in data["reps"]["nodes"]
    ],
    lambda data: [
        nested(
            rep,
            [{**deal, "account": deal["accountByAccountId"]} for deal in rep["latestOpportunities"]["nodes"]],
            [each["territoryByTerritoryId"]["name"] for each in rep["territoryAssignmentsByRepId"]["nodes"]],
            rep["quotaOfQuarter"],
            rep["earningsTotal"],
            number,
        )
        for rep in data["allReps"]["nodes"]
    ],
    lambda data: [
        nested(rep, rep["opportunities"], [each["name"] for each in rep["territories"]], rep["quota"], rep["earningsTotal"], number)
        for rep in data["reps"]
    ],
)

DASHBOARD = Question(
    "a rep's dashboard",
    False,
    """{ rep(ref: {id: "rep_500"}) {
        name title quota(period: {name: "2026-Q2"}) { value { value } } earningsTotal { amount }
        opportunities(first: 10, where: {open: true}, orderBy: CREATED) { nodes { name stage amount { amount } account { name } } }
        earnings(first: 10) { nodes { key amount { amount } bookedIn { name } } }
    } }""",
    """{ repByRowId(rowId: "500") {
        name title quotaOfQuarter earningsTotal
        openOpportunities(first: 10) { nodes { name stage amount accountByAccountId { name } } }
        earningsByRepId(first: 10, orderBy: ROW_ID_DESC) { nodes { key amount periodByPeriodId { name } } }
    } }""",
    """{ rep(id: 500) {
        name title quota(period: "2026-Q2") earningsTotal
        openOpportunities(first: 10) { name stage amount account { name } }
        earnings(first: 10) { key amount period { name } }
    } }""",
    lambda data: [
        data["rep"]["name"],
        data["rep"]["title"],
        number(data["rep"]["quota"]["value"]["value"]),
        money(data["rep"]["earningsTotal"]),
        [[each["name"], each["stage"], money(each["amount"]), each["account"]["name"]] for each in data["rep"]["opportunities"]["nodes"]],
        [[each["key"], money(each["amount"]), each["bookedIn"]["name"]] for each in data["rep"]["earnings"]["nodes"]],
    ],
    lambda data: [
        data["repByRowId"]["name"],
        data["repByRowId"]["title"],
        number(data["repByRowId"]["quotaOfQuarter"]),
        number(data["repByRowId"]["earningsTotal"]),
        [
            [each["name"], each["stage"], number(each["amount"]), each["accountByAccountId"]["name"]]
            for each in data["repByRowId"]["openOpportunities"]["nodes"]
        ],
        [
            [each["key"], number(each["amount"]), each["periodByPeriodId"]["name"]]
            for each in data["repByRowId"]["earningsByRepId"]["nodes"]
        ],
    ],
    lambda data: [
        data["rep"]["name"],
        data["rep"]["title"],
        number(data["rep"]["quota"]),
        number(data["rep"]["earningsTotal"]),
        [[each["name"], each["stage"], number(each["amount"]), each["account"]["name"]] for each in data["rep"]["openOpportunities"]],
        [[each["key"], number(each["amount"]), each["period"]["name"]] for each in data["rep"]["earnings"]],
    ],
)

FLAT = Question(
    "1,000 opportunities",
    True,
    """{ opportunities(first: 1000, orderBy: CREATED) { nodes {
        id name stage probability amount { amount currency } openedOn closedOn outcome account { name }
    } } }""",
    """{ allOpportunities(first: 1000) { nodes {
        rowId name stage probability amount currency openedOn closedOn outcome accountByAccountId { name }
    } } }""",
    "{ opportunities(first: 1000) { id name stage probability amount currency openedOn closedOn outcome account { name } } }",
    lambda data: [deal(each, each["amount"], each["account"]) for each in data["opportunities"]["nodes"]],
    lambda data: [deal(each, each, each["accountByAccountId"]) for each in data["allOpportunities"]["nodes"]],
    lambda data: [deal(each, each, each["account"]) for each in data["opportunities"]],
)

ONE_FIELD = Question(
    "one field of one rep",
    False,
    '{ rep(ref: {id: "rep_500"}) { name } }',
    '{ repByRowId(rowId: "500") { name } }',
    "{ rep(id: 500) { name } }",
    lambda data: [data["rep"]["name"]],
    lambda data: [data["repByRowId"]["name"]],
    lambda data: [data["rep"]["name"]],
)

QUESTIONS = (NESTED, DASHBOARD, FLAT, ONE_FIELD)
