"""What-if: the same numbers as recording the deals would give, and nothing recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from spm_accelerator import Accelerator
from spm_tiered_commission import Tier, TieredCommission

from spm_graph.actions import measures, products, rules
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import Role, WindowKind
from spm_graph.graph.nouns import what_if
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store import clock
from spm_graph.store.visibility import Actor
from tests.company import Bonus, Broken, Company, Flat, Kicker, OnTarget

from .conftest import ask, estimates

TIERED = TieredCommission(
    (Tier(Decimal(0), Decimal("0.05")), Tier(Decimal(10_000), Decimal("0.08")), Tier(Decimal(30_000), Decimal("0.1")))
)

WHAT_IF = """query ($scenario: WhatIfInput!, $rep: String = "ana") { rep(ref: {externalId: $rep}) { name whatIf(scenario: $scenario) {
    before { amount } after { amount } difference { amount currency } position problems { code message path }
    byComponent { name window { starts ends } before { amount } after { amount } lines { key steps { says amount } }
      gapToQuota { value unit } gapToNextTier { value unit }
      attainment { measure before { value } after { value } quota { value } ratioBefore ratioAfter } } } } }"""

TABLES = "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1"


async def everything(company: Company) -> dict[str, str]:
    """What every table holds, as a hash."""
    tables = [row["name"] for row in await company.rows(TABLES)]
    hashed = "select md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as held from {} as t"
    return {name: (await company.rows(hashed.format(name)))[0]["held"] for name in tables}


@pytest.fixture
async def ana(company: Company) -> Company:
    """Ana has tiers by quarter, and a quota of 20,000 in March; Bo is her manager, and sells nothing."""
    company.incentive_types = IncentiveTypes.of([Flat, Bonus, OnTarget, Kicker, Broken, TieredCommission, Accelerator])
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    await company.quota("ana", "2026-03", "20000")
    plan = await company.plan("Plan", ("base", TIERED, WindowKind.QUARTER_TO_DATE), ("kicker", Kicker("base", Decimal("0.5"))))
    await company.assign(plan, "ana")
    await company.won("8000", rep="ana", on="2026-02-10")
    return company


async def supposed(company: Company, scenario: Any, actor: Actor | None = None, rep: str = "ana") -> Any:
    """The answer about a rep."""
    body = await ask(company, WHAT_IF, scenario=scenario, rep=rep, **({"actor": actor} if actor else {}))
    assert "errors" not in body, body
    return body["data"]["rep"]["whatIf"]


def amounts(found: Any) -> tuple[str, str, str]:
    """Before, after and difference."""
    assert found["problems"] == []
    return found["before"]["amount"], found["after"]["amount"], found["difference"]["amount"]


async def test_a_deal_won_adds_what_recording_it_adds(ana: Company) -> None:
    await ana.deal("big", "5000", rep="ana", on=None, outcome=None, expected_close_on=None)
    found = await supposed(ana, {"deals": [{"opportunity": {"externalId": "big"}, "closedOn": "2026-03-20"}]})
    assert amounts(found) == ("400.00", "740.00", "340.00")
    before = await estimates(ana)
    await ana.deal("big", "5000", rep="ana", on="2026-03-20")
    after = await estimates(ana)
    march = [sum(amount for (_, period, _), amount in each.items() if period == "2026-03") for each in (before, after)]
    assert march[1] - march[0] == Decimal("340.00")


async def test_a_deal_in_march_changes_the_quarter_too(ana: Company) -> None:
    found = await supposed(ana, {"newDeals": [{"amount": "5000", "closedOn": "2026-03-20"}]})
    windows = {(part["name"], part["window"]["starts"], part["window"]["ends"]): part for part in found["byComponent"]}
    assert windows.keys() == {("base", "2026-01-01", "2026-04-01"), ("kicker", "2026-03-01", "2026-04-01")}
    base = windows["base", "2026-01-01", "2026-04-01"]
    assert (base["before"]["amount"], base["after"]["amount"]) == ("400.00", "740.00")
    assert [step["amount"] for line in base["lines"] for step in line["steps"]] == ["500", "240"]
    assert base["attainment"] == {
        "measure": "bookings",
        "before": {"value": "8000.00"},
        "after": {"value": "13000.00"},
        "quota": {"value": "20000.00"},
        "ratioBefore": "0.400000",
        "ratioAfter": "0.650000",
    }


async def test_without_deals_it_says_how_far_it_is_to_quota_and_to_the_next_tier(ana: Company) -> None:
    found = await supposed(ana, {})
    base = next(part for part in found["byComponent"] if part["name"] == "base")
    assert base["gapToQuota"] == {"value": "12000.00", "unit": "USD"}
    assert base["gapToNextTier"] == {"value": "2000.00", "unit": "USD"}
    found = await supposed(ana, {"newDeals": [{"amount": "12345.67"}]})
    base = next(part for part in found["byComponent"] if part["name"] == "base")
    assert base["gapToQuota"]["value"] == "0.00"
    assert base["gapToNextTier"]["value"] == "9654.33"


async def test_another_amount_a_discount_and_a_loss_of_what_was_won(ana: Company) -> None:
    deal = {"opportunity": {"externalId": "deal 1"}}
    assert amounts(await supposed(ana, {"deals": [{**deal, "amount": "10000"}]})) == ("400.00", "500.00", "100.00")
    assert amounts(await supposed(ana, {"deals": [{**deal, "outcome": "LOST"}]})) == ("400.00", "0.00", "-400.00")
    await ana.deal("listed", "9000", rep="ana", on="2026-03-01", list_amount=Decimal(10000))
    found = await supposed(ana, {"deals": [{"opportunity": {"externalId": "listed"}, "discount": "0.2"}]})
    assert amounts(found)[2] == "-80.00"


async def test_a_refund_goes_with_the_deal_that_it_gives_back(ana: Company) -> None:
    await ana.refund("deal 1", on="2026-03-05", amount="-3000")
    assert amounts(await supposed(ana, {"deals": [{"opportunity": {"externalId": "deal 1"}, "outcome": "LOST"}]})) == (
        "250.00",
        "0.00",
        "-250.00",
    )


async def test_a_stage_says_how_the_deal_ends(ana: Company) -> None:
    await ana.deal("open", "5000", rep="ana", on=None, outcome=None)
    for stage, adds in (("Won", "340.00"), ("Open", "0.00"), ("nobody has been there", "0.00")):
        found = await supposed(ana, {"deals": [{"opportunity": {"externalId": "open"}, "stage": stage}]})
        assert amounts(found)[2] == adds, stage


async def test_splits_overlays_managers_and_rules_count_as_they_do_in_crediting(ana: Company) -> None:
    await ana.deal("shared", "10000", rep="ana", on=None, outcome=None)
    await ana.split("shared", ana="0.6", cleo="0.4")
    overlay = rules.CreditingRuleSet("expert", Role.OVERLAY, rep=Ref(external_id="cleo"), starts=date(2026, 1, 1))
    await ana.do(rules.set_rule, overlay)
    for name in ("bo", "cleo"):
        plan = await ana.plan(f"of {name}", ("flat", Flat(Decimal("0.01"))))
        await ana.assign(plan, name)
    scenario = {"deals": [{"opportunity": {"externalId": "shared"}, "closedOn": "2026-03-20"}]}
    foreseen = {name: amounts(await supposed(ana, scenario, rep=name))[2] for name in ("ana", "bo", "cleo")}
    before = await estimates(ana)
    await ana.deal("shared", "10000", rep="ana", on="2026-03-20")
    after = await estimates(ana)
    recorded = {
        name: sum((after[key] - before.get(key, 0) for key in after if key[:2] == (name, "2026-03")), Decimal(0)) for name in foreseen
    }
    assert {name: Decimal(amount) for name, amount in foreseen.items()} == recorded
    assert foreseen["cleo"] == "140.00", "an overlay of all of it, and two fifths"


async def test_a_new_deal_counts_where_its_product_does(ana: Company) -> None:
    await ana.do(products.upsert, products.ProductUpsert("gtx", "GTX Basic"))
    await ana.do(measures.set_measure, measures.MeasureSet("bookings", products=(Ref(external_id="gtx"),)))
    sold = {"amount": "1000", "product": {"externalId": "gtx"}}
    assert amounts(await supposed(ana, {"newDeals": [sold]})) == ("0.00", "50.00", "50.00")
    assert amounts(await supposed(ana, {"newDeals": [{"amount": "1000"}]})) == ("0.00", "0.00", "0.00")
    (problem,) = (await supposed(ana, {"newDeals": [{**sold, "product": {"externalId": "none"}}]}))["problems"]
    assert (problem["code"], problem["path"]) == ("NOT_FOUND", ["newDeals", "0", "product", "externalId"])


async def test_nothing_changes_in_any_table(ana: Company) -> None:
    await ana.deal("open", "5000", rep="ana", on=None, outcome=None)
    before = await everything(ana)
    assert {"opportunity", "credit", "credited", "event", "audit", "touch", "tick", "earning", "estimate"} <= before.keys()
    await supposed(ana, {"deals": [{"opportunity": {"externalId": "open"}}], "newDeals": [{"amount": "10"}]})
    await ask(ana, '{ rep(ref: {externalId: "ana"}) { bestDeals(period: {name: "2026-03"}) { adds { amount } } } }')
    assert await everything(ana) == before


REFUSED: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"deals": [{"opportunity": {"externalId": "nobody's"}}]}, "NOT_FOUND", ["deals", "0", "opportunity", "externalId"]),
    ({"deals": [{"opportunity": {"externalId": "unpriced"}}]}, "INVALID", ["deals", "0", "amount"]),
    ({"deals": [{"opportunity": {"externalId": "deal 1"}, "amount": "1.001"}]}, "INVALID", ["deals", "0", "amount"]),
    ({"deals": [{"opportunity": {"externalId": "deal 1"}, "discount": "0.1"}]}, "INVALID", ["deals", "0", "discount"]),
    ({"deals": [{"opportunity": {"externalId": "deal 1"}}] * 2}, "DUPLICATE", ["deals", "1", "opportunity"]),
    ({"newDeals": [{"amount": "-1"}]}, "INVALID", ["newDeals", "0", "amount"]),
    ({"newDeals": [{"amount": "1", "account": {"externalId": "no"}}]}, "NOT_FOUND", ["newDeals", "0", "account", "externalId"]),
    ({"newDeals": [{"amount": "1", "closedOn": "2031-01-01"}]}, "NO_PERIOD", []),
    ({"newDeals": [{"amount": "1", "currency": "EUR"}]}, "CURRENCY_MISMATCH", ["currency"]),
]


@pytest.mark.parametrize(("scenario", "code", "path"), REFUSED, ids=[f"{code} {'.'.join(path)}" for _, code, path in REFUSED])
async def test_what_cannot_be_supposed_is_a_problem_with_its_path(ana: Company, scenario: Any, code: str, path: list[str]) -> None:
    async with ana.database.transaction() as tx:
        await tx.execute("select spm_tick('test', 'test')")
        await tx.execute(
            "insert into opportunity (external_id, name, owner_id, stage, forecast_category, probability, currency)"
            " select 'unpriced', 'unpriced', id, 'Open', 'PIPELINE', 0.1, 'USD' from rep where external_id = 'ana'"
        )
    found = await supposed(ana, scenario)
    assert [(problem["code"], problem["path"]) for problem in found["problems"]] == [(code, path)]
    assert found["before"] is found["after"] is found["difference"] is None


async def test_a_plugin_that_fails_is_a_problem(ana: Company) -> None:
    await ana.assign(await ana.plan("Broken", ("broken", Broken())), "ana")
    found = await supposed(ana, {"newDeals": [{"amount": "10"}]})
    assert [problem["code"] for problem in found["problems"]] == ["PLUGIN_FAILED"]
    await ana.deal("open", "5000", rep="ana", on=None, outcome=None)
    await ana.won("1", rep="ana", on="2026-03-03")
    body = await ask(
        ana, '{ rep(ref: {externalId: "ana"}) { bestDeals(period: {name: "2026-03"}) { opportunity { name } adds { amount } problem } } }'
    )
    (deal,) = body["data"]["rep"]["bestDeals"]
    assert (deal["opportunity"], deal["adds"]) == ({"name": "open"}, None)
    assert "ZeroDivisionError" in deal["problem"]


async def test_somebody_without_a_plan_earns_nothing_either_way(ana: Company) -> None:
    assert amounts(await supposed(ana, {"newDeals": [{"amount": "10"}]}, rep="cleo")) == ("0.00", "0.00", "0.00")


async def test_deals_of_others_cannot_be_supposed(ana: Company) -> None:
    await ana.deal("cleo's", "1", rep="cleo", on=None, outcome=None)
    (row,) = await ana.rows("select id from rep where external_id = 'ana'")
    found = await supposed(ana, {"deals": [{"opportunity": {"externalId": "cleo's"}}]}, actor=Actor("ana", row["id"], frozenset()))
    assert [problem["code"] for problem in found["problems"]] == ["NOT_FOUND"]


BEST = """query ($first: Int! = 20, $rep: String = "ana") { rep(ref: {externalId: $rep}) {
    bestDeals(period: {name: "2026-03"}, first: $first) {
      opportunity { name owner { name } } closedOn probability adds { amount } addsWeighted { amount currency } } } }"""


async def test_the_deals_that_add_most_come_first(ana: Company) -> None:
    await ana.deal("small", "1000", rep="ana", on=None, outcome=None)
    await ana.deal("big", "5000", rep="ana", on=None, outcome=None, expected_close_on=date(2026, 3, 28))
    await ana.deal("later", "9000", rep="ana", on=None, outcome=None, expected_close_on=date(2026, 5, 1))
    await ana.deal("cleo's", "7000", rep="cleo", on=None, outcome=None)
    body = await ask(ana, BEST)
    assert body["data"]["rep"]["bestDeals"] == [
        {
            "opportunity": {"name": "big", "owner": {"name": "Ana"}},
            "closedOn": "2026-03-28",
            "probability": "0.5",
            "adds": {"amount": "340.00"},
            "addsWeighted": {"amount": "170.00", "currency": "USD"},
        },
        {
            "opportunity": {"name": "small", "owner": {"name": "Ana"}},
            "closedOn": "2026-03-15",
            "probability": "0.5",
            "adds": {"amount": "50.00"},
            "addsWeighted": {"amount": "25.00", "currency": "USD"},
        },
    ]
    assert len((await ask(ana, BEST, first=1))["data"]["rep"]["bestDeals"]) == 1
    of_bo = (await ask(ana, BEST, rep="bo"))["data"]["rep"]["bestDeals"]
    assert [(deal["opportunity"]["name"], deal["adds"]["amount"]) for deal in of_bo] == [("big", "0.00"), ("small", "0.00")]


async def test_compiled_and_calculated_fields_stand_in_one_document(ana: Company) -> None:
    await ana.deal("big", "5000", rep="ana", on=None, outcome=None)
    document = """query Q($amount: Decimal!, $tiers: Boolean = false) {
      __typename
      boss: rep(ref: {externalId: "bo"}) { reports(first: 1) { nodes { ...Said id } } }
      measures { name }
    }
    fragment Said on Rep { one: whatIf(scenario: {newDeals: [{amount: $amount}]}) { ...D __typename }
      two: whatIf(scenario: {newDeals: [{amount: "2000"}]}) { ... on WhatIf { ...D } byComponent @include(if: $tiers) { name } }
      bestDeals(period: {on: {date: "2026-03-01", kind: MONTH}}) { opportunity { name stage } } name }
    fragment D on WhatIf { adds: difference { amount } }"""
    body = await ask(ana, document, amount="1000")
    assert list(body["data"]) == ["__typename", "boss", "measures"]
    (found,) = body["data"]["boss"]["reports"]["nodes"]
    assert list(found) == ["one", "two", "bestDeals", "name", "id"]
    assert found["one"] == {"adds": {"amount": "50.00"}, "__typename": "WhatIf"}
    assert found["two"] == {"adds": {"amount": "100.00"}}
    assert found["bestDeals"] == [{"opportunity": {"name": "big", "stage": "Open"}}]


async def test_what_is_compiled_and_what_is_calculated_are_of_one_moment(ana: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    await ana.deal("big", "5000", rep="ana", on=None, outcome=None)
    document = """{ before: position rep(ref: {externalId: "ana"}) {
        pipeline { openCount }
        one: whatIf(scenario: {newDeals: [{amount: "1000"}]}) { position before { amount } }
        bestDeals(period: {on: {date: "2026-03-01", kind: MONTH}}) { opportunity { name } }
        two: whatIf(scenario: {newDeals: [{amount: "1000"}]}) { position before { amount } }
    } after: position }"""
    then = await ask(ana, document)
    assert then["data"]["rep"]["one"] == then["data"]["rep"]["two"] == {"position": then["data"]["before"], "before": {"amount": "400.00"}}
    calculated = what_if.what_if

    async def between(*given: Any, **options: Any) -> Any:
        """Something is written before it is calculated, and again before what was calculated is read."""
        for step in range(2):
            said = await calculated(*given, **options) if step else None
            await ana.won("1000", rep="ana", on="2026-03-01")
            async with ana.database.transaction() as tx:
                await clock.tick(tx, "somebody", "opportunityUpsert")
                await tx.execute("update opportunity set name = name || '!'")
        return said

    monkeypatch.setattr(what_if, "what_if", between)
    assert await ask(ana, document) == then
    monkeypatch.undo()
    now = (await ask(ana, document))["data"]["rep"]
    assert (now["two"]["before"], now["bestDeals"]) == ({"amount": "660.00"}, [{"opportunity": {"name": "big!!!!"}}])


async def test_it_is_for_one_rep_of_a_document(ana: Company) -> None:
    two = '{ a: rep(ref: {externalId: "ana"}) { ...D } b: rep(ref: {externalId: "bo"}) { ...D } } fragment D on Rep '
    two += "{ whatIf(scenario: {}) { position } }"
    (error,) = (await ask(ana, two))["errors"]
    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
    (error,) = (await ask(ana, "{ reps { nodes { whatIf(scenario: {}) { position } } } }"))["errors"]
    assert error["message"] == "calculations 20 exceeds the limit of 10"


async def test_nobody_sees_the_pay_of_whom_they_may_not_see(ana: Company) -> None:
    (row,) = await ana.rows("select id from rep where external_id = 'cleo'")
    stranger = Actor("cleo", row["id"], frozenset())
    body = await ask(ana, WHAT_IF, stranger, scenario={})
    assert body == {"data": {"rep": None}}
