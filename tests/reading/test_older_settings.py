"""A plan goes on when a package gets a newer version: a setting that was not there when it was stored reads as its default."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, make_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import pytest

from spm_graph.graph.schema import brought, build, core
from spm_graph.incentive_types import IncentiveTypes, encode
from spm_graph.reading.answer import Reads
from spm_graph.store.database import Database
from tests.company import ADMINISTRATOR, Company

from .oracle import Oracle

DOCUMENT = """
{ plans { nodes { versions { components { config {
  ... on Ladder {
    rungs { rate says bonus } method since most capped steps
    best { rate says } worst { rate }
  }
} } } } } }
"""


class Method(Enum):
    """How it is paid."""

    MARGINAL = "Each rung."
    WHOLE = "All of it."


@dataclass(frozen=True)
class Best:
    """One rung, as newer versions know it."""

    rate: Annotated[Decimal, "What it pays."]
    says: Annotated[str, "What it is called."] = 'the "best" {rung} of $1::all'


def ladder(rung: type, *newer: Any) -> Any:
    """The incentive type, in an older or a newer version."""
    methods = {"earn": lambda self, performance: [], "__module__": __name__}
    return make_dataclass("Ladder", [("rungs", tuple[rung, ...]), *newer], frozen=True, namespace=methods)  # type: ignore[valid-type]


OLD_RUNG = make_dataclass("Rung", [("rate", Decimal)], frozen=True)
NEW_RUNG = make_dataclass("Rung", [("rate", Decimal), ("says", str, "a rung"), ("bonus", Decimal | None, None)], frozen=True)
OLD = ladder(OLD_RUNG)
NEW = ladder(
    NEW_RUNG,
    ("method", Method, Method.WHOLE),
    ("since", date, date(2026, 1, 1)),
    ("most", Decimal, Decimal("1E+3")),
    ("capped", bool, False),
    ("steps", tuple[int, ...], (1, 2)),
    ("best", Best, Best(Decimal("0.50"))),
    ("worst", Best | None, None),
)
DEFAULTS = {
    "method": "WHOLE",
    "since": "2026-01-01",
    "most": "1000",
    "capped": False,
    "steps": [1, 2],
    "best": {"rate": "0.5", "says": 'the "best" {rung} of $1::all'},
    "worst": None,
}


@pytest.fixture
async def company(database: Database) -> AsyncIterator[Company]:
    """A company with a plan that was published when the package was older, and one with all that is new."""
    founded = await Company.founded(database)
    await founded.plan("Older", ("Ladder", OLD((OLD_RUNG(Decimal("0.1")), OLD_RUNG(Decimal("0.2"))))))
    newest = {"method": Method.MARGINAL, "capped": True, "steps": (), "best": Best(Decimal(1), "all"), "worst": Best(Decimal(0))}
    await founded.plan("Newer", ("Ladder", NEW((NEW_RUNG(Decimal("0.3"), "third", Decimal(7)),), **newest)))
    yield founded


async def test_what_a_newer_version_added_reads_as_its_default(company: Company) -> None:
    types = IncentiveTypes.of([NEW])
    schema = core(build(types))
    reads = Reads(schema, values=brought(types))
    answer = json.loads(await reads.query(company.database, ADMINISTRATOR, reads.request(DOCUMENT, None, {})))["data"]
    newer, older = (plan["versions"][0]["components"][0]["config"] for plan in answer["plans"]["nodes"])
    assert older == {"rungs": [{"rate": rate, "says": "a rung", "bonus": None} for rate in ("0.1", "0.2")], **DEFAULTS}
    assert newer == {
        **DEFAULTS,
        "rungs": [{"rate": "0.3", "says": "third", "bonus": "7"}],
        "method": "MARGINAL",
        "capped": True,
        "steps": [],
        "best": {"rate": "1", "says": "all"},
        "worst": {"rate": "0"},
    }
    assert answer == await Oracle(schema, company.database, ADMINISTRATOR, brought(types)).answer(DOCUMENT, {})


def test_they_are_calculated_with_the_same_defaults() -> None:
    stored = encode(OLD((OLD_RUNG(Decimal("0.1")),)))
    assert IncentiveTypes.of([NEW]).decode("Ladder", stored) == NEW((NEW_RUNG(Decimal("0.1")),))
