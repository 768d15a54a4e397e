"""Crediting rules: specialists by product, reps by territory, on top of a deal's own people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from spm_graph.actions import rules
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Role
from tests.company import Company


async def world(company: Company) -> None:
    """Ana sells hardware to Acme, which is in the north, inside the whole country; Bo works the north."""
    await company.hire("ana", "bo", "spec")
    async with company.database.transaction() as tx:
        await tx.scalar("select spm_tick('test', 'setUp')")
        await tx.execute("insert into account (external_id, name) values ('acme', 'Acme')")
        await tx.execute("insert into product (external_id, name, family, currency) values ('box', 'Box', 'hardware', 'USD')")
        await tx.execute("insert into territory (external_id, name) values ('country', 'Country')")
        await tx.execute("insert into territory (external_id, name, parent_id) values ('north', 'North', 1)")
        placed = "insert into account_territory (account_id, territory_id, effective, by_rule)"
        await tx.execute(f"{placed} values (1, 2, '[2026-01-01,)', false)")
        await tx.execute("insert into territory_assignment (territory_id, rep_id, effective) values (2, 2, '[2026-02-01,)')")


async def sell(company: Company, key: str, on: str) -> str:
    """A box to Acme."""
    return await company.deal(key, "1000", rep="ana", on=on, account=Ref(external_id="acme"), product=Ref(external_id="box"))


async def rule(company: Company, name: str, role: Role, **more: object) -> None:
    """Set a rule for the whole of 2026."""
    await company.do(rules.set_rule, rules.CreditingRuleSet(name, role, date(2026, 1, 1), **more))  # type: ignore[arg-type]


async def on_top(company: Company) -> list[tuple[str, str, str]]:
    """Live credits by rule, by rep, role and amount."""
    found = await company.rows(
        "select rep.external_id as rep, role, credit.amount from credit join rep on rep.id = credit.rep_id"
        " where superseded_position is null and role in ('OVERLAY', 'TERRITORY') order by 1, 2, 3"
    )
    return [(row["rep"], row["role"], str(row["amount"])) for row in found]


async def test_a_specialist_is_credited_on_a_familys_deals_of_the_rules_dates(company: Company) -> None:
    await world(company)
    await company.measured("everything", Role.OVERLAY, Role.TERRITORY)
    await sell(company, "early", "2026-01-10")
    hardware = {"rep": Ref(external_id="spec"), "product_family": "hardware", "share": Decimal("0.25")}
    await rule(company, "hardware", Role.OVERLAY, **hardware)
    assert await on_top(company) == [("spec", "OVERLAY", "250.00"), ("spec", "OVERLAY", "250.00")]
    await rule(company, "hardware", Role.OVERLAY, **{**hardware, "product_family": "software"})
    assert await on_top(company) == []


async def test_a_territory_credits_who_works_it_on_the_deals_day_also_from_inside(company: Company) -> None:
    await world(company)
    await company.measured("territory", Role.TERRITORY)
    await rule(company, "country", Role.TERRITORY, territory=Ref(external_id="country"))
    await sell(company, "before Bo came", "2026-01-10")
    later = await sell(company, "later", "2026-02-10")
    assert await on_top(company) == [("bo", "TERRITORY", "1000.00")]
    await company.refund(later, on="2026-03-01", amount="-400")
    assert await on_top(company) == [("bo", "TERRITORY", "-400.00"), ("bo", "TERRITORY", "1000.00")]


async def test_nobody_gets_the_territorys_credit_for_a_deal_of_their_own(company: Company) -> None:
    await world(company)
    await company.measured("territory", Role.TERRITORY)
    await rule(company, "country", Role.TERRITORY)
    await company.deal("own", "1000", rep="bo", on="2026-02-10", account=Ref(external_id="acme"))
    assert await on_top(company) == []


async def test_a_rule_that_credits_nobody_or_everything_twice_is_refused(company: Company) -> None:
    await world(company)
    with pytest.raises(Refused, match="an overlay names the rep who is credited"):
        await rule(company, "nobody", Role.OVERLAY)
    with pytest.raises(Refused, match="DIRECT follows from the deal itself"):
        await rule(company, "direct", Role.DIRECT)


async def test_a_rule_for_a_product_counts_its_deals_beside_other_rules_by_the_largest_share(company: Company) -> None:
    await world(company)
    async with company.database.transaction() as tx:
        await tx.scalar("select spm_tick('test', 'setUp')")
        await tx.execute("insert into product (external_id, name, family, currency) values ('seat', 'Seat', 'cloud', 'USD')")
    for name, more in (
        ("boxes", {"product": Ref(external_id="box"), "share": Decimal("1.5")}),
        ("hardware", {"product_family": "hardware", "share": Decimal("0.25")}),
        ("everything", {"share": Decimal("0.1")}),
    ):
        await rule(company, name, Role.OVERLAY, rep=Ref(external_id="spec"), **more)
    await sell(company, "a box", "2026-02-10")
    await company.deal("a seat", "500", rep="ana", on="2026-02-11", product=Ref(external_id="seat"))
    assert await on_top(company) == [("spec", "OVERLAY", "50.00"), ("spec", "OVERLAY", "1500.00")]
