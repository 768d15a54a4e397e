"""A draft is tried on months that were: what it would have paid, beside what was paid, is what a run would then book."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from spm_tiered_commission import Method, Tier, TieredCommission

from spm_graph.actions import components, currencies, plans
from spm_graph.actions import reps as people
from spm_graph.actions.refs import PeriodRef
from spm_graph.calculation import preview
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import Grant, WindowKind
from spm_graph.plugin import IncentiveType
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR, Bonus, Broken, Company, Flat, Kicker

from .conftest import refusal

TIERS = TieredCommission((Tier(Decimal(0), Decimal("0.05")), Tier(Decimal(2000), Decimal("0.10"))), method=Method.MARGINAL)


@pytest.fixture
async def sold(company: Company) -> Company:
    """Ana sold 1,000 a month from January to March, Bo 4,000 in February; both are paid 5 % a month, and months are posted."""
    await company.hire("ana", "bo")
    await company.assign(await company.plan("Field", ("commission", Flat(Decimal("0.05")))), "ana", "bo")
    for month in ("01", "02", "03"):
        await company.won("1000", rep="ana", on=f"2026-{month}-10")
    await company.won("4000", rep="bo", on="2026-02-11")
    for month in ("01", "02", "03"):
        await company.run_and_post(f"2026-{month}")
    return company


async def draft(company: Company, *parts: tuple[str, IncentiveType], starts: str = "2026-02-01", **more: Any) -> str:
    """A draft of the plan's next version; its global id."""
    window = more.pop("window", WindowKind.PERIOD)
    drafts = tuple(components.ComponentDraft(name, "bookings", config, window) for name, config in parts)
    command = plans.PlanCreate(drafts, date.fromisoformat(starts), plan="plan_1", **more)  # type: ignore[arg-type]
    return global_id("version", (await company.do(plans.create, command)).values["plan_version_id"])


async def previewed(company: Company, version: str, first: str, last: str, actor: Actor = ADMINISTRATOR) -> Any:
    """What a draft would have paid, as (name, before, after, difference), and the totals; and the problems."""
    command = preview.PlanPreview(version, PeriodRef(name=first), PeriodRef(name=last))  # type: ignore[arg-type]
    outcome = await preview.preview(company.database, company.incentive_types, actor, command)
    assert outcome.position is None
    found = outcome.values["preview"]
    return [(row["rep"]["name"], *amounts(row)) for row in found["reps"]], [amounts(row) for row in found["totals"]], outcome.problems


def amounts(row: Any) -> tuple[str, str, str]:
    """Before, after and difference."""
    return row["before"]["amount"], row["after"]["amount"], row["difference"]["amount"]


async def test_a_draft_is_calculated_beside_the_plan_as_it_is(sold: Company) -> None:
    version = await draft(sold, ("commission", TIERS))
    before = await sold.rows("select position, (select count(*) from tick), (select count(*) from audit) from clock")
    reps, totals, problems = await previewed(sold, version, "2026-01", "2026-03")
    # Bo's February: 2,000 at 5 % and 2,000 at 10 %. January is still under the first version.
    assert reps == [("Ana", "150.00", "150.00", "0.00"), ("Bo", "200.00", "300.00", "100.00")]
    assert totals == [("350.00", "450.00", "100.00")]
    assert problems == ()
    after = await sold.rows("select position, (select count(*) from tick), (select count(*) from audit) from clock")
    assert after == before
    assert (await sold.rows("select state, upper(effective) as ends from plan_version order by id")) == [
        {"state": "PUBLISHED", "ends": None},
        {"state": "DRAFT", "ends": None},
    ]


@pytest.mark.parametrize("starts", ["2026-01-01", "2026-02-01", "2026-02-11"])
@pytest.mark.parametrize("window", [WindowKind.PERIOD, WindowKind.QUARTER_TO_DATE])
async def test_a_preview_equals_what_a_run_books_after_publishing(sold: Company, starts: str, window: WindowKind) -> None:
    await sold.quota("ana", "2026-Q1", "3000")
    parts = (("commission", TIERS), ("kicker", Kicker("commission", Decimal("0.5"))), ("bonus", Bonus(Decimal(7))))
    version = await draft(sold, *parts, starts=starts, window=window)
    reps, totals, _ = await previewed(sold, version, "2026-01", "2026-03")
    await sold.do(plans.publish, plans.PlanPublish(version))  # type: ignore[arg-type]
    posted = await sold.run_and_post("2026-03")
    booked = await sold.rows(
        "select rep.name, sum(amount) as amount from earning join rep on rep.id = rep_id where posting_id = :posting group by 1 order by 1",
        posting=posted.values["posting_id"],
    )
    assert {row["name"]: row["amount"] for row in booked} == {
        name: Decimal(difference) for name, _, _, difference in reps if Decimal(difference)
    }
    assert totals[0][2] == f"{sum(row['amount'] for row in booked):.2f}" != "0.00"


