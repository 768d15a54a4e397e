"""Being paid in another currency from a month on: what was reached goes on, and what was earned stays as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from spm_tiered_commission import Tier, TieredCommission, TiersIn

from spm_graph.actions import currencies, draws, pay_currencies, periods, reps
from spm_graph.actions.currencies import FxRateSet
from spm_graph.actions.pay_currencies import PayCurrencySet
from spm_graph.actions.refs import Ref
from spm_graph.calculation.estimate import estimated
from spm_graph.calculation.scenario import DealImagined, WhatIf
from spm_graph.calculation.what_if import what_if
from spm_graph.domain.pay_currency import Change, PayCurrencies
from spm_graph.domain.period import Span
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Backdating, WindowKind
from spm_graph.store.database import Transaction
from tests.company import ADMINISTRATOR, Company, Flat, Kicker, OnTarget
from tests.conftest import execute
from tests.pay.test_races import UNLOCKED, Act, interleaved
from tests.pipeline.conftest import READS

QUARTER = WindowKind.QUARTER_TO_DATE
TIERED = TieredCommission(tiers=(Tier(Decimal(0), Decimal("0.05")), Tier(Decimal(1), Decimal("0.10"))), tiers_in=TiersIn.ATTAINMENT)
TEN_PERCENT = Flat(Decimal("0.10"))


async def rate(company: Company, quote: str, rate: str, starts: str, base: str = "USD") -> None:
    """Set a rate from a day on."""
    await company.do(currencies.set_rate, FxRateSet(base, quote, Decimal(rate), date.fromisoformat(starts)))


def changing(currency: str, starts: str, backdating: Backdating | None = Backdating.RESTATE) -> PayCurrencySet:
    """Ana is paid in a currency from a day on."""
    return PayCurrencySet(Ref(external_id="ana"), currency, date.fromisoformat(starts), backdating)


async def change(company: Company, currency: str, starts: str, backdating: Backdating | None = Backdating.RESTATE) -> None:
    """Pay Ana in a currency from a day on."""
    await company.do(pay_currencies.set_pay_currency, changing(currency, starts, backdating))


async def booked(company: Company, month: str) -> dict[str, Decimal]:
    """What is booked for Ana in a month, by currency."""
    found = await company.rows(
        "select currency, sum(amount) as amount from earning join period on period.id = period_id where period.name = :month group by 1",
        month=month,
    )
    return {row["currency"]: row["amount"] for row in found}


async def in_both(company: Company) -> str:
    """Ana has a quota of 30,000 USD for the first quarter, 5 % up to it and 10 % above; her deal of January.

    From February on she is paid in euros: 0.8 a dollar on that day, 0.9 from the 10th on.
    """
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "30000")
    await company.assign(await company.plan("Commission", ("commission", TIERED), window=QUARTER), "ana")
    await rate(company, "EUR", "0.8", "2026-02-01")
    await rate(company, "EUR", "0.9", "2026-02-10")
    deal = await company.won("20000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    await change(company, "EUR", "2026-02-01")
    await company.won("20000", rep="ana", on="2026-02-10")
    await company.run_and_post("2026-02")
    return deal


async def ask(company: Company, text: str) -> Any:
    """The data of an answer."""
    body = json.loads(await READS.query(company.database, ADMINISTRATOR, READS.request(text, None, {})))
    assert "errors" not in body, body
    return body["data"]


async def attainment(company: Company, period: str) -> Mapping[str, Any]:
    """What the last event told of Ana's attainment of a period."""
    (found,) = await company.rows(
        "select payload from event where kind = 'AttainmentChange' and payload -> 'period' ->> 'name' = :period"
        " and payload ->> 'measure' = 'bookings'"
        " order by position desc, ordinal desc limit 1",
        period=period,
    )
    return {name: found["payload"][name] for name in ("credited", "quota", "ratio")}


async def test_tiers_go_on_over_the_change_and_each_part_is_paid_in_its_own_currency(company: Company) -> None:
    await in_both(company)
    # 20,000 USD at 5 %. Then 16,000 of 24,000 EUR are reached, and 18,000 EUR come: 8,000 at 5 %, 10,000 at 10 %.
    assert await booked(company, "2026-01") == {"USD": Decimal("1000.00")}
    assert await booked(company, "2026-02") == {"EUR": Decimal("1400.00")}
    (first, second) = await company.rows("select currency, steps from run_line where run_id = 2 order by currency desc")
    assert [first["currency"], second["currency"]] == ["USD", "EUR"]
    assert [(step["base"], step["rate"]) for step in second["steps"]] == [("8000", "0.05"), ("10000", "0.1")]


