"""Sharing targets out as quotas: the parts sum to the whole, and what makes no sense is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spm_graph.actions import allocations, measures, reps
from spm_graph.actions.allocations import AllocationShare, QuotasAllocate
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.allocation import Growth
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import AllocationBase, AllocationWeights, Grant, MeasureBasis, Proration
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR, Company

CENT = Decimal("0.01")


async def allocate(company: Company, period: str, actor: Actor = ADMINISTRATOR, **more: Any) -> dict[str, Any]:
    """Share out bookings, equally unless said otherwise; the values of the outcome, and its position."""
    terms = {"base": AllocationBase.TOTAL, "weights": AllocationWeights.EQUAL, "measure": "bookings"} | more
    outcome = await company.do(allocations.allocate, QuotasAllocate(period=PeriodRef(name=period), **terms), actor)
    return {**outcome.values, "position": outcome.position}


def full(values: dict[str, Any]) -> dict[str, str]:
    return {each["rep"]["name"]: each["fullValue"]["value"] for each in values["allocations"]}


def among(**weights: str | None) -> tuple[AllocationShare, ...]:
    return tuple(AllocationShare(Ref(external_id=name), Decimal(weight) if weight else None) for name, weight in weights.items())


async def quotas(company: Company) -> list[tuple[str, str]]:
    found = await company.rows(
        "select rep.external_id, sum(value) as value from quota_part join rep on rep.id = rep_id group by 1 order by 1"
    )
    return [(row["external_id"], str(row["value"])) for row in found]


@given(st.integers(1, 10**9), st.integers(-90, 300), st.integers(0, 90), st.integers(10, 300))
def test_factors_multiply_in_order_and_the_last_step_is_in_cents(cents: int, growth: int, relief: int, over: int) -> None:
    base = Decimal(cents).scaleb(-2)
    factors = [Decimal(percent).scaleb(-2) for percent in (growth, relief, over)]
    steps = Growth(*factors).of(base, "the target", CENT)
    assert steps[-1].amount == (base * (1 + factors[0]) * (1 - factors[1]) * factors[2]).quantize(CENT, "ROUND_HALF_UP")
    assert all(step.base == earlier.amount for earlier, step in pairwise(steps[:-1]))


async def test_a_total_is_shared_by_given_weights_and_sums_to_the_cent(company: Company) -> None:
    await company.hire("ana", "bo", "cleo")
    values = await allocate(company, "2026-Q1", total=Decimal(1000), weights=AllocationWeights.GIVEN, reps=among(ana="1", bo="1", cleo="4"))
    assert full(values) == {"Ana": "166.67", "Bo": "166.67", "Cleo": "666.66"}
    assert await quotas(company) == [("ana", "166.67"), ("bo", "166.67"), ("cleo", "666.66")]


async def test_by_credits_everybody_gets_in_proportion_to_what_they_sold_before_openings_included(company: Company) -> None:
    await company.hire("ana", "bo")
    await company.won("3000", rep="ana", on="2026-02-10")
    await company.opening("bo", "2026-01-01", "2026-03-01", "500")
    await company.won("500", rep="bo", on="2026-03-10")
    given: dict[str, Any] = {"base": AllocationBase.CREDITED, "weights": AllocationWeights.CREDITED, "reps": among(ana=None, bo=None)}
    assert full(await allocate(company, "2026-Q2", **given, growth=Decimal("0.2"))) == {"Ana": "3600.00", "Bo": "1200.00"}
    earlier = {**given, "based_on": PeriodRef(name="2026-02")}
    with pytest.raises(Refused, match="Bo was credited nothing then, and would get nothing"):
        await allocate(company, "2026-Q2", **earlier)
    with pytest.raises(Refused, match="there is no period before 2026-Q1: say on which it is based"):
        await allocate(company, "2026-Q1", **given)


async def test_a_managers_quota_goes_to_who_reports_to_them_on_the_first_day(company: Company) -> None:
    await company.hire("boss")
    await company.hire("ana", "bo", manager="boss")
    await company.hire("late", manager="boss", starts="2026-04-15")
    await company.quota("boss", "2026", "12000")
    values = await allocate(company, "2026-Q2", base=AllocationBase.QUOTA, manager=Ref(external_id="boss"), over_assignment=Decimal("1.1"))
    assert full(values) == {"Ana": "1650.00", "Bo": "1650.00"}
    assert values["steps"][0] == {"says": "the quota of Boss for 2026-Q2", "base": "3000", "rate": "1", "amount": "3000"}


async def test_what_is_set_is_prorated_and_spread_as_quotas_are(company: Company) -> None:
    await company.do(reps.upsert, reps.RepUpsert(external_id="ana", name="Ana", hired_on=date(2026, 2, 1)))
    await company.hire("bo")
    weights = tuple(map(Decimal, (1, 1, 2)))
    values = await allocate(
        company, "2026-Q1", total=Decimal(800), reps=among(ana=None, bo=None), seasonality=weights, proration=Proration.WHOLE_MONTHS
    )
    assert [(each["fullValue"]["value"], each["value"]["value"]) for each in values["allocations"]] == [
        ("400.00", "300.00"),
        ("400.00", "400.00"),
    ]
    assert await quotas(company) == [("ana", "300.00"), ("bo", "400.00")]


async def test_a_preview_says_the_same_and_sets_nothing(company: Company) -> None:
    await company.hire("ana", "bo")
    given: dict[str, Any] = {"total": Decimal("100.01"), "reps": among(ana=None, bo=None)}
    before = await company.rows("select position from clock")
    seen = await allocate(company, "2026", **given, preview=True)
    assert (seen["position"], await quotas(company), await company.rows("select position from clock")) == (None, [], before)
    done = await allocate(company, "2026", **given)
    assert full(seen) == full(done) == {"Ana": "50.01", "Bo": "50.00"}
    assert [each["quota"] for each in seen["allocations"]] == [None, None]
    assert all(each["quota"].startswith("quota_") for each in done["allocations"])


async def test_units_are_shared_in_hundredths(company: Company) -> None:
    await company.do(measures.set_measure, measures.MeasureSet("boxes", basis=MeasureBasis.QUANTITY))
    await company.hire("ana", "bo", "cleo")
    values = await allocate(company, "2026", measure="boxes", total=Decimal(10), reps=among(ana=None, bo=None, cleo=None))
    assert [each["fullValue"] for each in values["allocations"]] == [
        {"value": "3.34", "unit": "units"},
        {"value": "3.33", "unit": "units"},
        {"value": "3.33", "unit": "units"},
    ]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"reps": ("ana",)}, "a total is given for the base TOTAL, and for no other"),
        ({"total": "5"}, "nobody to get a quota: give a manager or reps"),
        ({"total": "5", "manager": "ana"}, "nobody reports to Ana on 2026-01-01: give the reps"),
        ({"base": AllocationBase.QUOTA, "reps": ("ana",)}, "whose quota is to be shared out?"),
        ({"base": AllocationBase.QUOTA, "manager": "ana", "reps": ("bo",)}, "nothing to share out: the quota of Ana for 2026 comes to 0"),
        ({"total": "0", "reps": ("ana",)}, "nothing to share out: the target comes to 0"),
        ({"total": "5", "reps": ("ana", "ana")}, "Ana is named twice"),
        ({"total": "5", "reps": ("ana",), "weights": AllocationWeights.GIVEN}, "weights beside the reps are for GIVEN"),
        ({"total": "5", "reps": ("ana", "eve")}, "they are paid in EUR and USD: share out in each currency by itself"),
        ({"total": "0.01", "reps": ("ana", "bo")}, "Bo would get nothing: leave them out, or give other weights"),
        ({"total": "5", "reps": ("ana",), "growth": Decimal(-1)}, "-1 is no growth"),
        ({"total": "5", "reps": ("ana",), "attrition_relief": Decimal(1)}, "1 is no relief"),
        ({"total": "5", "reps": ("ana",), "over_assignment": Decimal(0)}, "0 is no over-assignment"),
        ({"total": "5", "reps": ("ana",), "seasonality": (Decimal(1),)}, "1 weights for a quota of 12 months; expected 12 or 4"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_sets_nothing(company: Company, more: dict[str, Any], refusal: str) -> None:
    await company.hire("ana", "bo")
    await company.do(reps.upsert, reps.RepUpsert(external_id="eve", name="Eve", currency="EUR"))
    given = dict(more)
    given["reps"] = named(*more.get("reps", ()))
    given |= {"total": Decimal(more["total"])} if "total" in more else {}
    given |= {"manager": Ref(external_id=more["manager"])} if "manager" in more else {}
    for preview in (True, False):
        with pytest.raises(Refused, match=refusal.replace("?", r"\?")):
            await allocate(company, "2026", **given, preview=preview)
    assert await quotas(company) == []


def named(*names: str) -> tuple[AllocationShare, ...]:
    return tuple(AllocationShare(Ref(external_id=name)) for name in names)


async def test_a_planner_shares_out_among_those_that_they_see_only(company: Company) -> None:
    await company.hire("boss", "stranger")
    await company.hire("ana", manager="boss")
    (boss,) = await company.rows("select id from rep where external_id = 'boss'")
    planner = Actor("boss", boss["id"], frozenset({Grant.PLAN}))
    await allocate(company, "2026", planner, total=Decimal(5), reps=among(ana=None))
    with pytest.raises(Refused) as refused:
        await allocate(company, "2026", planner, total=Decimal(5), reps=among(ana=None, stranger=None))
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == (ProblemCode.NOT_FOUND, ("reps", "1", "rep", "externalId"))
    with pytest.raises(Refused, match="This needs the grant PLAN"):
        await allocate(company, "2026", Actor("boss", boss["id"], frozenset()), total=Decimal(5), reps=among(ana=None))