async def test_components_are_shown_apart_and_dropped_ones_come_to_nothing(sold: Company) -> None:
    version = await draft(sold, ("new", Flat(Decimal("0.01"))), starts="2026-03-01")
    command = preview.PlanPreview(version, PeriodRef(name="2026-03"), PeriodRef(name="2026-03"))  # type: ignore[arg-type]
    found = (await preview.preview(sold.database, sold.incentive_types, ADMINISTRATOR, command)).values["preview"]
    assert [(part["component"], *amounts(part)) for part in found["reps"][0]["components"]] == [
        ("new", "0.00", "10.00", "10.00"),
        ("commission", "50.00", "0.00", "-50.00"),
    ]


async def test_currencies_are_summed_apart(sold: Company) -> None:
    await sold.do(people.upsert, people.RepUpsert(external_id="cy", name="Cy", currency="EUR"))
    await sold.do(currencies.set_rate, currencies.FxRateSet("USD", "EUR", Decimal("0.5"), date(2026, 1, 1)))
    await sold.assign(1, "cy")
    await sold.won("600", rep="cy", on="2026-03-10")
    version = await draft(sold, ("commission", Flat(Decimal("0.10"))), starts="2026-03-01")
    rows, totals, _ = await previewed(sold, version, "2026-03", "2026-03")
    assert rows == [("Ana", "50.00", "100.00", "50.00"), ("Bo", "0.00", "0.00", "0.00"), ("Cy", "15.00", "30.00", "15.00")]
    assert totals == [("15.00", "30.00", "15.00"), ("50.00", "100.00", "50.00")]


async def test_what_fails_is_said_and_counted_on_neither_side(sold: Company) -> None:
    version = await draft(sold, ("commission", Broken()), starts="2026-03-01")
    reps, totals, problems = await previewed(sold, version, "2026-02", "2026-03")
    assert reps == [("Ana", "50.00", "50.00", "0.00"), ("Bo", "200.00", "200.00", "0.00")]
    assert totals == [("250.00", "250.00", "0.00")]
    (problem,) = problems
    assert problem.code == ProblemCode.PLUGIN_FAILED
    assert "of Ana, window from 2026-03-01: ZeroDivisionError: no luck" in problem.message


async def test_a_preview_is_for_those_who_see_everybody_and_for_drafts_only(sold: Company) -> None:
    version = await draft(sold, ("commission", TIERS))
    for grants, allowed in (((Grant.PLAN,), False), ((Grant.PLAN, Grant.SEE_ALL), True), ((Grant.RUN,), True), ((Grant.ADMIN,), False)):
        asked = previewed(sold, version, "2026-01", "2026-01", Actor("somebody", None, frozenset(grants)))
        if allowed:
            await asked
        else:
            assert (await refusal(asked))[0] == ProblemCode.NOT_PERMITTED
    assert await refusal(previewed(sold, version, "2026-03", "2026-01")) == (ProblemCode.INVALID, "2026-01 is before 2026-03")
    assert await refusal(previewed(sold, version, "2026-Q1", "2026-03")) == (
        ProblemCode.INVALID,
        "2026-Q1 is a quarter: only months are paid",
    )
    middle = await draft(sold, ("commission", TIERS), ends=date(2026, 3, 1))
    assert (await refusal(previewed(sold, middle, "2026-01", "2026-01")))[0] == ProblemCode.OVERLAPS
    await sold.do(plans.publish, plans.PlanPublish(version))  # type: ignore[arg-type]
    assert (await refusal(previewed(sold, version, "2026-01", "2026-01")))[0] == ProblemCode.ALREADY_PUBLISHED


async def test_a_preview_of_too_much_is_refused(sold: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    version = await draft(sold, ("commission", TIERS))
    monkeypatch.setattr(preview, "MOST_WINDOWS", 5)
    assert await refusal(previewed(sold, version, "2026-01", "2026-03")) == (
        ProblemCode.INVALID,
        "6 windows would be calculated; expected 5 at most: preview fewer months",
    )
