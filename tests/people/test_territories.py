"""Territories: the hierarchy, the rules that fill them, what is done by hand, and what nobody covers."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from spm_graph.actions import measures, rules, territories
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import AccountAttribute, Grant, Role
from spm_graph.store.visibility import Actor
from tests.company import Company
from tests.pay.test_runs import code_of

JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


async def filled(company: Company) -> None:
    """Iberia, for Portugal and Spain; retail, for shops anywhere; and four accounts."""
    await company.territory("iberia", country=("PT", "ES"))
    await company.territory("shops", industry=("retail",))
    await company.territory("shops of iberia", parent="iberia", country=("PT", "ES"), industry=("retail",))
    for key, industry, country in (("kappa", "retail", "PT"), ("lambda", "medical", "ES"), ("mu", "retail", "DE"), ("nu", None, None)):
        await company.account(key, industry, country)


async def places(company: Company) -> list[tuple[str, str, str]]:
    """Which account is in which territory, and when."""
    found = await company.rows(
        "select account.external_id, territory.external_id as territory, effective::text from account_territory"
        " join account on account.id = account_id join territory on territory.id = territory_id order by 1, 2, effective"
    )
    return [(row["external_id"], row["territory"], row["effective"]) for row in found]


async def test_rules_put_accounts_where_they_fulfil_all_of_them_and_applying_them_again_changes_nothing(company: Company) -> None:
    await filled(company)
    assert await company.assign_by_rules() == (5, 0)
    expected = [
        ("kappa", "iberia", "[2026-01-01,)"),
        ("kappa", "shops", "[2026-01-01,)"),
        ("kappa", "shops of iberia", "[2026-01-01,)"),
        ("lambda", "iberia", "[2026-01-01,)"),
        ("mu", "shops", "[2026-01-01,)"),
    ]
    assert await places(company) == expected
    assert await company.assign_by_rules() == (0, 0)
    assert await company.assign_by_rules("2026-05-01") == (0, 0)
    assert await places(company) == expected


async def test_an_account_or_a_rule_that_changes_moves_accounts_from_the_day_on(company: Company) -> None:
    await filled(company)
    await company.assign_by_rules()
    await company.account("lambda", "medical", "FR")
    await company.territory("shops", industry=("medical",))
    assert await company.assign_by_rules("2026-04-01") == (1, 3)
    assert await places(company) == [
        ("kappa", "iberia", "[2026-01-01,)"),
        ("kappa", "shops", "[2026-01-01,2026-04-01)"),
        ("kappa", "shops of iberia", "[2026-01-01,)"),
        ("lambda", "iberia", "[2026-01-01,2026-04-01)"),
        ("lambda", "shops", "[2026-04-01,)"),
        ("mu", "shops", "[2026-01-01,2026-04-01)"),
    ]
    assert await company.assign_by_rules("2026-02-01") == (1, 3)
    assert await company.assign_by_rules("2026-02-01") == (0, 0)
    assert ("lambda", "shops", "[2026-02-01,)") in await places(company)
    assert ("mu", "shops", "[2026-01-01,2026-02-01)") in await places(company)


async def test_rules_leave_alone_what_was_done_by_hand(company: Company) -> None:
    await filled(company)
    await company.put("nu", "iberia", "2026-03-01")
    await company.put("lambda", "iberia", "2026-02-01")
    assert await company.assign_by_rules() == (4, 0)
    assert [place for place in await places(company) if place[0] in {"nu", "lambda"}] == [
        ("lambda", "iberia", "[2026-02-01,)"),
        ("nu", "iberia", "[2026-03-01,)"),
    ]
    await company.put("nu", "iberia", "2026-05-01", assigned=False)
    assert ("nu", "iberia", "[2026-03-01,2026-05-01)") in await places(company)


async def test_who_works_a_territory_is_dated_and_several_may(company: Company) -> None:
    await company.hire("ana", "bo")
    await company.territory("iberia")
    await company.works("ana", "iberia")
    await company.works("bo", "iberia", starts="2026-02-01", ends="2026-03-01")
    await company.works("ana", "iberia", starts="2026-04-01", ends="2026-05-01", assigned=False)
    found = await company.rows("select name, effective::text from territory_assignment join rep on rep.id = rep_id order by 1, 2")
    assert [(row["name"], row["effective"]) for row in found] == [
        ("Ana", "[2026-01-01,2026-04-01)"),
        ("Ana", "[2026-05-01,)"),
        ("Bo", "[2026-02-01,2026-03-01)"),
    ]


async def test_a_territory_is_never_a_part_of_itself_not_even_by_two_changes_at_once(company: Company) -> None:
    await company.territory("a")
    await company.territory("b", parent="a")
    await company.territory("c", parent="b")
    assert await code_of(company.territory("a", parent="c")) == ProblemCode.CYCLE
    assert await code_of(company.territory("a", parent="a")) == ProblemCode.CYCLE
    await company.territory("d")
    outcomes = await asyncio.gather(company.territory("d", parent="a"), company.territory("a", parent="d"), return_exceptions=True)
    (refused,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(refused, Refused)
    assert refused.problems[0].code == ProblemCode.CYCLE


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((territories.TerritoryRuleGiven(AccountAttribute.COUNTRY, ("PT",)),) * 2, ProblemCode.DUPLICATE),
        ((territories.TerritoryRuleGiven(AccountAttribute.COUNTRY, ()),), ProblemCode.INVALID),
        ((territories.TerritoryRuleGiven(AccountAttribute.COUNTRY, ("PT", " ")),), ProblemCode.INVALID),
    ],
)
async def test_rules_that_say_nothing_or_twice_are_refused(
    company: Company, rules: tuple[territories.TerritoryRuleGiven, ...], expected: ProblemCode
) -> None:
    assert await code_of(company.do(territories.upsert, territories.TerritoryUpsert("a", "A", None, rules))) == expected


async def test_a_territory_takes_either_a_rep_or_an_account(company: Company) -> None:
    await company.hire("ana")
    await filled(company)
    where, ana, kappa = Ref(external_id="iberia"), Ref(external_id="ana"), Ref(external_id="kappa")
    for command in (
        territories.TerritoryAssign(where, JULY),
        territories.TerritoryAssign(where, JULY, rep=ana, account=kappa),
        territories.TerritoryAssign(where, JULY, JULY, rep=ana),
    ):
        assert await code_of(company.do(territories.assign, command)) == ProblemCode.INVALID
    for act, late in (
        (territories.assign, territories.TerritoryAssign(where, JANUARY, rep=ana)),
        (territories.assign_by_rules, territories.AccountsAssignByRules(JANUARY)),
    ):
        assert await code_of(company.do(act, late)) == ProblemCode.BACKDATING_UNDECIDED
    nobody = territories.TerritoryAssign(Ref(external_id="nowhere"), JULY, rep=ana)
    assert await code_of(company.do(territories.assign, nobody)) == ProblemCode.NOT_FOUND


async def test_accounts_are_moved_by_who_sees_all_and_a_rep_by_who_sees_them(company: Company) -> None:
    await company.hire("ana", "bo")
    await filled(company)
    rows = await company.rows("select id from rep where name = 'Bo'")
    planner = Actor("planner", rows[0]["id"], frozenset({Grant.PLAN}))
    where = Ref(external_id="iberia")
    moved = territories.TerritoryAssign(where, JULY, account=Ref(external_id="kappa"))
    for act, command in (
        (territories.upsert, territories.TerritoryUpsert("iberia", "Mine")),
        (territories.assign, moved),
        (territories.assign_by_rules, territories.AccountsAssignByRules(JULY)),
    ):
        assert await code_of(company.do(act, command, planner)) == ProblemCode.NOT_PERMITTED
    other = territories.TerritoryAssign(where, JULY, rep=Ref(external_id="ana"))
    assert await code_of(company.do(territories.assign, other, planner)) == ProblemCode.NOT_FOUND
    await company.do(territories.assign, territories.TerritoryAssign(where, JULY, rep=Ref(external_id="bo")), planner)


async def credited(company: Company) -> list[tuple[str, str, Decimal]]:
    """Who is credited for a territory, and with how much."""
    found = await company.rows(
        "select rep.name, role, sum(amount) as amount from credit join rep on rep.id = rep_id join measure on measure.id = measure_id"
        " where superseded_position is null and measure.name = 'territory' group by 1, 2 order by 1, 2"
    )
    return [(row["name"], row["role"], row["amount"]) for row in found]


async def sold_in_iberia(company: Company) -> None:
    """Sales to Kappa in February and April, and credits for whoever works its territory."""
    await company.hire("ana", "bo")
    await filled(company)
    await company.do(measures.set_measure, measures.MeasureSet("territory", roles=(Role.TERRITORY,)))
    await company.do(rules.set_rule, rules.CreditingRuleSet("territory", Role.TERRITORY, JANUARY, territory=Ref(external_id="iberia")))
    await company.won("100", rep="bo", on="2026-02-10", account=Ref(external_id="kappa"))
    await company.won("1000", rep="bo", on="2026-04-10", account=Ref(external_id="kappa"))


async def test_deals_are_credited_again_when_a_territory_gets_somebody_or_an_account_since_an_earlier_day(company: Company) -> None:
    await sold_in_iberia(company)
    await company.works("ana", "iberia", starts="2026-03-01")
    assert await credited(company) == []
    await company.assign_by_rules()
    assert await credited(company) == [("Ana", "TERRITORY", 1000)]
    await company.works("ana", "iberia")
    assert await credited(company) == [("Ana", "TERRITORY", 1100)]
    await company.account("kappa", "retail", "DE")
    await company.assign_by_rules("2026-04-01")
    assert await credited(company) == [("Ana", "TERRITORY", 100)]
    await company.put("kappa", "iberia", "2026-04-01")
    assert await credited(company) == [("Ana", "TERRITORY", 1100)]
    await company.leaves("ana", "2026-03-31")
    assert await credited(company) == [("Ana", "TERRITORY", 100)]


async def test_deals_are_credited_again_when_a_territory_moves_under_another(company: Company) -> None:
    await sold_in_iberia(company)
    await company.works("ana", "shops")
    await company.assign_by_rules()
    assert await credited(company) == []
    await company.territory("shops", parent="iberia", industry=("retail",))
    assert await credited(company) == [("Ana", "TERRITORY", 1100)]
    await company.territory("shops", industry=("retail",))
    assert await credited(company) == []
