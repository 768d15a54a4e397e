"""The kit that partners test with: it passes what is right, and says what is wrong."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Line, Performance, Step
from spm_graph.testing import Example, ImpureError, IncentiveTypeSuite, read_example, sealed


@dataclass(frozen=True)
class Flat:
    """Pays one rate."""

    rate: Decimal

    def earn(self, performance: Performance) -> Iterable[Line]:
        yield Line("commission", (Step("the rate", performance.credited, self.rate),))


@dataclass(frozen=True)
class Remembering:
    """Pays for everything it has ever seen."""

    rate: Decimal
    seen: tuple[str, ...] = field(default=(), compare=False)

    def earn(self, performance: Performance) -> Iterable[Line]:
        object.__setattr__(self, "seen", tuple({*self.seen, *(credit.id for credit in performance.credits)}))
        yield Line("commission", (Step("everything ever seen", Decimal(len(self.seen)), self.rate),))


@dataclass(frozen=True)
class ByTheClock:
    """Pays for the year that it is."""

    rate: Decimal

    def earn(self, performance: Performance) -> Iterable[Line]:
        yield Line("commission", (Step("the year", Decimal(date.today().year), self.rate),))


TYPES = IncentiveTypes.of([Flat, Remembering, ByTheClock])
FLAT = """
about = "5 % of 100.10 and a refund"
incentiveType = "Flat"
credits = [100.10, { id = "refund", on = 2026-01-20, amount = -50, corrects = "credit 001" }]

[window]
currency = "USD"
quota = 1000

[settings]
rate = 0.05

[pays]
total = 2.51
lines = { commission = 2.51 }
steps = { commission = [2.505, 0.005] }
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Example]:
    def read(text: str) -> Example:
        path = tmp_path / "example.toml"
        path.write_text(text, encoding="utf-8")
        return read_example(path, TYPES)

    return read


def test_a_worked_example_is_read_exactly(written: Callable[[str], Example]):
    example = written(FLAT)
    assert example.incentive_type == Flat(Decimal("0.05"))
    assert [(credit.id, credit.on, credit.amount, credit.corrects) for credit in example.performance.credits] == [
        ("credit 001", date(2026, 1, 1), Decimal("100.10"), None),
        ("refund", date(2026, 1, 20), Decimal(-50), "credit 001"),
    ]
    assert (example.performance.starts, example.performance.ends) == (date(2026, 1, 1), date(2026, 2, 1))
    assert example.performance.quota == Decimal(1000)
    assert example.differences() == []


def test_every_difference_to_a_worked_example_is_said(written: Callable[[str], Example]):
    wrong = FLAT.replace("2.51", "2.50").replace("[2.505, 0.005]", "[2.505]").replace("{ commission = 2.50 }", "{ bonus = 1 }")
    assert written(wrong).differences() == [
        "the total is 2.51, not 2.50",
        "a line commission of 2.51 is paid, too",
        "no line bonus is paid",
        "the steps of commission are 2.505, 0.005, not 2.505",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("rate = 0.05", "rat = 0.05", r"example.toml: settings.rat: .*; did you mean rate\?; settings.rate: is required"),
        ("rate = 0.05", "rate = nan", r"example.toml: settings.rate: .*NaN.* is no decimal"),
        ('incentiveType = "Flat"', "", "example.toml: incentiveType is missing"),
        ('"Flat"', '"Steep"', "example.toml: settings: no installed package brings the incentive type Steep"),
        ("amount = -50", "amonut = -50", "example.toml: credits.amonut is unknown; known are amount"),
        ("quota = 1000", "qouta = 1000", "example.toml: window.qouta is unknown"),
        ("[pays]", "[paid]", "example.toml: paid is unknown"),
        ("[settings]", "[settings", "example.toml: .*line"),
    ],
)
def test_a_mistake_in_a_worked_example_is_named_with_its_file(written: Callable[[str], Example], before: str, after: str, said: str):
    with pytest.raises(ValueError, match=said):
        written(FLAT.replace(before, after))


def test_an_example_that_expects_nothing_is_refused(written: Callable[[str], Example]):
    with pytest.raises(ValueError, match=r"\[pays\] must say a total, lines, steps or reps"):
        written(FLAT.split("[pays]", maxsplit=1)[0])


def test_the_suite_names_all_examples_that_can_not_be_read_in_a_line_each(tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text('incentiveType = "TieredCommission"\n', encoding="utf-8")

    class Suite(IncentiveTypeSuite):
        examples = tmp_path

    asking = SimpleNamespace(cls=Suite, fixturenames=["example"], parametrize=None)
    with pytest.raises(pytest.Collector.CollectError) as refused:
        Suite().pytest_generate_tests(asking)
    assert str(refused.value) == "\n".join(f"{name}.toml: [pays] must say a total, lines, steps or reps" for name in ("one", "two"))


def test_the_suite_passes_a_sound_type(written: Callable[[str], Example]):
    example, suite = written(FLAT), IncentiveTypeSuite()
    suite.test_an_example_pays_what_it_says(example)
    suite.test_the_steps_and_the_shares_of_a_line_sum_to_it(example)
    suite.test_the_order_in_which_credits_arrive_does_not_matter(example)
    suite.test_nothing_but_settings_and_performance_is_read(example)
    suite.test_the_settings_survive_being_stored(example)


def test_the_suite_fails_a_type_that_remembers(written: Callable[[str], Example]):
    example = written(FLAT.replace("Flat", "Remembering").replace("[100.10, ", "[1, 2, 3, 4, "))
    object.__setattr__(example.incentive_type, "seen", ("an earlier rep's",))
    remembering = Remembering(Decimal("0.05"))
    fresh = Example(example.name, remembering, TYPES, example.performances, example.pays)
    with pytest.raises(AssertionError):
        IncentiveTypeSuite().test_an_example_pays_what_it_says(fresh)


def test_the_suite_fails_a_type_that_reads_the_clock(written: Callable[[str], Example]):
    with pytest.raises(ImpureError, match=r"reached for the clock: date.today"):
        IncentiveTypeSuite().test_nothing_but_settings_and_performance_is_read(written(FLAT.replace("Flat", "ByTheClock")))


@pytest.mark.parametrize(
    ("reach", "said"),
    [
        (lambda: datetime.now(UTC), "the clock: datetime.now"),
        (date.today, "the clock: date.today"),
        (time.time, "the clock: time.time"),
        (time.monotonic_ns, "the clock: time.monotonic_ns"),
        (random.random, "chance: random"),
        (lambda: random.Random(1).random(), "chance"),
        (lambda: random.choice([1, 2]), "chance: getrandbits"),
        (uuid.uuid4, "chance: urandom"),
        (lambda: Path(__file__).read_text(encoding="utf-8"), "the outside: open"),
        (lambda: os.system("true"), "the outside: os.system"),
        (socket.socket, "the outside: socket"),
        (lambda: subprocess.run(["true"], check=False), "the outside: "),
    ],
)
def test_a_seal_holds(reach: Callable[[], object], said: str):
    with pytest.raises(ImpureError, match=said), sealed():
        reach()


def test_a_seal_holds_even_against_code_that_hides_its_errors():
    with pytest.raises(ImpureError, match="the clock"), sealed(), suppress(Exception):
        time.time()


def test_a_seal_is_gone_afterwards():
    with sealed():
        assert Decimal(1) + 1 == 2
    assert time.time() > 0
    assert Path(__file__).exists()