async def test_a_refund_of_a_sale_before_the_change_goes_back_in_the_old_currency(company: Company) -> None:
    deal = await in_both(company)
    await company.refund(deal, on="2026-03-05", amount="-5000")
    await company.run_and_post("2026-03")
    # 5,000 USD at 5 %; and 12,000 EUR are reached before February, so that 4,000 EUR of it fall from 10 % to 5 %.
    assert await booked(company, "2026-03") == {"USD": Decimal("-250.00"), "EUR": Decimal("-200.00")}
    assert await company.rows("select distinct currency, amount, fx_rate from credit where amount < 0") == [
        {"currency": "USD", "amount": Decimal("-5000.00"), "fx_rate": Decimal(1)}
    ]
    eur = {"value": "30000.00", "unit": "EUR"}
    assert await attainment(company, "2026-Q1") == {"credited": eur, "quota": {"value": "24000.00", "unit": "EUR"}, "ratio": "1.250000"}


async def test_attainment_and_the_ranking_are_in_the_last_currency_and_their_ratio_is_that_of_the_plan(company: Company) -> None:
    await in_both(company)
    assert await attainment(company, "2026-Q1") == {
        "credited": {"value": "34000.00", "unit": "EUR"},
        "quota": {"value": "24000.00", "unit": "EUR"},
        "ratio": "1.416667",
    }
    assert await attainment(company, "2026-01") == {
        "credited": {"value": "16000.00", "unit": "EUR"},
        "quota": {"value": "8000.00", "unit": "EUR"},
        "ratio": "2.000000",
    }
    text = """{
      attainments(period: {name: "2026-Q1"}) { nodes { rank credited { value unit } quota { value } ratio } }
      rep(ref: {externalId: "ana"}) {
        currency then: currency(asOf: "2026-01-31") payCurrencies { currency rate effective { starts ends } }
        quota(period: {name: "2026-Q1"}) { value { value unit } parts { value { value unit } } explanation { amount } }
        quotas { nodes { value { value unit } } }
        now: statement(period: {name: "2026-02"}) { earned { amount currency } }
        statements(period: {name: "2026-02"}) { opening { amount currency } earned { amount } }
        before: statement(period: {name: "2026-01"}) { earned { amount currency } }
      }
    }"""
    found = await ask(company, text)
    assert found["attainments"]["nodes"] == [
        {"rank": 1, "credited": {"value": "34000.00", "unit": "EUR"}, "quota": {"value": "24000.00"}, "ratio": "1.416667"}
    ]
    assert found["rep"] == {
        "currency": "EUR",
        "then": "USD",
        "payCurrencies": [
            {"currency": "USD", "rate": "1", "effective": {"starts": None, "ends": "2026-02-01"}},
            {"currency": "EUR", "rate": "0.8", "effective": {"starts": "2026-02-01", "ends": None}},
        ],
        "quota": {
            "value": {"value": "24000.00", "unit": "EUR"},
            "parts": [{"value": {"value": "10000.00", "unit": "USD"}}] * 3,
            "explanation": [{"amount": "8000"}, {"amount": "8000"}, {"amount": "8000"}, {"amount": "24000.00"}],
        },
        "quotas": {"nodes": [{"value": {"value": "30000.00", "unit": "USD"}}]},
        "now": {"earned": {"amount": "1400.00", "currency": "EUR"}},
        "statements": [{"opening": {"amount": "0.00", "currency": "EUR"}, "earned": {"amount": "1400.00"}}],
        "before": {"earned": {"amount": "1000.00", "currency": "USD"}},
    }


async def test_attainment_of_the_years_before_is_told_in_the_new_currency(company: Company) -> None:
    await company.do(periods.create, periods.PeriodsCreate(2027))
    await company.hire("ana")
    await company.opening("ana", "2026-01-01", "2026-02-01", "5000")
    await company.quota("ana", "2026-03", "1000")
    await company.won("500", rep="ana", on="2026-02-10")
    await rate(company, "EUR", "0.8", "2027-01-01")
    await change(company, "EUR", "2027-01-01")
    year = {"value": "4400.00", "unit": "EUR"}
    assert await attainment(company, "2026") == {"credited": year, "quota": {"value": "800.00", "unit": "EUR"}, "ratio": "5.500000"}
    assert await attainment(company, "2026-01") == {"credited": {"value": "4000.00", "unit": "EUR"}, "quota": None, "ratio": None}
    assert await attainment(company, "2026-02") == {"credited": {"value": "400.00", "unit": "EUR"}, "quota": None, "ratio": None}


