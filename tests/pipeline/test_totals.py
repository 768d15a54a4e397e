"""The pipeline in sum: published examples come out, and every figure is what its description says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.actions import currencies
from spm_graph.domain.terms import ForecastCategory, Outcome
from spm_graph.store.visibility import Actor

from .conftest import Story

WEIGHTED = "{ pipeline { openCount openAmount { amount currency } weightedAmount { amount } byStage { stage weightedAmount { amount } } } }"


@pytest.mark.parametrize(
    ("deals", "total", "weighted"),
    [
        pytest.param([("20000", "0.3")], "20000.00", "6000.00", id="Skylead glossary: weighted pipeline"),
        pytest.param(
            [(amount, "0.7") for amount in ("3950", "3060", "1460", "1340", "1285", "1190")],
            "12285.00",
            "8599.50",
            id="Freshworks CRM help: weighted pipelines",
        ),
        pytest.param(
            [("100000", "0.1"), ("100000", "0.5"), ("100000", "0.8")], "300000.00", "140000.00", id="RevOps Dictionary: weighted pipeline"
        ),
    ],
)
async def test_the_weighted_pipeline_is_amount_times_probability(
    story: Story, deals: list[tuple[str, str]], total: str, weighted: str
) -> None:
    for number, (amount, probability) in enumerate(deals):
        await story.deal(f"d{number}", amount, probability=Decimal(probability), stage=probability)
    found = (await story.ask(WEIGHTED))["pipeline"]
    assert found["openCount"] == len(deals)
    assert found["openAmount"] == {"amount": total, "currency": "USD"}
    assert found["weightedAmount"] == {"amount": weighted}
    by_stage = {stage["stage"]: Decimal(stage["weightedAmount"]["amount"]) for stage in found["byStage"]}
    assert sum(by_stage.values()) == Decimal(weighted)
    for probability in {probability for _, probability in deals}:
        assert by_stage[probability] == sum(Decimal(amount) * Decimal(probability) for amount, each in deals if each == probability)


async def test_sales_velocity_is_what_a_published_example_says(story: Story) -> None:
    """WinsAbove glossary, sales velocity: 18 deals of 42,000, won at 24 % after 78 days, bring 2,326 a day."""
    for number in range(6):
        await story.won(f"w{number}", "42000", opened="2026-02-01", closed="2026-04-20")
    for number in range(19):
        await story.lost(f"l{number}", closed="2026-04-21")
    for number in range(18):
        await story.deal(f"d{number}", "42000")
    asked = "openCount winRate averageDealSize { amount } averageCycleDays velocityPerDay { amount currency }"
    found = await story.ask(f'{{ year: pipeline {{ {asked} }} q2: pipeline(period: {{name: "2026-Q2"}}) {{ {asked} }} }}')
    expected = {
        "openCount": 18,
        "winRate": "0.240000",
        "averageDealSize": {"amount": "42000.00"},
        "averageCycleDays": "78.0",
        "velocityPerDay": {"amount": "2326.15", "currency": "USD"},
    }
    assert found == {"year": expected, "q2": expected}
    per_day = round(Decimal(found["year"]["velocityPerDay"]["amount"]))
    assert (per_day, per_day * 90) == (2326, 209_340)


async def test_without_a_decided_deal_there_is_no_rate_and_no_average(story: Story) -> None:
    await story.won("w", "100", opened="2026-02-01", closed="2026-02-01")
    await story.deal("d", "100")
    asked = "openCount winRate averageDealSize { amount } averageCycleDays velocityPerDay { amount } forecast { closed { amount } }"
    found = await story.ask(
        f'{{ q1: pipeline(period: {{name: "2026-Q1"}}) {{ {asked} }} q2: pipeline(period: {{name: "2026-Q2"}}) {{ {asked} }} }}'
    )
    nothing = {"winRate": None, "averageDealSize": None, "averageCycleDays": None, "velocityPerDay": None}
    assert found["q2"] == {"openCount": 1, **nothing, "forecast": {"closed": {"amount": "0.00"}}}
    assert (found["q1"]["winRate"], found["q1"]["averageCycleDays"]) == ("1.000000", "0.0")
    assert found["q1"]["velocityPerDay"] is None, "a cycle of no days has no velocity"
    unknown = await story.ask(f'{{ pipeline(period: {{name: "1999"}}) {{ {asked} coverage slippedCount }} }}')
    assert unknown["pipeline"] == found["q2"] | {"coverage": None, "slippedCount": 0}


async def test_coverage_is_what_is_expected_in_the_period_over_the_quota_that_remains(story: Story) -> None:
    await story.company.quota("mia", "2026-Q2", "99999", measure="team")
    await story.company.quota("ana", "2026-Q2", "9000")
    await story.company.quota("bo", "2026-Q2", "5000")
    await story.company.quota("mia", "2026-Q2", "14000")
    await story.won("w", "3000", opened="2026-04-01", closed="2026-05-01")
    await story.deal("due", "12000", expected_close_on="2026-06-30")
    await story.deal("later", "7000", expected_close_on="2026-07-01")
    await story.deal("undated", "7000")
    await story.deal("bo's", "4500", "bo", expected_close_on="2026-05-20")
    found = await story.ask(
        """
        {
          pipeline(period: {name: "2026-Q2"}) { coverage }
          narrowed: pipeline(period: {name: "2026-Q2"}, where: {nameStarts: "d"}) { coverage openCount }
          always: pipeline { coverage }
          ana: rep(ref: {externalId: "ana"}) { pipeline(period: {name: "2026-Q2"}) { coverage openCount openAmount { amount } } }
          bo: rep(ref: {externalId: "bo"}) {
            pipeline(period: {name: "2026-Q2"}) { coverage }
            q1: pipeline(period: {name: "2026-Q1"}) { coverage }
          }
        }
        """
    )
    assert found["ana"]["pipeline"] == {"coverage": "2.000000", "openCount": 3, "openAmount": {"amount": "26000.00"}}
    assert found["bo"] == {"pipeline": {"coverage": "0.900000"}, "q1": {"coverage": None}}
    assert found["pipeline"]["coverage"] == "1.500000", "16,500 expected over 14,000 less 3,000: Mia's quota is the same deals'"
    assert found["narrowed"] == {"coverage": None, "openCount": 1}
    assert found["always"]["coverage"] is None
    await story.won("w2", "6000", opened="2026-04-01", closed="2026-05-02")
    reached = await story.ask('{ rep(ref: {externalId: "ana"}) { pipeline(period: {name: "2026-Q2"}) { coverage } } }')
    assert reached["rep"]["pipeline"]["coverage"] is None


async def test_the_forecast_rolls_its_categories_up(story: Story) -> None:
    await story.won("w", "1000", opened="2026-04-01", closed="2026-05-01")
    for category, amount in (("COMMIT", "200"), ("BEST_CASE", "30"), ("PIPELINE", "4"), ("OMITTED", "5000")):
        await story.deal(category, amount, expected_close_on="2026-06-01", forecast_category=ForecastCategory[category])
    await story.deal("later", "70000", expected_close_on="2026-07-01", forecast_category=ForecastCategory.COMMIT)
    asked = "forecast { closed { amount } commit { amount } bestCase { amount } pipeline { amount } weighted { amount } }"
    found = await story.ask(
        f'{{ pipeline(period: {{name: "2026-Q2"}}) {{ {asked} byCategory {{ category count amount {{ amount }} }} }}'
        f" always: pipeline {{ {asked} }} }}"
    )
    assert {name: money["amount"] for name, money in found["pipeline"]["forecast"].items()} == {
        "closed": "1000.00",
        "commit": "1200.00",
        "bestCase": "1230.00",
        "pipeline": "1234.00",
        "weighted": "1117.00",
    }
    assert found["always"]["forecast"]["commit"] == {"amount": "71200.00"}
    assert [(each["category"], each["count"], each["amount"]["amount"]) for each in found["pipeline"]["byCategory"]] == [
        ("PIPELINE", 1, "4.00"),
        ("BEST_CASE", 1, "30.00"),
        ("COMMIT", 2, "70200.00"),
        ("OMITTED", 1, "5000.00"),
    ]


async def test_a_deal_has_slipped_when_it_is_expected_later_than_at_first(story: Story) -> None:
    for first, now in (
        ("2026-06-01", "2026-06-20"),
        ("2026-06-01", "2026-07-15"),
        ("2026-06-01", "2026-05-01"),
        ("2026-08-01", "2026-08-01"),
    ):
        await story.deal(f"{first} {now}", "1", expected_close_on=first)
        await story.deal(f"{first} {now}", "1", expected_close_on=now)
    found = await story.ask(
        '{ always: pipeline { slippedCount overdueCount } q2: pipeline(period: {name: "2026-Q2"}) { slippedCount overdueCount } }'
    )
    assert found["always"] == {"slippedCount": 2, "overdueCount": 1}
    assert found["q2"] == {"slippedCount": 1, "overdueCount": 1}, "one moved within the quarter, one out of it"


async def test_a_stage_says_how_long_its_deals_are_in_it_and_how_many_go_on(story: Story) -> None:
    for key, since in (("a", "2026-04-30"), ("b", "2026-05-05")):
        await story.deal(key, "100", stage="Engaging", stage_since=since, probability=Decimal("0.4"))
    await story.deal("c", None, stage="Prospecting", stage_since="2026-03-01", probability=Decimal("0.1"))
    for key, next_stage, outcome in (
        ("d", "Proposal", None),
        ("e", "Lost", Outcome.LOST),
        ("f", "Won", Outcome.WON),
        ("g", "Proposal", None),
    ):
        await story.deal(key, "100", stage="Engaging", stage_since="2026-03-01")
        await story.move(key, next_stage, outcome=outcome, stage_since="2026-03-20" if key == "g" else "2026-04-10")
    asked = "byStage { stage count amount { amount } averageDaysInStage conversion }"
    found = await story.ask(f'{{ always: pipeline {{ {asked} }} q1: pipeline(period: {{name: "2026-Q1"}}) {{ {asked} }} }}')
    engaging = {"stage": "Engaging", "count": 2, "amount": {"amount": "200.00"}, "averageDaysInStage": "7.5"}
    assert found["always"]["byStage"] == [
        {"stage": "Prospecting", "count": 1, "amount": {"amount": "0.00"}, "averageDaysInStage": "70.0", "conversion": None},
        engaging | {"conversion": "0.750000"},
        {"stage": "Proposal", "count": 2, "amount": {"amount": "200.00"}, "averageDaysInStage": "40.5", "conversion": None},
    ]
    assert found["q1"]["byStage"][1] == engaging | {"conversion": "1.000000"}


async def test_everybody_sums_up_what_they_see_and_nothing_else(story: Story) -> None:
    await story.deal("ana's", "100")
    await story.deal("bo's", "20", "bo")
    await story.deal("cy's", "3", "cy")
    await story.won("ana's, with cy", "1000", opened="2026-04-01", closed="2026-05-01")
    await story.company.split("ana's, with cy", ana="0.5", cy="0.5")
    asked = """
    {
      pipeline { openAmount { amount } forecast { closed { amount } } }
      reps(orderBy: CREATED) { nodes { name pipeline { openAmount { amount } } } }
    }
    """

    async def seen(actor: Actor) -> tuple[str, str, dict[str, str]]:
        found = await story.ask(asked, actor)
        reps = {rep["name"]: rep["pipeline"]["openAmount"]["amount"] for rep in found["reps"]["nodes"]}
        return found["pipeline"]["openAmount"]["amount"], found["pipeline"]["forecast"]["closed"]["amount"], reps

    assert await seen(await story.is_("mia")) == ("120.00", "1000.00", {"Mia": "0.00", "Ana": "100.00", "Bo": "20.00"})
    assert await seen(await story.is_("bo")) == ("20.00", "0.00", {"Bo": "20.00"})
    assert await seen(await story.is_("cy")) == ("3.00", "1000.00", {"Cy": "3.00"}), "who is credited sees the deal"
    assert await seen(Actor("service", None, frozenset())) == ("0.00", "0.00", {})


async def test_a_filter_narrows_what_is_summed_up(story: Story) -> None:
    await story.deal("a", "100", expected_close_on="2026-06-01")
    await story.deal("b", "20", "bo", expected_close_on="2026-08-01")
    found = await story.ask(
        """
        query ($where: OpportunityWhere) {
          of: pipeline(where: $where) { openCount }
          due: pipeline(where: {expectedFrom: "2026-07-01", expectedBefore: "2026-10-01"}) { openAmount { amount } }
          rep(ref: {externalId: "bo"}) { pipeline(where: {stage: ["Elsewhere"]}) { openCount } }
        }
        """,
        where={"owner": {"externalId": "ana"}, "amountFrom": "50"},
    )
    assert found == {"of": {"openCount": 1}, "due": {"openAmount": {"amount": "20.00"}}, "rep": {"pipeline": {"openCount": 0}}}


async def test_neither_a_reps_nor_a_periods_pipeline_reads_all_deals(story: Story) -> None:
    async with story.company.database.transaction() as tx:
        await tx.execute("select spm_tick('test', 'fill')")
        await tx.execute(
            "insert into opportunity"
            " (name, owner_id, stage, forecast_category, probability, amount, currency, opened_on, closed_on, outcome)"
            " select 'd' || n, 1 + n % 4, 'Won', 'CLOSED', 1, n, 'USD', date '2016-01-01', date '2016-01-01' + n % 3650, 'WON'"
            " from generate_series(1, 20000) as n"
        )
        await tx.execute("analyze opportunity")
    asked = "{ openCount weightedAmount { amount } byStage { stage } winRate velocityPerDay { amount } forecast { commit { amount } } }"
    for text in (
        f'{{ pipeline(period: {{name: "2026-Q2"}}) {asked} }}',
        f'{{ rep(ref: {{externalId: "ana"}}) {{ pipeline(period: {{name: "2026-Q2"}}) {asked} }} }}',
        "{ pipeline { openCount byStage { stage count } } }",
    ):
        assert "Seq Scan on opportunity" not in await story.plan(text)
        assert "Seq Scan on opportunity" not in await story.plan(text, await story.is_("mia"))


async def test_amounts_in_other_currencies_are_summed_up_in_the_companys(story: Story) -> None:
    rate = currencies.FxRateSet("EUR", "USD", Decimal("1.1"), date(2026, 5, 1))
    await story.company.do(currencies.set_rate, rate)
    await story.company.do(currencies.set_rate, currencies.FxRateSet("EUR", "USD", Decimal("1.2"), date(2026, 5, 10)))
    await story.deal("dollars", "100")
    await story.deal("euros", "100", currency="EUR")
    await story.deal("pounds", "100", currency="GBP")
    euros: dict[str, Any] = {"stage": "Won", "probability": Decimal(1), "outcome": Outcome.WON, "currency": "EUR"}
    await story.deal("won", "1000", opened_on="2026-05-01", closed_on="2026-05-05", **euros)
    found = await story.ask("{ pipeline { openCount openAmount { amount currency } averageDealSize { amount currency } } }")
    assert found["pipeline"] == {
        "openCount": 3,
        "openAmount": {"amount": "220.00", "currency": "USD"},
        "averageDealSize": {"amount": "1100.00", "currency": "USD"},
    }
