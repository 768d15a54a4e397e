"""The suite that a package's tests inherit."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from spm_graph.plugin import Credit, Line

from .examples import Example, read_example
from .performing import in_order
from .seals import sealed

SEED = 20260101
SHUFFLES = 5


class IncentiveTypeSuite:
    """Proves incentive types by worked examples. Subclass it with a name that starts with Test, and set `examples`."""

    examples: ClassVar[Path | Sequence[Path]]
    """A folder of TOML files, or the files; see `spm_graph.testing.examples` for what is in them."""

    refunds_to_zero: ClassVar[bool] = False
    """Whether all that is earned goes back once everything is refunded, in every example."""

    def __init_subclass__(cls, **options: Any) -> None:
        """A suite that does not promise it has no test of it."""
        super().__init_subclass__(**options)
        name = "test_a_refund_of_everything_takes_back_all_that_was_earned"
        setattr(cls, name, IncentiveTypeSuite.__dict__[name] if cls.refunds_to_zero else None)

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """Run each test once for each example."""
        if "example" in metafunc.fixturenames:
            given = getattr(metafunc.cls, "examples", ())
            paths = sorted(given.glob("*.toml")) if isinstance(given, Path) else list(given)
            if not paths:
                raise ValueError(f"{metafunc.cls.__name__}: `examples` must name a folder with TOML files, or the files")
            metafunc.parametrize("example", _read(paths), ids=[path.stem for path in paths])

    def test_an_example_pays_what_it_says(self, example: Example) -> None:
        """To the cent, line by line and step by step."""
        differences = example.differences()
        assert not differences, f"{example.name}: {'; '.join(differences)}"

    def test_the_steps_and_the_shares_of_a_line_sum_to_it(self, example: Example) -> None:
        """What is shown and what deals are allotted is what is paid."""
        paid_for_nothing = {(rep_id, line.key) for rep_id, line in _returned(example) if line.credits == ()}
        credited = {performance.rep_id for performance in example.performances if performance.credits}
        for rep_id, lines in example.evaluated_by_rep().items():
            for line in lines:
                assert sum((step.amount for step in line.steps), Decimal(0)) == line.amount, f"{example.name}, {line.key}"
                if rep_id in credited and (rep_id, line.key) not in paid_for_nothing:
                    assert sum((share.amount for share in line.shares), Decimal(0)) == line.amount, f"{example.name}, {line.key}"

    def test_the_order_in_which_credits_arrive_does_not_matter(self, example: Example) -> None:
        """An incentive type keeps nothing: evaluated again and again as credits arrive, it ends where it would have begun."""
        expected = example.evaluated_by_rep()
        arriving = [(place, credit) for place, performance in enumerate(example.performances) for credit in performance.credits]
        chance = random.Random(SEED)
        for _ in range(SHUFFLES):
            chance.shuffle(arriving)
            for so_far in range(len(arriving)):
                _evaluated(example, arriving[:so_far])
            arrived = ", ".join(credit.id for _, credit in arriving)
            assert _evaluated(example, arriving) == expected, f"{example.name}: arrived as {arrived} (seed {SEED})"

    def test_a_refund_of_everything_takes_back_all_that_was_earned(self, example: Example) -> None:
        """Where the suite says so by `refunds_to_zero`."""
        sold = [(place, credit) for place, performance in enumerate(example.performances) for credit in performance.credits]
        refunds = [
            (place, replace(sale, id=f"{sale.id} refunded", amount=-sale.amount, units=-sale.units, corrects=sale.id))
            for place, sale in sold
        ]
        left = [line for lines in _evaluated(example, [*sold, *refunds]).values() for line in lines if line.amount]
        assert not left, f"{example.name}: {left[0].key} still pays {left[0].amount}"

    def test_nothing_but_settings_and_performance_is_read(self, example: Example) -> None:
        """No clock, chance, file, process or network."""
        expected = example.evaluated_by_rep()
        with sealed():
            again = example.evaluated_by_rep()
        assert again == expected, f"{example.name}: evaluated twice, it pays differently"

    def test_the_settings_survive_being_stored(self, example: Example) -> None:
        """What is read back is what was written."""
        name = example.types.of_instance(example.incentive_type).name
        stored = example.types.encode(example.incentive_type)
        assert example.types.decode(name, stored) == example.incentive_type


def _read(paths: Sequence[Path]) -> list[Example]:
    """The examples of these files; for all that can't be read, pytest says why, and shows nothing of how it came to read them."""
    found, unfit = [], []
    for path in paths:
        try:
            found.append(read_example(path))
        except ValueError as error:
            unfit.append(str(error))
    if unfit:
        from pytest import Collector  # noqa: PLC0415 - the kit is there where pytest is not: `spm plugin try` needs none

        raise Collector.CollectError("\n".join(unfit))
    return found


def _evaluated(example: Example, credited: Sequence[tuple[int, Credit]]) -> dict[str, Any]:
    """What is paid if these are the credits, each with the place of its performance."""
    return example.evaluated_by_rep(
        [
            replace(performance, credits=in_order(credit for owner, credit in credited if owner == place))
            for place, performance in enumerate(example.performances)
        ]
    )


def _returned(example: Example) -> list[tuple[str, Line]]:
    """The lines as the incentive type itself returned them, with whose they are."""
    if hasattr(example.incentive_type, "award"):
        return list(example.incentive_type.award(example.performances))
    return [(each.rep_id, line) for each in example.performances for line in example.incentive_type.earn(each)]
