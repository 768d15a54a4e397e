"""Selling in one currency and being paid in another, at the rate of the credit's day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from spm_graph.actions import currencies, reps
from spm_graph.actions.currencies import FxRateSet
from spm_graph.domain.problem import Refused
from tests.company import Company, Flat

TEN_PERCENT = Flat(Decimal("0.10"))


async def rate(company: Company, base: str, quote: str, rate: str, starts: str) -> None:
    """Set a rate from a day on."""
    await company.do(currencies.set_rate, FxRateSet(base, quote, Decimal(rate), date.fromisoformat(starts)))


async def hired_in_euros(company: Company) -> None:
    """Ana is paid in euros, ten percent of what she sells."""
    await company.do(reps.upsert, reps.RepUpsert(external_id="ana", name="Ana", currency="EUR"))
    await company.assign(await company.plan("Commission", ("commission", TEN_PERCENT)), "ana")


async def test_a_deal_is_converted_at_the_rate_of_its_day_and_its_refund_too(company: Company) -> None:
    await hired_in_euros(company)
    await rate(company, "USD", "EUR", "0.9", "2026-01-01")
    await rate(company, "USD", "EUR", "0.8", "2026-02-01")
    deal = await company.won("1000", rep="ana", on="2026-01-31")
    await company.won("1000", rep="ana", on="2026-02-01")
    await company.run_and_post("2026-01")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-01") == Decimal("90.00")
    assert await company.earned("ana", "2026-02") == Decimal("80.00")
    await company.refund(deal, on="2026-02-20", amount="-1000")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == Decimal("-10.00")
    (credit, *_) = await company.rows("select amount, currency, sold_amount, sold_currency, fx_rate from credit order by id")
    assert dict(credit) == {
        "amount": Decimal("900.00"),
        "currency": "EUR",
        "sold_amount": Decimal("1000.00"),
        "sold_currency": "USD",
        "fx_rate": Decimal("0.9"),
    }


async def test_what_is_given_back_in_parts_at_one_rate_leaves_no_cent_in_another_currency(company: Company) -> None:
    await hired_in_euros(company)
    await rate(company, "USD", "EUR", "0.9123", "2026-01-01")
    deal = await company.won("100.00", rep="ana", on="2026-01-10")
    for day, part in (("2026-01-20", "-33.33"), ("2026-01-21", "-33.33"), ("2026-01-22", "-33.34")):
        await company.refund(deal, on=day, amount=part)
    found = await company.rows("select amount from credit where superseded_position is null and measure_id = 1 order by transaction_id")
    assert [str(row["amount"]) for row in found] == ["91.23", "-30.41", "-30.40", "-30.42"]


async def test_a_rate_that_was_wrong_is_put_right_and_the_difference_is_paid(company: Company) -> None:
    await hired_in_euros(company)
    await rate(company, "USD", "EUR", "0.9", "2026-01-01")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    await rate(company, "USD", "EUR", "0.95", "2026-01-01")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == Decimal("5.00")


async def test_without_a_rate_nothing_is_credited_and_the_way_out_is_named(company: Company) -> None:
    await hired_in_euros(company)
    with pytest.raises(Refused, match="there is no rate from USD to EUR on 2026-01-10: set one with fxRateSet"):
        await company.won("1000", rep="ana", on="2026-01-10")
    assert not await company.rows("select 1 from opportunity")


async def test_a_deal_in_another_currency_than_the_company_s_is_paid_in_the_rep_s(company: Company) -> None:
    await company.hire("bo")
    await company.assign(await company.plan("Commission", ("commission", TEN_PERCENT)), "bo")
    await rate(company, "JPY", "USD", "0.0066", "2026-01-01")
    await company.won("150001", rep="bo", on="2026-01-10", currency="JPY")
    await company.run_and_post("2026-01")
    assert await company.earned("bo", "2026-01") == Decimal("99.00")
    with pytest.raises(Refused, match=r"0\.5 is no amount; expected zero or more JPY, in steps of 1"):
        await company.won("0.5", rep="bo", on="2026-01-10", currency="JPY")


async def test_a_rep_with_credits_keeps_their_currency(company: Company) -> None:
    await company.hire("bo")
    await company.won("100", rep="bo", on="2026-01-10")
    with pytest.raises(Refused, match="Bo was paid in USD: payCurrencySet changes that from a month on"):
        await company.do(reps.upsert, reps.RepUpsert(external_id="bo", name="Bo", currency="EUR"))
