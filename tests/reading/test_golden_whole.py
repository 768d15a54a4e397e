"""The golden operations ask for all that there is: every field, argument, filter and order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from spm_graph.graph.schema import core

from .conftest import SCHEMA
from .covered import asked, parts
from .parsed import parsed
from .test_golden import GOLDEN, variables

TESTS = Path(__file__).parents[1]
CALCULATED = {"Rep.whatIf", "Rep.bestDeals", "WhatIf", "WhatIfInput", "WhatIfAttainment", "WhatIfComponent", "WhatIfLine", "LeftOut",
              "DealImaginedInput", "DealSupposedInput", "DealValue", "Problem"}  # fmt: skip
ELSEWHERE: Mapping[str, set[str]] = {"estimates": CALCULATED, "live": {"Subscription"}}
"""What no statement answers by itself, because Python calculates it or it is told as it happens: the tests that ask for it."""


def test_the_golden_operations_ask_for_everything() -> None:
    schema = core(SCHEMA)
    found = {part for path in GOLDEN for part in asked(schema, parsed(path.read_text()), variables(path))}
    missing = set(parts(schema)) - found
    for folder, names in ELSEWHERE.items():
        words = {word for path in (TESTS / folder).glob("*.py") for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
        missing -= {part for part in missing if names & {part.partition(".")[0], part.partition("(")[0]} and words >= _names(part)}
    assert missing == set()


def test_a_part_that_no_operation_asks_for_is_told() -> None:
    text = "query ($order: RepOrder, $where: RepWhere) { reps(orderBy: $order, where: $where) { nodes { name } } node(id: 1) { id } }"
    found = asked(core(SCHEMA), parsed(text), {"order": "NAME", "where": {"or": [{"office": ["x"]}]}})
    assert {"Query.reps(orderBy)", "RepOrder.NAME", "RepWhere.or", "RepWhere.office", "Rep.name", "Run.id"} <= found
    assert not {"RepOrder.CREATED", "RepWhere.and", "Query.reps(first)", "Rep.title"} & found


def _names(part: str) -> set[str]:
    """The names of a field and its argument, without its type's."""
    return set(re.findall(r"\w+", part.partition(".")[2]))
