"""The suite that a package's tests inherit."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from .examples import Example, evaluated, in_order, read_example
from .seals import sealed

SEED = 20260101
SHUFFLES = 5


class IncentiveTypeSuite:
    """Proves incentive types by worked examples. Subclass it with a name that starts with Test, and set `examples`."""

    examples: ClassVar[Path | Sequence[Path]]
    """A folder of TOML files, or the files; see `spm_graph.testing.examples` for what is in them."""

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """Run each test once for each example."""
        if "example" in metafunc.fixturenames:
            given = getattr(metafunc.cls, "examples", ())
            paths = sorted(given.glob("*.toml")) if isinstance(given, Path) else list(given)
            if not paths:
                raise ValueError(f"{metafunc.cls.__name__}: `examples` must name a folder with TOML files, or the files")
            metafunc.parametrize("example", [read_example(path) for path in paths], ids=[path.stem for path in paths])

    def test_an_example_pays_what_it_says(self, example: Example) -> None:
        """To the cent, line by line and step by step."""
        differences = example.differences()
        assert not differences, f"{example.name}: {'; '.join(differences)}"

    def test_the_steps_and_the_shares_of_a_line_sum_to_it(self, example: Example) -> None:
        """What is shown and what deals are allotted is what is paid."""
        paid_for_nothing = {line.key for line in example.incentive_type.earn(example.performance) if line.credits == ()}
        for line in example.evaluated():
            assert sum((step.amount for step in line.steps), Decimal(0)) == line.amount, f"{example.name}, {line.key}"
            if example.performance.credits and line.key not in paid_for_nothing:
                assert sum((share.amount for share in line.shares), Decimal(0)) == line.amount, f"{example.name}, {line.key}"

    def test_the_order_in_which_credits_arrive_does_not_matter(self, example: Example) -> None:
        """An incentive type keeps nothing: evaluated again and again as credits arrive, it ends where it would have begun."""
        expected = example.evaluated()
        arriving, chance = list(example.performance.credits), random.Random(SEED)
        for _ in range(SHUFFLES):
            chance.shuffle(arriving)
            for so_far in range(len(arriving)):
                evaluated(example.incentive_type, replace(example.performance, credits=in_order(arriving[:so_far])))
            complete = replace(example.performance, credits=in_order(arriving))
            arrived = ", ".join(credit.id for credit in arriving)
            assert evaluated(example.incentive_type, complete) == expected, f"{example.name}: arrived as {arrived} (seed {SEED})"

    def test_nothing_but_settings_and_performance_is_read(self, example: Example) -> None:
        """No clock, chance, file, process or network."""
        expected = example.evaluated()
        with sealed():
            again = example.evaluated()
        assert again == expected, f"{example.name}: evaluated twice, it pays differently"

    def test_the_settings_survive_being_stored(self, example: Example) -> None:
        """What is read back is what was written."""
        name = example.types.of_instance(example.incentive_type).name
        stored = example.types.encode(example.incentive_type)
        assert example.types.decode(name, stored) == example.incentive_type