async def test_months_that_keep_their_part_of_a_replaced_quota_are_announced_as_it_was_rounded(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026", "1200.12")
    await rate(company, "EUR", "0.333", "2026-02-01")
    await change(company, "EUR", "2026-02-01")
    # Three months of 100.01 USD are 99.90999 EUR; as quotas of their own they are 33.30 EUR each.
    assert (await attainment(company, "2026-Q2"))["quota"] == {"value": "99.91", "unit": "EUR"}
    await company.quota("ana", "2026-01", "50")
    assert (await attainment(company, "2026-Q2"))["quota"] == {"value": "99.90", "unit": "EUR"}


async def test_a_month_with_two_currencies_has_a_statement_in_each_and_pays_and_carries_them_apart(company: Company) -> None:
    deal = await in_both(company)
    await company.close("2026-01")
    await company.close("2026-02")
    await company.refund(deal, on="2026-03-05", amount="-5000")
    await company.won("4000", rep="ana", on="2026-03-06")
    await company.run_and_post("2026-03")
    # 3,600 EUR at 10 % more, less 200 EUR.
    text = """{ rep(ref: {externalId: "ana"}) {
      statements(period: {name: "2026-03"}) { earned { amount currency } payable { amount } carried { amount } }
    } }"""
    statements = [
        {"earned": {"amount": "160.00", "currency": "EUR"}, "payable": {"amount": "160.00"}, "carried": {"amount": "0.00"}},
        {"earned": {"amount": "-250.00", "currency": "USD"}, "payable": {"amount": "0.00"}, "carried": {"amount": "-250.00"}},
    ]
    assert (await ask(company, text))["rep"]["statements"] == statements
    await company.close("2026-03")
    assert (await ask(company, text))["rep"]["statements"] == statements
    paid = await company.rows("select currency, amount from payment where kind = 'PAID' order by id")
    assert [(row["currency"], row["amount"]) for row in paid] == [("USD", Decimal(1000)), ("EUR", Decimal(1400)), ("EUR", Decimal(160))]


async def test_restating_makes_the_credits_since_again_and_from_now_leaves_them(company: Company) -> None:
    company.database.today = lambda: date(2026, 3, 15)
    await company.hire("ana")
    await company.assign(await company.plan("Commission", ("commission", TEN_PERCENT)), "ana")
    await rate(company, "EUR", "0.9", "2026-01-01")
    await company.won("1000", rep="ana", on="2026-02-10")
    await company.run_and_post("2026-02")
    with pytest.raises(Refused) as undecided:
        await change(company, "EUR", "2026-02-01", None)
    assert undecided.value.problems[0].code is ProblemCode.BACKDATING_UNDECIDED
    await change(company, "EUR", "2026-02-01", Backdating.FROM_NOW)
    assert await company.rows("select lower(effective) as starts from pay_currency where currency = 'EUR'") == [
        {"starts": date(2026, 4, 1)}
    ]
    await company.run_and_post("2026-03")
    assert await booked(company, "2026-03") == {}
    await change(company, "EUR", "2026-02-01")
    await company.close("2026-02")
    await company.run_and_post("2026-03")
    assert await booked(company, "2026-03") == {"USD": Decimal("-100.00"), "EUR": Decimal("90.00")}


async def test_a_change_that_is_taken_back_leaves_everything_as_it_was(company: Company) -> None:
    await in_both(company)
    await change(company, "USD", "2026-02-01")
    await company.run_and_post("2026-02")
    # 40,000 USD of 30,000: 10,000 more at 5 %, and 10,000 at 10 %.
    assert await booked(company, "2026-02") == {"EUR": Decimal("0.00"), "USD": Decimal("1500.00")}
    usd = {"value": "40000.00", "unit": "USD"}
    assert await attainment(company, "2026-Q1") == {"credited": usd, "quota": {"value": "30000.00", "unit": "USD"}, "ratio": "1.333333"}
    assert await company.rows("select currency, effective::text from pay_currency") == [{"currency": "USD", "effective": "(,)"}]


async def test_another_rate_for_the_day_of_the_change_moves_what_was_reached(company: Company) -> None:
    await in_both(company)
    await company.do(currencies.set_rate, FxRateSet("USD", "EUR", Decimal("0.85"), date(2026, 2, 1), date(2026, 2, 10)))
    await company.run_and_post("2026-03")
    # 17,000 of 25,500 EUR: 8,500 at 5 % and 9,500 at 10 % are 1,375.
    assert await booked(company, "2026-03") == {"EUR": Decimal("-25.00")}
    assert (await attainment(company, "2026-Q1"))["credited"] == {"value": "35000.00", "unit": "EUR"}


async def test_target_variable_pay_and_opening_balances_are_carried_over(company: Company) -> None:
    await company.hire("ana")
    await company.quota("ana", "2026-Q1", "30000")
    await company.opening("ana", "2026-01-01", "2026-02-01", "6000")
    await company.target("ana", "48000", "2026-01-01")
    await company.assign(await company.plan("Target", ("target", OnTarget()), window=QUARTER), "ana")
    await rate(company, "EUR", "0.5", "2026-02-01")
    await change(company, "EUR", "2026-03-01")
    await company.won("3000", rep="ana", on="2026-02-10")
    await company.won("12000", rep="ana", on="2026-03-10")
    await company.run_and_post("2026-03")
    # Until February 9,000 of 30,000 USD, of a target of 12,000. In March 4,500 and 6,000 of 15,000 EUR, of a target of 6,000.
    assert await booked(company, "2026-03") == {"USD": Decimal("3600.00"), "EUR": Decimal("4200.00")}
    assert (await attainment(company, "2026-Q1"))["credited"] == {"value": "10500.00", "unit": "EUR"}


async def test_a_component_on_top_of_another_sees_what_was_earned_in_its_own_currency(company: Company) -> None:
    await company.hire("ana")
    parts = (
        ("base", TEN_PERCENT, WindowKind.PERIOD),
        ("same", TEN_PERCENT),
        ("kicker", Kicker("base", Decimal("0.5"))),
        ("top", Kicker("same", Decimal("0.2"))),
    )
    await company.assign(await company.plan("Commission", *parts, window=QUARTER), "ana")
    await rate(company, "EUR", "0.9", "2026-01-01")
    await change(company, "EUR", "2026-02-01")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.won("1000", rep="ana", on="2026-02-10")
    for month in ("2026-01", "2026-02"):
        await company.run_and_post(month)
    # 100 each at 10 %, half of it as a kicker on the months, and a fifth on the quarter's; then the same of 900 EUR.
    assert await booked(company, "2026-01") == {"USD": Decimal("270.00")}
    assert await booked(company, "2026-02") == {"EUR": Decimal("243.00")}


async def test_an_estimate_is_in_the_currency_of_its_month(company: Company) -> None:
    await in_both(company)
    (months,) = await company.rows(
        "select min(id) filter (where name = '2026-01') as first, min(id) filter (where name = '2026-02') as second from period"
    )
    (ana,) = await company.rows("select id from rep")
    found = [
        (await estimated(company.database, company.incentive_types, month, [ana["id"]]))[0] for month in (months["first"], months["second"])
    ]
    assert [(each.currency, each.total) for each in found] == [("USD", Decimal("1000.00")), ("EUR", Decimal("1400.00"))]


async def test_what_a_deal_would_bring_is_in_the_currency_that_it_would_be_paid_in(company: Company) -> None:
    await in_both(company)
    (ana,) = await company.rows("select id from rep")
    deal = DealImagined(Decimal(1000), date(2026, 2, 15))
    company.database.today = lambda: date(2026, 2, 20)
    found = await what_if(company.database, company.incentive_types, ADMINISTRATOR, ana["id"], WhatIf(new_deals=(deal,)), tiers=True)
    assert not found["problems"]
    # 900 EUR at 10 %.
    assert found["difference"] == {"amount": "90.00", "currency": "EUR"}
    (part,) = found["byComponent"]
    assert [part["before"]["amount"], part["after"]["amount"]] == ["1400.00", "1490.00"]
    assert part["attainment"]["ratioBefore"] == "1.416667"
    assert part["attainment"]["quota"] == {"value": "24000.00", "unit": "EUR"}


@pytest.mark.parametrize(
    ("currency", "starts", "code", "says"),
    [
        ("EUR", "2026-02-02", ProblemCode.INVALID, "2026-02-02 is no first day of a month"),
        ("eur", "2026-02-01", ProblemCode.INVALID, "is no currency"),
        ("GBP", "2026-02-01", ProblemCode.CURRENCY_MISMATCH, "there is no rate from USD to GBP on 2026-02-01"),
        ("EUR", "2026-02-01", ProblemCode.CURRENCY_MISMATCH, "Ana has a draw in USD on or after 2026-02-01"),
    ],
)
async def test_what_can_t_be_carried_over_is_refused(company: Company, currency: str, starts: str, code: ProblemCode, says: str) -> None:
    await company.hire("ana")
    await rate(company, "EUR", "0.9", "2026-01-01")
    for monthly, draw_starts in ((1000, date(2026, 1, 1)), (800, date(2026, 6, 1))):
        await company.do(draws.set_draw, draws.DrawSet(Ref(external_id="ana"), Decimal(monthly), draw_starts))
    with pytest.raises(Refused, match=says) as refused:
        await change(company, currency, starts)
    assert refused.value.problems[0].code is code
    assert not await company.rows("select 1 from pay_currency")


async def test_a_directory_that_says_nothing_of_currencies_leaves_a_changed_one_alone(company: Company) -> None:
    await company.hire("ana")
    await rate(company, "EUR", "0.9", "2026-01-01")
    await change(company, "EUR", "2026-02-01")
    await company.do(reps.upsert, reps.RepUpsert("ana", "Ana Ahlberg"))
    assert await company.rows("select name, currency from rep") == [{"name": "Ana Ahlberg", "currency": "EUR"}]
    with pytest.raises(Refused, match="payCurrencySet changes that from a month on"):
        await company.do(reps.upsert, reps.RepUpsert("ana", "Ana", currency="USD"))


def paying(currency: str) -> Act:
    """Paying Ana in a currency from February on."""
    return lambda tx: pay_currencies.set_pay_currency(tx, ADMINISTRATOR, changing(currency, "2026-02-01"))


async def raced(company: Company) -> None:
    """Ana in dollars, with rates to change to euros or pounds."""
    await company.hire("ana")
    for quote in ("EUR", "GBP"):
        await rate(company, quote, "0.9", "2026-01-01")


async def test_of_two_changes_at_once_the_later_one_holds(company: Company) -> None:
    await raced(company)
    assert await interleaved(company, paying("EUR"), paying("GBP")) is None
    assert await company.rows("select currency, effective::text from pay_currency order by effective") == [
        {"currency": "USD", "effective": "(,2026-02-01)"},
        {"currency": "GBP", "effective": "[2026-02-01,)"},
    ]
    assert await company.rows("select currency from rep") == [{"currency": "GBP"}]


async def test_without_the_locks_two_changes_at_once_collide(company: Company, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unlocked(tx: Transaction, _actor: object, given: Ref, _path: object) -> Any:
        return await tx.row("select * from rep where external_id = :key", {"key": given.external_id})

    await raced(company)
    await execute(database_url, UNLOCKED)
    monkeypatch.setattr(pay_currencies, "visible_rep", unlocked)
    assert "pay_currency" in str(await interleaved(company, paying("EUR"), paying("GBP")))


def test_amounts_go_over_changes_at_their_rates_and_back() -> None:
    paid = PayCurrencies("USD", (Change(date(2026, 2, 1), "EUR", Decimal("0.8")), Change(date(2026, 3, 1), "JPY", Decimal(160))))
    assert [paid.on(day) for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 31))] == ["USD", "EUR", "JPY"]
    assert paid.carried(Decimal(10), date(2026, 1, 1), date(2026, 3, 1)) == Decimal(1280)
    assert paid.carried(Decimal(1280), date(2026, 3, 1), date(2026, 1, 1)) == Decimal(10)
    assert paid.total([(date(2026, 1, 1), Decimal("0.01")), (date(2026, 2, 1), Decimal("0.01"))], date(2026, 3, 1)) == Decimal(3)
    whole = Span(date(2026, 1, 1), date(2026, 4, 1))
    assert paid.cut(whole) == [Span(date(2026, month, 1), date(2026, month + 1, 1)) for month in (1, 2, 3)]
    assert PayCurrencies("USD").cut(whole) == [whole]
