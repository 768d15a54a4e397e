"""Any rep and deal, and any component, answers why it pays what it pays: one story for each reason, with its exact sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from spm_tiered_commission import Tier, TieredCommission

from spm_graph.actions import components, holds, measures, opportunities, plans, products, runs
from spm_graph.actions.refs import Ref
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import MeasureBasis, Outcome, Role, TransactionKind, WindowKind
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR, Bonus, Broken, Company, Flat

from .conftest import Asking, somebody

FIVE_PERCENT = Flat(Decimal("0.05"))

OF_DEAL = """query ($deal: Ref!, $rep: Ref!) { opportunity(ref: $deal) { explanations(rep: $rep) {
    reason says amount { amount } component { name } window { starts } steps { says amount }
} } }"""
OF_PERIOD = """query ($rep: Ref!, $period: PeriodRef!) { rep(ref: $rep) { explanations(period: $period) {
    reason says amount { amount } component { name } window { starts } steps { says amount }
} } }"""


@pytest.fixture
async def company(company: Company) -> Company:
    """Ana, paid 5 % a month, and Cleo, on no plan."""
    await company.hire("ana", "cleo")
    await company.assign(await company.plan("Field", ("commission", FIVE_PERCENT)), "ana")
    return company


async def why(ask: Asking, deal: str, rep: str = "ana", actor: Actor = ADMINISTRATOR) -> list[tuple[str, str]]:
    """The reasons and sentences about a deal."""
    found = await ask(OF_DEAL, actor, deal={"externalId": deal}, rep={"externalId": rep})
    return [(each["reason"], each["says"]) for each in found["opportunity"]["explanations"]]


async def why_in(ask: Asking, period: str, rep: str = "ana") -> list[tuple[str, str]]:
    """The reasons and sentences about a month."""
    found = await ask(OF_PERIOD, rep={"externalId": rep}, period={"name": period})
    return [(each["reason"], each["says"]) for each in found["rep"]["explanations"]]


async def test_what_is_paid_says_how_much_and_by_which_steps(company: Company, ask: Asking) -> None:
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    assert await why(ask, deal) == [("PAID", "commission of Field pays 50.00 USD, booked in 2026-01.")]
    found = await ask(OF_PERIOD, rep={"externalId": "ana"}, period={"name": "2026-01"})
    assert found["rep"]["explanations"] == [
        {
            "reason": "PAID", "says": "commission of Field pays 50.00 USD, booked in 2026-01.", "amount": {"amount": "50.00"},
            "component": {"name": "commission"}, "window": {"starts": "2026-01-01"},
            "steps": [{"says": "5.00% of what was credited", "amount": "50"}],
        }
    ]  # fmt: skip


async def test_a_deal_that_is_open_or_lost(company: Company, ask: Asking) -> None:
    await company.deal("open", "1000", rep="ana", on=None, outcome=None)
    assert await why(ask, "open") == [("NOT_WON", "The deal is open, in stage Open: it counts once it is won.")]
    lost = opportunities.OpportunityMove(Ref(external_id="open"), "Lost", Outcome.LOST, closed_on=date(2026, 2, 3))
    await company.do(opportunities.move, lost)
    assert await why(ask, "open") == [("NOT_WON", "The deal was lost on 2026-02-03.")]


async def test_a_deal_of_others(company: Company, ask: Asking) -> None:
    deal = await company.won("1000", rep="cleo", on="2026-01-10")
    assert await why(ask, deal) == [
        ("NOT_CREDITED", "Ana has no credit, and no overlay, rule or reporting line makes one: the deal is owned by Cleo alone.")
    ]
    await company.hire("bo")
    await company.split(deal, cleo="0.625", bo="0.375")
    assert await why(ask, deal) == [
        (
            "NOT_CREDITED",
            "Ana has no credit, and no overlay, rule or reporting line makes one: the deal is shared by Cleo (62.5 %), Bo (37.5 %).",
        )
    ]


async def test_a_part_in_a_deal_that_no_measure_counts(company: Company, ask: Asking) -> None:
    await company.hire("bo")
    await company.managed("cleo", "bo", "2026-01-01")
    await company.do(measures.set_measure, measures.MeasureSet("bookings", roles=(Role.DIRECT, Role.SPLIT)))
    await company.do(measures.set_measure, measures.MeasureSet("team", roles=(Role.DIRECT, Role.SPLIT)))
    deal = await company.won("1000", rep="cleo", on="2026-01-10")
    shares = (
        opportunities.SplitShare(Ref(external_id="ana"), Decimal("0.1"), Role.OVERLAY),
        opportunities.SplitShare(Ref(external_id="cleo"), Decimal(1)),
    )
    await company.do(opportunities.share, opportunities.OpportunitySplit(Ref(external_id=deal), shares))
    assert await why(ask, deal, "ana") == [("NOT_COUNTED", "Ana takes part in the deal as OVERLAY, and no measure counts that.")]
    assert await why(ask, deal, "bo") == [("NOT_COUNTED", "Bo takes part in the deal as ROLLUP, and no measure counts that.")]


async def test_a_product_that_no_measure_counts(company: Company, ask: Asking) -> None:
    for name in ("Cloud", "Paper"):
        await company.do(products.upsert, products.ProductUpsert(name, name))
    for name in ("bookings", "team"):
        await company.do(measures.set_measure, measures.MeasureSet(name, products=(Ref(external_id="Cloud"),)))
    paper = await company.won("1000", rep="ana", on="2026-01-10", product=Ref(external_id="Paper"))
    nothing = await company.won("1000", rep="ana", on="2026-01-10")
    assert await why(ask, paper) == [
        ("PRODUCT_NOT_COUNTED", "bookings does not count the product Paper."),
        ("PRODUCT_NOT_COUNTED", "team does not count the product Paper."),
    ]
    assert (await why(ask, nothing))[0] == ("PRODUCT_NOT_COUNTED", "bookings does not count deals without a product.")


async def test_a_manager_further_up_than_a_measure_counts(company: Company, ask: Asking) -> None:
    await company.hire("boss", "chief")
    await company.managed("ana", "boss", "2026-01-01")
    await company.managed("boss", "chief", "2026-01-01")
    await company.do(measures.set_measure, measures.MeasureSet("bookings", roles=(Role.DIRECT,)))
    await company.do(measures.set_measure, measures.MeasureSet("team", roles=(Role.ROLLUP,), rollup_levels=1))
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    assert await why(ask, deal, "chief") == [("LEVEL_NOT_COUNTED", "Chief is 2 levels above who sold the deal, and team counts 1.")]
    assert (await why(ask, deal, "boss"))[0][0] == "NO_PLAN"


async def test_what_a_measure_counts_and_the_deal_does_not_have(company: Company, ask: Asking) -> None:
    await company.do(measures.set_measure, measures.MeasureSet("bookings", transaction_kinds=(TransactionKind.INVOICE,)))
    await company.do(measures.set_measure, measures.MeasureSet("team", basis=MeasureBasis.MARGIN))
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    assert await why(ask, deal) == [
        ("NOT_COUNTED", "The deal has none of what team counts."),
        ("NOT_COUNTED", "bookings counts INVOICE only, and the deal has none."),
    ]


async def test_a_plan_that_began_after_somebody_left_it(company: Company, ask: Asking) -> None:
    later = await company.plan("Launch", ("commission", FIVE_PERCENT), starts="2026-01-20")
    await company.assign(later, "cleo", ends="2026-01-15")
    assert await why_in(ask, "2026-01", "cleo") == [("PLAN_NOT_IN_FORCE", "No version of Launch is in force on 2026-01-01.")]


async def test_a_credit_that_another_took_the_place_of(company: Company, ask: Asking) -> None:
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    await company.split(deal, cleo="1")
    (row,) = await company.rows("select position from clock")
    said = f"Ana had a credit until position {row['position']}, when administrator did opportunitySplit."
    assert await why(ask, deal) == [("SUPERSEDED", said)]


async def test_a_deal_that_was_given_back(company: Company, ask: Asking) -> None:
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    await company.refund(deal, on="2026-01-20", amount="-1000")
    await company.run_and_post("2026-01")
    assert (await why(ask, deal))[0] == ("REFUNDED", "What was sold was given back: the credits come to nothing.")


async def test_a_rep_on_no_plan(company: Company, ask: Asking) -> None:
    deal = await company.won("1000", rep="cleo", on="2026-01-10")
    assert await why(ask, deal, "cleo") == [("NO_PLAN", "Cleo is on no plan on 2026-01-10.")]
    assert await why_in(ask, "2026-01", "cleo") == [("NO_PLAN", "Cleo is on no plan on 2026-01-01.")]


async def test_a_plan_that_is_a_draft_or_not_in_force(company: Company, ask: Asking) -> None:
    later = await company.plan("Launch", ("commission", FIVE_PERCENT), starts="2026-02-01")
    await company.assign(later, "cleo")
    deal = await company.won("1000", rep="cleo", on="2026-01-10")
    assert await why(ask, deal, "cleo") == [("PLAN_NOT_IN_FORCE", "No version of Launch is in force on 2026-01-10.")]
    assert await why_in(ask, "2026-01", "cleo") == [("PLAN_NOT_IN_FORCE", "No version of Launch is in force on 2026-01-01.")]
    part = components.ComponentDraft("commission", "bookings", FIVE_PERCENT)
    await company.do(plans.create, plans.PlanCreate((part,), date(2026, 1, 1), plan=global_id("plan", later)))  # type: ignore[arg-type]
    assert await why(ask, deal, "cleo") == [("PLAN_IS_DRAFT", "Version 2 of Launch, for 2026-01-10, is a draft: it pays nobody.")]


async def test_a_measure_that_no_component_pays_for(company: Company, ask: Asking) -> None:
    await company.measured("overlays", Role.OVERLAY)
    deal = await company.won("1000", rep="cleo", on="2026-01-10")
    given = opportunities.SplitShare(Ref(external_id="ana"), Decimal("0.1"), Role.OVERLAY)
    owner = opportunities.SplitShare(Ref(external_id="cleo"), Decimal(1))
    await company.do(opportunities.share, opportunities.OpportunitySplit(Ref(external_id=deal), (owner, given)))
    plan = await company.plan("Team only", ("commission", FIVE_PERCENT))
    await company.assign(plan, "cleo")
    await company.assign(1, "ana", assigned=False)
    command = plans.PlanCreate((components.ComponentDraft("share", "team", FIVE_PERCENT),), date(2026, 1, 1), name="Sharing")
    made = await company.do(plans.create, command)
    await company.do(plans.publish, plans.PlanPublish(global_id("version", made.values["plan_version_id"])))  # type: ignore[arg-type]
    await company.assign(made.values["plan_id"], "ana")
    credited = [row["name"] for row in await company.rows(
        "select measure.name from credit join measure on measure.id = measure_id join rep on rep.id = credit.rep_id"
        " where rep.external_id = 'ana' and superseded_position is null order by measure_id")]  # fmt: skip
    said = ", ".join(f"100.00 USD in {name}" for name in credited)
    assert credited
    assert await why(ask, deal) == [
        (
            "NOT_MEASURED",
            f"Ana is credited {said}, and no component of Sharing pays for {'that' if len(credited) == 1 else 'any of these'}.",
        )
    ]


async def test_what_no_run_has_calculated_or_posted(company: Company, ask: Asking) -> None:
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    said = "commission of Field from 2026-01-01 until 2026-02-01 was not calculated through 2026-01-10 yet."
    assert await why(ask, deal) == [("NOT_CALCULATED", said)]
    await company.run("2026-01")
    said = "commission of Field from 2026-01-01 until 2026-02-01 was calculated by the run of 2026-01, which is not posted yet."
    assert await why(ask, deal) == await why_in(ask, "2026-01") == [("NOT_CALCULATED", said)]


async def test_a_rep_who_was_left_out(company: Company, ask: Asking) -> None:
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    run = await company.run("2026-01")
    await company.exclude(run, "ana")
    await company.post(run)
    assert await why(ask, deal) == await why_in(ask, "2026-01") == [("EXCLUDED", "Ana was left out of the run of 2026-01.")]


async def test_a_run_with_a_problem(company: Company, ask: Asking) -> None:
    await company.assign(await company.plan("Bad", ("broken", Broken())), "cleo")
    deal = await company.won("1000", rep="cleo", on="2026-01-10")
    run = await company.run("2026-01")
    (problem,) = await company.rows("select message from run_problem where run_id = :run", run=run)
    assert await why(ask, deal, "cleo") == [("RUN_HAS_PROBLEM", f"The run of 2026-01 has a problem: {problem['message']}.")]
    assert "no luck" in problem["message"]
    await company.do(runs.cancel, runs.RunCancel(global_id("run", run)))  # type: ignore[arg-type]
    assert (await why(ask, deal, "cleo"))[0][0] == "NOT_CALCULATED"


async def test_a_component_that_comes_to_nothing_says_its_steps_and_how_far_it_got(company: Company, ask: Asking) -> None:
    await company.quota("ana", "2026-01", "4000")
    await company.plan("Field", ("commission", TieredCommission((Tier(Decimal(0), Decimal(0)), Tier(Decimal(2000), Decimal("0.1"))))))
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    ((reason, says),) = await why(ask, deal)
    assert reason == "NOTHING_EARNED"
    assert says.startswith("commission of Field from 2026-01-01 until 2026-02-01 comes to nothing: ")
    assert says.endswith("(1000.00 credited against a quota of 4000.00 (25.00 %)).")
    assert await why_in(ask, "2026-01") == [(reason, says)]
    found = await ask(OF_PERIOD, rep={"externalId": "ana"}, period={"name": "2026-01"})
    assert [step["amount"] for step in found["rep"]["explanations"][0]["steps"]] == ["0"]


async def test_a_component_without_a_line_says_how_far_it_got(company: Company, ask: Asking) -> None:
    await company.plan("Field", ("bonus", Bonus(Decimal(200))), starts="2026-01-01")
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    said = "bonus of Field from 2026-01-01 until 2026-02-01 has no line: 1000.00 credited against no quota."
    assert await why(ask, deal) == await why_in(ask, "2026-01") == [("NOTHING_EARNED", said)]


async def test_a_cap_that_leaves_nothing(company: Company, ask: Asking) -> None:
    capped = TieredCommission((Tier(Decimal(0), Decimal("0.05")),), cap=Decimal(0))
    await company.plan("Field", ("commission", capped), starts="2026-01-01")
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    ((reason, says),) = await why(ask, deal)
    assert reason == "CAPPED"
    assert "above the cap of 0" in says


async def test_a_deal_that_came_after_its_month_was_closed_is_booked_later(company: Company, ask: Asking) -> None:
    await company.run_and_post("2026-01")
    await company.close("2026-01")
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    changed = (
        "Something changed for Ana since commission of Field from 2026-01-01 until 2026-02-01 was posted: the next run looks at it again."
    )
    assert [row for row in await why(ask, deal) if row[0] == "CHANGED_SINCE"] == [("CHANGED_SINCE", changed)]
    await company.run_and_post("2026-02")
    assert await why(ask, deal) == [("PAID", "commission of Field pays 50.00 USD, booked in 2026-02."),
        ("BOOKED_LATER", "commission of Field: 50.00 USD from 2026-01-01 until 2026-02-01 was booked in 2026-02.")]  # fmt: skip
    assert await why_in(ask, "2026-01") == [
        ("BOOKED_LATER", "commission of Field: 50.00 USD from 2026-01-01 until 2026-02-01 was booked in 2026-02.")
    ]


async def test_what_is_held(company: Company, ask: Asking) -> None:
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    await company.do(holds.place, holds.HoldPlace(opportunity=Ref(external_id=deal), reason="The customer has not paid."))
    assert await why(ask, deal) == [
        ("PAID", "commission of Field pays 50.00 USD, booked in 2026-01."),
        ("HELD", "commission of Field: 50.00 USD is held: The customer has not paid."),
    ]
    assert (await why_in(ask, "2026-01"))[1] == ("HELD", "commission of Field: 50.00 USD is held: The customer has not paid.")
    await company.close("2026-01")
    assert (await why(ask, deal))[1][0] == "HELD"
    await company.do(holds.release, holds.HoldRelease("hold_1", "The customer paid."))  # type: ignore[arg-type]
    assert await why(ask, deal) == [("PAID", "commission of Field pays 50.00 USD, booked in 2026-01.")]


async def test_a_month_within_a_longer_window_that_adds_nothing(company: Company, ask: Asking) -> None:
    await company.plan("Field", ("commission", FIVE_PERCENT), window=WindowKind.QUARTER_TO_DATE)
    await company.won("1000", rep="ana", on="2026-01-10")
    for month in ("2026-01", "2026-02"):
        await company.run_and_post(month)
    assert await why_in(ask, "2026-02") == [
        ("NOTHING_EARNED", "commission of Field from 2026-01-01 until 2026-04-01 comes to 50.00 USD, and nothing of it is for this:"
         " 5.00% of what was credited (1000.00 credited against no quota).")
    ]  # fmt: skip


async def test_only_those_who_may_see_the_rep_are_told(company: Company, ask: Asking) -> None:
    deal = await company.won("1000", rep="ana", on="2026-01-10")
    ana, cleo = await somebody(company, "ana"), await somebody(company, "cleo")
    assert (await why(ask, deal, "ana", ana))[0][0] == "NOT_CALCULATED"
    assert await why(ask, deal, "cleo", ana) == []
    asked: dict[str, Any] = {"deal": {"externalId": deal}, "rep": {"externalId": "ana"}}
    assert (await ask(OF_DEAL, cleo, **asked))["opportunity"] is None
    assert await why(ask, deal, "nobody") == []
