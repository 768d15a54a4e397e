"""The README is right: its plugin pays, its tables say what the code says. Its queries are answered in `test_demonstration`."""

from __future__ import annotations

import re
import sys
import tomllib
from datetime import date
from decimal import Decimal
from types import ModuleType

from spm_graph.cli import commands
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Credit, Performance
from spm_graph.settings import described

from .readme import README, blocks


def test_its_plugin_is_one_that_pays() -> None:
    source = next(block for block in blocks("python") if "hookimpl" in block)
    module = ModuleType("quota_bonus")
    module.__file__ = "quota_bonus.py"
    sys.modules[module.__name__] = module
    exec(compile(source, "README.md", "exec"), module.__dict__)
    entry = tomllib.loads(blocks("toml")[0])["project"]["entry-points"]["spm_graph.v1"]
    assert entry == {"quota_bonus": module.__name__}
    types = IncentiveTypes.of(module.spm_incentive_types())
    bonus = types.decode("QuotaBonus", {"bonus": "250"})
    sold = Credit(id="1", on=date(2026, 1, 2), amount=Decimal(100), units=Decimal(1), measure="bookings", role="DIRECT", share=Decimal(1))
    reached = Performance(
        rep_id="rep_1", starts=date(2026, 1, 1), ends=date(2026, 2, 1), currency="USD", credits=(sold,), quota=Decimal(100)
    )
    assert [line.amount for line in bonus.earn(reached)] == [Decimal(250)]
    assert len(source.strip().splitlines()) <= 40


def test_its_settings_are_all_there_are() -> None:
    rows = [f"| `{each.variable}` | {f'`{each.default}`' if each.default else ''} | {each.meaning} |" for each in described()]
    assert "\n".join(rows) in README


def test_its_commands_are_all_there_are() -> None:
    said = re.search(r"lists the commands: (.*?), each with an example", README, re.DOTALL)
    assert said is not None
    assert set(re.findall(r"`(\w+)`", said[1])) == commands().keys()
