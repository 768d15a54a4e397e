"""How a line is rounded belongs to the component, as a version of the plan has it: what is booked never changes by it.

Everybody is paid 5 %: of 38.90 that is 1.945.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from spm_graph.calculation.estimating import caught_up
from spm_graph.calculation.scenario import DealImagined, WhatIf
from spm_graph.calculation.what_if import what_if
from spm_graph.domain.terms import Rounding, WindowKind
from tests.company import ADMINISTRATOR, Company, Flat

FIVE = ("commission", Flat(Decimal("0.05")))


async def paid(company: Company, *numbers: str) -> list[str]:
    """What is booked for Ana in some months."""
    return [str(await company.earned("ana", f"2026-{number}")) for number in numbers]


async def test_a_new_way_of_rounding_is_a_new_version_and_leaves_what_is_booked(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", FIVE), "ana")
    for day in ("2026-01-10", "2026-02-10"):
        await company.won("38.90", rep="ana", on=day)
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    await company.plan("Commission", FIVE, starts="2026-02-01", rounding=Rounding.HALF_EVEN)
    await company.run_and_post("2026-02")
    assert await paid(company, "01", "02") == ["1.95", "1.94"]
    await company.won("38.90", rep="ana", on="2026-01-20")  # late, and still rounded as January is: 3.89 in all
    await company.run_and_post("2026-03")
    assert await paid(company, "01", "02", "03") == ["1.95", "1.94", "1.94"]


async def test_a_window_with_two_ways_of_rounding_is_rounded_once_by_the_later(company: Company) -> None:
    await company.hire("ana")
    await company.assign(await company.plan("Commission", FIVE, window=WindowKind.QUARTER_TO_DATE), "ana")
    await company.won("38.90", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    await company.plan("Commission", FIVE, starts="2026-02-15", window=WindowKind.QUARTER_TO_DATE, rounding=Rounding.DOWN)
    await company.run_and_post("2026-02")
    await company.won("38.77", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    # January is closed at 1.95; February takes a cent back: 1.945 is 1.94. In March 1.945 and 1.9385 are 3.88.
    assert await paid(company, "01", "02", "03") == ["1.95", "-0.01", "1.94"]


async def test_estimates_and_what_if_round_as_the_run_does(company: Company) -> None:
    company.database.today = lambda: date(2026, 1, 15)
    await company.hire("ana")
    await company.assign(await company.plan("Commission", FIVE, rounding=Rounding.HALF_DOWN), "ana")
    await company.won("38.90", rep="ana", on="2026-01-10")
    await caught_up(company.database, company.incentive_types)
    assert [row["amount"] for row in await company.rows("select amount from estimate_part where amount <> 0")] == [Decimal("1.94")]
    (ana,) = await company.rows("select id from rep where external_id = 'ana'")
    more = WhatIf(new_deals=(DealImagined(Decimal("38.70"), date(2026, 1, 20)),))
    found = await what_if(company.database, company.incentive_types, ADMINISTRATOR, ana["id"], more, tiers=False)
    # 1.945, and with 1.935 more 3.88.
    assert [found[name]["amount"] for name in ("before", "after", "difference")] == ["1.94", "3.88", "1.94"]
    await company.run_and_post("2026-01")
    assert await paid(company, "01") == ["1.94"]
