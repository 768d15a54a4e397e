"""Plans that follow titles: who holds one is paid by its plans, on exactly the days on which they hold it."""

from __future__ import annotations

from decimal import Decimal

from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import WindowKind
from tests.company import Bonus, Company, Flat
from tests.pay.test_runs import code_of

MONTHS = ("2026-01", "2026-02", "2026-03")


async def two_plans(company: Company, window: WindowKind = WindowKind.PERIOD) -> None:
    """Juniors are paid 5 %, seniors 10 %, and Ana sells in January, twice in February, and in March."""
    await company.assign_title(await company.plan("Junior", ("commission", Flat(Decimal("0.05"))), window=window), "Junior")
    await company.assign_title(await company.plan("Senior", ("commission", Flat(Decimal("0.1"))), window=window), "Senior")
    for on in ("2026-01-10", "2026-02-10", "2026-02-20", "2026-03-05"):
        await company.won("1000", rep="ana", on=on)


async def earned(company: Company) -> list[Decimal]:
    """What Ana is paid for the months of the first quarter."""
    return [await company.earned("ana", month) for month in MONTHS]


async def test_a_rep_promoted_within_a_quarter_is_paid_by_each_titles_plan_for_its_days(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    await company.titled("ana", "Senior", "2026-02-15")
    await two_plans(company, WindowKind.QUARTER_TO_DATE)
    for month in MONTHS:
        await company.run_and_post(month)
    assert await earned(company) == [Decimal("50.00"), Decimal("150.00"), Decimal("100.00")]
    by_plan = await company.rows(
        "select plan.name, sum(amount) as amount from earning join component on component.id = component_id"
        " join plan on plan.id = plan_id group by 1 order by 1"
    )
    assert [(row["name"], row["amount"]) for row in by_plan] == [("Junior", Decimal("100.00")), ("Senior", Decimal("200.00"))]


async def test_a_promotion_that_is_told_late_is_put_right_by_the_next_run(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    await two_plans(company)
    for month in MONTHS[:2]:
        await company.run_and_post(month)
        await company.close(month)
    await company.titled("ana", "Senior", "2026-02-15")
    await company.run_and_post("2026-03")
    # In February 1000 of the 2000 were sold as a senior: 50 are taken back, 100 paid; and 100 for March.
    assert await earned(company) == [Decimal("50.00"), Decimal("100.00"), Decimal("150.00")]
    booked = await company.rows(
        "select amount from earning join period on period.id = period_id where period.name = '2026-03' order by amount"
    )
    assert [row["amount"] for row in booked] == [Decimal("-50.00"), Decimal("100.00"), Decimal("100.00")]


async def test_who_is_on_a_plan_by_name_and_by_title_is_paid_once(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    plan = await company.plan("Commission", ("commission", Flat(Decimal("0.05"))))
    await company.assign_title(plan, "Junior")
    await company.assign(plan, "ana", starts="2026-01-05", ends="2026-01-20")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.won("1000", rep="ana", on="2026-01-30")
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("100.00")
    assert [str(row["effective"]) for row in await company.rows("select effective::text from plan_membership")] == ["[2026-01-01,)"]


async def test_taking_a_title_off_a_plan_takes_back_what_its_holders_were_paid_since(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    await company.titled("bo", "Junior", "2026-01-01")
    plan = await company.plan("Commission", ("commission", Flat(Decimal("0.05"))))
    await company.assign_title(plan, "Junior")
    await company.assign(plan, "bo")
    for name in ("ana", "bo"):
        await company.won("1000", rep=name, on="2026-02-10")
    await company.run_and_post("2026-02")
    await company.assign_title(plan, "Junior", starts="2026-02-01", assigned=False)
    await company.run_and_post("2026-03")
    assert await earned(company) == [0, Decimal("50.00"), Decimal("-50.00")]
    assert await company.earned("bo", "2026-03") == 0


async def test_a_title_that_changes_makes_a_run_stale_only_where_a_plan_follows_it(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    await company.titled("bo", "Clerk", "2026-01-01")
    await two_plans(company)
    run = await company.run("2026-02")
    await company.titled("bo", "Writer", "2026-02-01")
    assert await company.rows("select rep_id from touch where position = (select position from clock)") == []
    await company.titled("ana", "Senior", "2026-02-15")
    assert await code_of(company.post(run)) == ProblemCode.RUN_STALE
    await company.recalculate(run)
    await company.post(run)
    assert await company.earned("ana", "2026-02") == Decimal("150.00")


async def test_who_gets_a_title_comes_under_a_run_that_did_not_have_them(company: Company) -> None:
    await two_plans_without_ana(company)
    run = await company.run("2026-01")
    await company.titled("ana", "Junior", "2026-01-01")
    assert await code_of(company.post(run)) == ProblemCode.RUN_STALE
    await company.recalculate(run)
    await company.post(run)
    assert await company.earned("ana", "2026-01") == Decimal("50.00")


async def two_plans_without_ana(company: Company) -> None:
    """Ana sells, with no title yet."""
    await company.hire("ana")
    await two_plans(company)


async def test_publishing_the_plan_of_a_title_touches_its_holders(company: Company) -> None:
    await company.titled("ana", "Junior", "2026-01-01")
    await two_plans(company)
    await company.run_and_post("2026-01")
    await company.plan("Junior", ("commission", Flat(Decimal("0.2"))), ("bonus", Bonus(Decimal(1))), starts="2026-01-01")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == Decimal("150.00") + Decimal("400.00")


async def test_a_leaver_is_paid_up_to_the_last_day_whatever_put_them_on_the_plan(company: Company) -> None:
    await company.hire("bo", "mia")
    await company.titled("ana", "Junior", "2026-01-01")
    await company.managed("ana", "mia", "2026-01-01")
    await two_plans(company)
    await company.assign(await company.plan("Extra", ("extra", Flat(Decimal("0.01")))), "ana")
    for month in MONTHS:
        await company.run_and_post(month)
    assert await earned(company) == [Decimal("60.00"), Decimal("120.00"), Decimal("60.00")]
    await company.leaves("ana", "2026-02-15")
    await company.run_and_post("2026-03")
    # 6 % of the 1000 of 20 February and of the 1000 of March are taken back.
    assert await earned(company) == [Decimal("60.00"), Decimal("120.00"), Decimal("-60.00")]
    team = await company.rows(
        "select sum(value) as value from credited join rep on rep.id = rep_id join measure on measure.id = measure_id"
        " where measure.name = 'team' and rep.name = 'Mia'"
    )
    assert team[0]["value"] == Decimal(2000)
