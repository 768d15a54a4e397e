"""Where vendors differ there is a setting, and what its values come to is in the documentation: these numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from spm_graph.domain import period
from spm_graph.domain.employment import Employment
from spm_graph.domain.period import Span
from spm_graph.domain.quota import Terms, parts
from spm_graph.domain.terms import Proration
from spm_graph.testing import read_example

from .documented import same_in_the_documentation

PLUGINS = Path(__file__).parents[2] / "plugins"


@dataclass(frozen=True)
class Convention:
    """Something that is done in several ways: the setting, its values with the worked example of each, the default first."""

    question: str
    setting: str
    values: tuple[tuple[str, str], ...]


TIERED = "tiered_commission/tests/examples/"
ACCELERATED = "accelerator/tests/examples/"
SPIFS = "spif/tests/examples/"
BONUSES = "bonus/tests/examples/"
OVERRIDES = "manager_override/tests/examples/"

CONVENTIONS = (
    Convention(
        "An amount exactly on the edge between two tiers belongs to",
        "`tieredCommission.edge`",
        (
            ("UPPER, the one that starts there", TIERED + "on_the_edge_upper"),
            ("LOWER, the one that ends there", TIERED + "on_the_edge_lower"),
        ),
    ),
    Convention(
        "An attainment exactly on the edge between two bands belongs to",
        "`accelerator.edge`",
        (
            ("UPPER, the one that starts there", ACCELERATED + "on_the_edge_upper"),
            ("LOWER, the one that ends there", ACCELERATED + "on_the_edge_lower"),
        ),
    ),
    Convention(
        "A higher tier is for",
        "`tieredCommission.method`, or a tier's own",
        (
            ("MARGINAL, what is above its edge", TIERED + "marginal_per_transaction"),
            ("WHOLE_AMOUNT, everything from the first sale on", TIERED + "whole_amount_per_transaction"),
        ),
    ),
    Convention(
        "Half pay below half of quota, once that is passed,",
        "`accelerator.method`, or a band's own",
        (("MARGINAL, stays", ACCELERATED + "decelerated_stays"), ("WHOLE_AMOUNT, is made up for", ACCELERATED + "decelerated_restored")),
    ),
    Convention(
        "5 % of four deals, 1.945, 1.935, 1.9315 and 1.9385, are rounded",
        "a component's `rounding`",
        (
            ("HALF_UP, half a unit away from zero", TIERED + "rounded_half_up"),
            ("HALF_EVEN, half a unit to the even digit", TIERED + "rounded_half_even"),
            ("HALF_DOWN, half a unit towards zero", TIERED + "rounded_half_down"),
            ("UP, what is left over away from zero", TIERED + "rounded_up"),
            ("DOWN, what is left over towards zero", TIERED + "rounded_down"),
        ),
    ),
    Convention(
        "What is above the cap is",
        "`aboveCap`",
        (("0, not paid (a hard cap)", TIERED + "hard_cap"), ("0.25, paid to a quarter (a soft cap)", TIERED + "soft_cap")),
    ),
    Convention(
        "A shared deal is split",
        "`tieredCommission.split`",
        (("BEFORE_RATE", TIERED + "split_before_the_rate"), ("AFTER_RATE", TIERED + "split_after_the_rate")),
    ),
    Convention(
        "A fixed reward for somebody with a whole deal and half of another is",
        "`spif.shared`",
        (("BY_SHARE, once and half", SPIFS + "by_share"), ("WHOLE, twice", SPIFS + "whole_reward")),
    ),
    Convention(
        "Once the minimum is reached, a SPIF pays",
        "`spif.reaching`",
        (
            ("EVERY_DEAL, from the first on", SPIFS + "minimum_from_the_first"),
            ("LATER_DEALS, after that", SPIFS + "minimum_then_later_ones"),
        ),
    ),
    Convention(
        "The refund of a sale of an earlier window takes a SPIF",
        "`spif.earlierSales`",
        (("TAKE_BACK", SPIFS + "refund_of_an_earlier_sale"), ("IGNORE", SPIFS + "refund_of_an_earlier_sale_ignored")),
    ),
    Convention(
        "Two who share the second place of a contest get",
        "`spifContest.ties`",
        (
            ("SHARE_PRIZES, half of second and third prize each", SPIFS + "contest_tied"),
            ("SAME_PRIZE, the second prize each", SPIFS + "contest_same_prize"),
        ),
    ),
    Convention(
        "Above its threshold, an override pays for",
        "`managerOverride.onceReached`",
        (("ABOVE, what is above it", OVERRIDES + "above_a_threshold"), ("EVERYTHING", OVERRIDES + "everything_once_reached")),
    ),
    Convention(
        "Between two points of a payout there is",
        "`bonus.between`",
        (("LINEAR, a line", BONUSES + "payout_line"), ("STEP, a step", BONUSES + "payout_table")),
    ),
)


def test_what_each_value_of_a_setting_comes_to_is_documented() -> None:
    rows = []
    for convention in CONVENTIONS:
        for number, (value, name) in enumerate(convention.values):
            path = PLUGINS / f"{name}.toml"
            example = read_example(path)
            assert not example.differences()
            total = sum((line.amount for lines in example.evaluated_by_rep().values() for line in lines), Decimal(0))
            asked = (convention.question, convention.setting) if number == 0 else ("", "")
            rows.append((*asked, value, f"[{total:,}](../plugins/{name}.toml)"))
    same_in_the_documentation("conventions", ("question", "setting", "value", "pays"), rows)


def test_what_a_month_that_is_not_wholly_worked_counts_for_is_documented() -> None:
    """A quota of 12,000 for a year, of somebody who came on the 10th of March."""
    year = Span(date(2026, 1, 1), date(2027, 1, 1))
    rows = []
    for proration in Proration:
        employed = Employment(date(2026, 3, 10))
        made = parts(Terms(Decimal(12_000), "USD", proration=proration), list(period.months(year)), employed)
        rows.append((f"`{proration}`", f"{made[2].value:,}", f"{sum(part.value for part in made):,}"))
    same_in_the_documentation("proration", ("proration", "March", "year"), rows)
