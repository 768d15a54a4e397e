"""Who is credited with what, and what becomes of credits when the facts behind them change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.actions import measures, opportunities, products, reps, transactions
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Backdating, Outcome, Role, TransactionKind
from tests.company import Company


async def live_credits(company: Company) -> list[tuple[str, str, str]]:
    found = await company.rows(
        "select rep.external_id as rep, role, credit.amount from credit join rep on rep.id = rep_id join measure on measure.id = measure_id"
        " where superseded_position is null and measure.name = 'team' order by 1, 2, 3"
    )
    return [(row["rep"], row["role"], str(row["amount"])) for row in found]


async def test_a_split_deal_given_back_in_parts_leaves_nobody_a_cent_whenever_the_parts_get_known(company: Company) -> None:
    await company.hire("ana", "bo", "cleo")
    deal = await company.won("1514.56", rep="ana", on="2026-01-05")
    await company.split(deal, bo="0.4", cleo="0.6")
    await company.refund(deal, on="2026-03-02", amount="-1513.12")
    await company.refund(deal, on="2026-02-02", amount="-1.44")
    found = await company.rows(
        "select rep.external_id as rep, credit.amount from credit join rep on rep.id = rep_id join measure on measure.id = measure_id"
        " join transaction on transaction.id = transaction_id"
        " where superseded_position is null and measure.name = 'bookings' order by transaction.dated, 1"
    )
    assert [(row["rep"], str(row["amount"])) for row in found] == [
        ("bo", "605.82"),
        ("cleo", "908.74"),
        ("bo", "-0.57"),
        ("cleo", "-0.87"),
        ("bo", "-605.25"),
        ("cleo", "-907.87"),
    ]


async def test_a_correction_that_turns_out_to_be_none_leaves_the_others_as_if_it_had_never_been(company: Company) -> None:
    await company.hire("ana", "bo", "cleo")
    deal = await company.won("1514.56", rep="ana", on="2026-01-05")
    await company.split(deal, bo="0.4", cleo="0.6")
    await company.refund(deal, on="2026-02-02", amount="-1.44")
    await company.refund(deal, on="2026-03-02", amount="-1513.12")
    alone = transactions.TransactionRecord(
        "refund 2", TransactionKind.REFUND, date(2026, 2, 2), Decimal("-1.44"), Decimal(-1), rep=Ref(external_id="ana")
    )
    await company.do(transactions.record, alone)
    assert await live_credits(company) == [
        ("ana", "DIRECT", "-1.44"),
        ("bo", "SPLIT", "-605.24"),
        ("bo", "SPLIT", "605.82"),
        ("cleo", "SPLIT", "-907.88"),
        ("cleo", "SPLIT", "908.74"),
    ]


async def test_a_deal_is_credited_to_its_owner_and_all_managers_of_its_date(company: Company) -> None:
    await company.hire("cleo", "bo", "dan")
    await company.hire("ana", manager="bo")
    await company.managed("bo", "cleo", "2026-01-01")
    await company.managed("ana", "dan", "2026-03-01")
    await company.won("100", rep="ana", on="2026-02-28")
    await company.won("200", rep="ana", on="2026-03-01")
    assert await live_credits(company) == [
        ("ana", "DIRECT", "100.00"),
        ("ana", "DIRECT", "200.00"),
        ("bo", "ROLLUP", "100.00"),
        ("cleo", "ROLLUP", "100.00"),
        ("dan", "ROLLUP", "200.00"),
    ]


async def test_a_back_dated_change_of_manager_restates_credits_only_when_asked(company: Company) -> None:
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    await company.won("100", rep="ana", on="2026-02-10")
    with pytest.raises(Refused, match="RESTATE makes the credits since then again, FROM_NOW leaves them"):
        await company.managed("ana", "cleo", "2026-02-01", None)  # type: ignore[arg-type]
    await company.managed("ana", "cleo", "2026-02-01", Backdating.FROM_NOW)
    assert ("bo", "ROLLUP", "100.00") in await live_credits(company)
    await company.managed("ana", "cleo", "2026-02-01", Backdating.RESTATE)
    assert await live_credits(company) == [("ana", "DIRECT", "100.00"), ("cleo", "ROLLUP", "100.00")]


async def test_nobody_reports_to_themselves_by_a_detour(company: Company) -> None:
    await company.hire("cleo")
    await company.hire("bo", manager="cleo")
    await company.hire("ana", manager="bo")
    with pytest.raises(Refused, match="Ana reports to Cleo, directly or not"):
        await company.managed("cleo", "ana", "2026-05-01")


async def test_splitting_a_won_deal_supersedes_its_credit_and_keeps_it(company: Company) -> None:
    await company.hire("ana", "bo")
    deal = await company.won("80000", rep="ana", on="2026-02-10")
    await company.split(deal, ana="0.7", bo="0.3")
    assert await live_credits(company) == [("ana", "SPLIT", "56000.00"), ("bo", "SPLIT", "24000.00")]
    (kept,) = await company.rows(
        "select role, amount, superseded_position > made_position as ended from credit join measure on measure.id = measure_id"
        " where superseded_position is not null and name = 'team'"
    )
    assert (kept["role"], kept["amount"], kept["ended"]) == ("DIRECT", Decimal(80000), True)


async def test_shares_of_a_split_that_do_not_sum_to_one_are_refused(company: Company) -> None:
    await company.hire("ana", "bo")
    deal = await company.won("100", rep="ana", on="2026-02-10")
    with pytest.raises(Refused, match=r"the shares of the split sum to 0\.9; expected exactly 1"):
        await company.split(deal, ana="0.5", bo="0.4")


async def test_a_deal_that_is_no_longer_won_credits_nobody(company: Company) -> None:
    await company.hire("ana")
    await company.deal("deal", "100", rep="ana", on="2026-02-10")
    await company.deal("deal", "100", rep="ana", on=None, outcome=None)
    assert await live_credits(company) == []
    (order,) = await company.rows("select amount, quantity from transaction")
    assert (order["amount"], order["quantity"]) == (0, 0)


async def test_an_unchanged_deal_recorded_again_makes_no_credit(company: Company) -> None:
    await company.hire("ana")
    await company.deal("deal", "100", rep="ana", on="2026-02-10")
    before = await company.rows("select id from credit")
    await company.deal("deal", "100", rep="ana", on="2026-02-10")
    assert await company.rows("select id from credit") == before


async def test_a_stale_revision_is_ignored_and_said_so(company: Company) -> None:
    await company.hire("ana")
    await company.deal("deal", "100", rep="ana", on="2026-02-10", revision=7)
    await company.deal("deal", "999", rep="ana", on="2026-02-10", revision=6)
    (stored,) = await company.rows("select amount, revision from opportunity")
    assert (stored["amount"], stored["revision"]) == (Decimal(100), 7)


async def test_balances_equal_the_sum_of_live_credits(company: Company) -> None:
    await company.hire("bo")
    await company.hire("ana", manager="bo")
    deal = await company.won("100", rep="ana", on="2026-02-10")
    await company.won("50.5", rep="ana", on="2026-02-11")
    await company.split(deal, ana="0.25", bo="0.75")
    await company.refund(deal, on="2026-03-01", amount="-40")
    await company.deal("deal 1", "120", rep="ana", on="2026-04-10", outcome=Outcome.WON)
    assert not await company.rows(
        """
        select coalesce(balance.value, 0) as balance, coalesce(total.value, 0) as total
        from credited as balance
        full join (
            select credit.rep_id, measure_id, period.id as period_id, sum(amount) as value
            from credit join period on period.kind = 'MONTH' and period.effective @> dated
            where superseded_position is null group by 1, 2, 3
        ) as total using (rep_id, measure_id, period_id)
        where coalesce(balance.value, 0) <> coalesce(total.value, 0)
        """
    )


async def test_a_sale_outside_the_calendar_is_refused(company: Company) -> None:
    await company.hire("ana")
    with pytest.raises(Refused, match="no period covers 2025-12-31: create the periods of 2025 first"):
        await company.won("100", rep="ana", on="2025-12-31")


async def test_attainment_events_carry_the_numbers_of_their_position(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "1000")
    await company.won("250", rep="ana", on="2026-02-10")
    await company.won("500", rep="ana", on="2026-02-11")
    found = await company.rows(
        "select payload from event where kind = 'AttainmentChange' and payload -> 'period' ->> 'name' = '2026-Q1'"
        " and payload ->> 'measure' = 'bookings' order by position, ordinal"
    )
    assert [(row["payload"]["credited"], row["payload"]["quota"], row["payload"]["ratio"]) for row in found] == [
        ({"value": "0.00", "unit": "USD"}, {"value": "1000.00", "unit": "USD"}, "0.000000"),
        ({"value": "250.00", "unit": "USD"}, {"value": "1000.00", "unit": "USD"}, "0.250000"),
        ({"value": "750.00", "unit": "USD"}, {"value": "1000.00", "unit": "USD"}, "0.750000"),
    ]


async def test_a_quota_is_parted_over_its_months_and_sums_to_the_whole(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "1000")
    parts = await company.rows("select value from quota_part join period on period.id = period_id order by period.name")
    assert [row["value"] for row in parts] == [Decimal("333.34"), Decimal("333.33"), Decimal("333.33")]
    await company.quota("ana", "2026-02", "400")
    parts = await company.rows("select value, quota_id from quota_part join period on period.id = period_id order by period.name")
    assert [row["value"] for row in parts] == [Decimal("333.34"), Decimal("400"), Decimal("333.33")]
    assert len({row["quota_id"] for row in parts}) == 3
    await company.quota("ana", "2026", "12000")
    assert len(await company.rows("select 1 from quota_part")) == 12


async def test_what_corrects_a_transaction_follows_it_to_other_people(company: Company) -> None:
    await company.hire("ana", "bo")
    sale: dict[str, Any] = {"external_id": "inv", "kind": TransactionKind.ORDER, "dated": date(2026, 1, 10), "amount": Decimal(1000)}
    await company.do(transactions.record, transactions.TransactionRecord(**sale, rep=Ref(external_id="ana")))
    refund = transactions.TransactionRecord(
        "back", TransactionKind.REFUND, date(2026, 1, 20), Decimal(-400), Decimal(-1), corrects=Ref(external_id="inv")
    )
    await company.do(transactions.record, refund)
    await company.do(transactions.record, transactions.TransactionRecord(**sale, rep=Ref(external_id="bo")))
    assert await live_credits(company) == [("bo", "DIRECT", "-400.00"), ("bo", "DIRECT", "1000.00")]


async def test_refunds_of_a_deal_that_is_no_longer_won_take_nothing_back_twice(company: Company) -> None:
    await company.hire("ana")
    await company.deal("deal", "1000", rep="ana", on="2026-02-10")
    await company.refund("deal", on="2026-02-20", amount="-500")
    await company.deal("deal", "1000", rep="ana", on="2026-02-25", outcome=Outcome.LOST)
    assert await live_credits(company) == []


async def test_a_transaction_does_not_correct_its_own_correction(company: Company) -> None:
    await company.hire("ana")
    given: dict[str, Any] = {"kind": TransactionKind.ORDER, "dated": date(2026, 1, 10), "amount": Decimal(10)}
    await company.do(transactions.record, transactions.TransactionRecord("x", **given, rep=Ref(external_id="ana")))
    await company.do(transactions.record, transactions.TransactionRecord("y", **given, corrects=Ref(external_id="x")))
    with pytest.raises(Refused, match='what "x" would correct is a correction of it'):
        await company.do(transactions.record, transactions.TransactionRecord("x", **given, corrects=Ref(external_id="y")))


async def test_a_change_of_manager_from_now_on_leaves_the_past_whatever_is_credited_again(company: Company) -> None:
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    deal = await company.won("100", rep="ana", on="2026-02-10")
    await company.managed("ana", "cleo", "2026-02-01", Backdating.FROM_NOW)
    await company.refund(deal, on="2026-03-01", amount="-40")
    await company.measured("team", Role.ROLLUP)
    assert await live_credits(company) == [("bo", "ROLLUP", "-40.00"), ("bo", "ROLLUP", "100.00")]


async def test_what_is_dated_later_goes_to_the_manager_of_its_day(company: Company) -> None:
    company.database.today = lambda: date(2026, 6, 15)
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    await company.won("100", rep="ana", on="2026-06-20")
    command = reps.ManagerSet(Ref(external_id="ana"), Ref(external_id="cleo"), date(2026, 6, 15))
    await company.do(reps.set_manager, command)
    assert ("cleo", "ROLLUP", "100.00") in await live_credits(company)


async def test_several_overlays_stand_beside_a_split_and_are_refused_out_of_reason(company: Company) -> None:
    await company.hire("ana", "bo", "cleo", "dan")
    deal = await company.won("1000", rep="ana", on="2026-02-10")

    async def shared(*given: tuple[str, str, Role]) -> None:
        shares = tuple(opportunities.SplitShare(Ref(external_id=name), Decimal(share), role) for name, share, role in given)
        await company.do(opportunities.share, opportunities.OpportunitySplit(Ref(external_id=deal), shares))

    own = (("ana", "0.75", Role.SPLIT), ("bo", "0.25", Role.SPLIT))
    await shared(*own, ("cleo", "0.5", Role.OVERLAY), ("dan", "1.2", Role.OVERLAY), ("ana", "0.1", Role.OVERLAY))
    found = await company.rows(
        "select rep.external_id as rep, role, amount from credit join rep on rep.id = rep_id join measure on measure.id = measure_id"
        " where superseded_position is null and measure.name = 'bookings' order by 1, 2"
    )
    assert [(row["rep"], row["role"], str(row["amount"])) for row in found] == [
        ("ana", "OVERLAY", "100.00"),
        ("ana", "SPLIT", "750.00"),
        ("bo", "SPLIT", "250.00"),
        ("cleo", "OVERLAY", "500.00"),
        ("dan", "OVERLAY", "1200.00"),
    ]
    with pytest.raises(Refused, match="11 is no share"):
        await shared(*own, ("cleo", "11", Role.OVERLAY))
    with pytest.raises(Refused, match="Cleo is named twice as OVERLAY"):
        await shared(*own, ("cleo", "0.1", Role.OVERLAY), ("cleo", "0.2", Role.OVERLAY))
    with pytest.raises(Refused, match=r"the shares of the split sum to 0\.75; expected exactly 1"):
        await shared(own[0], ("cleo", "0.25", Role.OVERLAY))
    with pytest.raises(Refused, match="ROLLUP is no share of a deal"):
        await shared(("cleo", "1", Role.ROLLUP))


async def test_a_measure_follows_its_products_families_and_levels_and_what_changes_them(company: Company) -> None:
    await company.hire("cleo")
    await company.hire("bo", manager="cleo")
    await company.hire("ana", manager="bo")
    for key, family in (("box", "hardware"), ("seat", "cloud"), ("hour", None)):
        await company.do(products.upsert, products.ProductUpsert(key, key.title(), family=family))
        await company.won("1000", rep="ana", on="2026-02-10", product=Ref(external_id=key))
    refunded = await company.won("500", rep="ana", on="2026-02-11", product=Ref(external_id="seat"))
    await company.refund(refunded, on="2026-03-01", amount="-200")

    async def measured(**more: Any) -> dict[str, str]:
        command = measures.MeasureSet("some", roles=(Role.DIRECT, Role.ROLLUP), **more)
        await company.do(measures.set_measure, command)
        return await totals()

    async def totals() -> dict[str, str]:
        found = await company.rows(
            "select rep.external_id as rep, sum(value) as value from credited join rep on rep.id = rep_id"
            " join measure on measure.id = measure_id where measure.name = 'some' group by 1 having sum(value) <> 0 order by 1"
        )
        return {row["rep"]: str(row["value"]) for row in found}

    assert await measured() == {"ana": "3300.00", "bo": "3300.00", "cleo": "3300.00"}
    assert await measured(product_families=("cloud",), rollup_levels=1) == {"ana": "1300.00", "bo": "1300.00"}
    assert await measured(product_families=("cloud",), products=(Ref(external_id="hour"),)) == dict.fromkeys(
        ("ana", "bo", "cleo"), "2300.00"
    )
    await company.do(products.upsert, products.ProductUpsert("box", "Box", family="cloud"))
    assert await totals() == dict.fromkeys(("ana", "bo", "cleo"), "3300.00")
    with pytest.raises(Refused, match="levels are one or more"):
        await measured(rollup_levels=0)
    with pytest.raises(Refused, match='there is no product "nothing"'):
        await measured(products=(Ref(external_id="nothing"),))
