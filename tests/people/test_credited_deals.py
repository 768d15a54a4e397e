"""Which deals of others somebody is credited on: a table that the database keeps, whoever writes what and when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal

import asyncpg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError

from spm_graph.store import clock
from spm_graph.store.database import Transaction, plain
from tests.company import Company
from tests.conftest import execute
from tests.pay.test_races import interleaved

LISTED = """
select rep.external_id as rep, deal.external_id as deal, owner.external_id as owner,
       listed.amount, listed.opened_on, listed.expected_close_on, listed.closed_on,
       (listed.amount, listed.opened_on, listed.expected_close_on, listed.closed_on)
       is not distinct from (deal.amount, deal.opened_on, deal.expected_close_on, deal.closed_on) as as_the_deal
from credited_deal as listed
join rep on rep.id = listed.rep_id join rep as owner on owner.id = listed.owner_id join opportunity as deal on deal.id = opportunity_id
order by 2, 1
"""

# What keeps them, without its lock.
UNLOCKED = """
do $$
declare
    kept text;
begin
    foreach kept in array array['spm_list_credited(bigint[])', 'spm_credits_begun()'] loop
        execute replace(pg_get_functiondef(kept::regprocedure), 'perform from clock for update;', '');
    end loop;
end $$
"""


async def listed(company: Company) -> list[str]:
    """Who is credited on which deal, and whose it is."""
    rows = await company.rows(LISTED)
    assert all(row["as_the_deal"] for row in rows)
    return [f"{row['rep']} {row['deal']} of {row['owner']}" for row in rows]


async def written(company: Company, *statements: str) -> None:
    """Something is written past all acts."""
    async with company.database.transaction() as tx:
        await clock.tick(tx, "test", "test")
        for statement in statements:
            await tx.execute(statement)


@pytest.fixture
async def team(company: Company) -> str:
    """Ana's deal, of which her manager Mia has a credit, too."""
    await company.hire("mia")
    await company.hire("ana", manager="mia")
    await company.hire("bo")
    return await company.won("1000", rep="ana", on="2026-01-10")


async def test_whoever_is_credited_beside_the_owner_has_the_deal_listed(company: Company, team: str) -> None:
    await company.deal("open", "500", rep="ana", on=None, outcome=None)
    assert await listed(company) == [f"mia {team} of ana"]
    await company.split(team, ana="0.5", bo="0.5")
    assert await listed(company) == [f"bo {team} of ana", f"mia {team} of ana"]
    await company.split(team, bo="1")
    assert await listed(company) == [f"bo {team} of ana"]


async def test_a_deal_that_changes_hands_is_listed_for_who_had_it_as_long_as_they_are_credited(company: Company, team: str) -> None:
    await written(company, "update opportunity set owner_id = (select id from rep where external_id = 'bo')")
    assert await listed(company) == [f"ana {team} of bo", f"mia {team} of bo"]
    await written(company, "update opportunity set owner_id = (select id from rep where external_id = 'mia')")
    assert await listed(company) == [f"ana {team} of mia"]


@pytest.mark.parametrize(
    "change",
    [
        "amount = 7.5",
        "opened_on = '2026-02-01'",
        "expected_close_on = null",
        "closed_on = '2026-04-01', outcome = 'LOST'",
        "amount = null, closed_on = null, outcome = null, opened_on = null",
        "name = 'Another'",
    ],
)
async def test_they_have_what_deals_are_listed_by_as_it_changes(company: Company, team: str, change: str) -> None:
    await written(company, f"update opportunity set {change}")
    assert await listed(company) == [f"mia {team} of ana"]


async def test_what_is_listed_goes_with_the_last_credit(company: Company, team: str) -> None:
    ended = "update credit set superseded_position = made_position + 1 where role = 'ROLLUP'"
    again = "update credit set superseded_position = null where role = 'ROLLUP'"
    await written(company, "update credit set amount = amount + 1")
    assert await listed(company) == [f"mia {team} of ana"]
    await written(company, ended)
    assert await listed(company) == []
    await written(company, again, "delete from credit where role = 'DIRECT'")
    assert await listed(company) == [f"mia {team} of ana"]
    await written(company, "delete from credit")
    assert await listed(company) == []


async def test_one_of_several_credits_may_go(company: Company, team: str) -> None:
    await company.refund(team, "2026-02-10", "-100")
    assert await listed(company) == [f"mia {team} of ana"]
    await written(company, "delete from credit where id = (select max(id) from credit where role = 'ROLLUP')")
    assert await listed(company) == [f"mia {team} of ana"]


async def test_no_credit_comes_before_its_deal_and_none_is_left_without_it(company: Company, team: str) -> None:
    """So there is nothing to be done for a deal that is new, or goes."""
    for statement in ("delete from opportunity", "update credit set opportunity_id = 4711"):
        with pytest.raises(IntegrityError, match="opportunity_id_fkey"):
            await written(company, statement)
    (constraint,) = await company.rows("select condeferrable from pg_constraint where conname = 'credit_opportunity_id_fkey'")
    assert not constraint["condeferrable"]
    assert await listed(company) == [f"mia {team} of ana"]


async def test_the_application_does_not_write_them_itself(company: Company, database_url: str) -> None:
    connection = await asyncpg.connect(plain(make_url(database_url)), server_settings={"role": "spm_app"})
    for statement in ("delete from credited_deal", "update credited_deal set amount = 1", "insert into credited_deal values (1, 1, 1)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def repriced(tx: Transaction) -> None:
    """The deal is worth twice as much: the clock is held meanwhile, as by everybody who ticks."""
    await clock.tick(tx, "test", "test")
    await tx.execute("update opportunity set amount = 2000")


async def credited(tx: Transaction) -> None:
    """Bo is credited on it by hand, without a tick."""
    await tx.execute(
        "insert into credit (transaction_id, opportunity_id, rep_id, role, measure_id, dated, share, amount, units, currency,"
        " sold_amount, sold_currency, fx_rate, made_position)"
        " select sold.id, opportunity_id, rep.id, 'OVERLAY', 1, dated, 1, 1, 1, sold.currency, 1, sold.currency, 1, 1"
        " from transaction as sold join rep on rep.external_id = 'bo'"
    )


Act = Callable[[Transaction], Awaitable[None]]


async def at_once(company: Company, first: Act, second: Act) -> list[Decimal]:
    """What a deal of 1,000 is listed with for Bo after both acts."""
    await company.hire("ana", "bo")
    await company.won("1000", rep="ana", on="2026-01-10")
    assert await interleaved(company, first, second) is None
    return [row["amount"] for row in await company.rows(LISTED)]


@pytest.mark.parametrize("acts", [(repriced, credited), (credited, repriced)])
async def test_a_credit_and_a_change_at_the_same_time_know_of_each_other(company: Company, acts: tuple[Act, Act]) -> None:
    assert await at_once(company, *acts) == [Decimal(2000)]


@pytest.mark.parametrize(("acts", "expected"), [((repriced, credited), [Decimal(1000)]), ((credited, repriced), [Decimal(1000)])])
async def test_without_the_lock_they_do_not(company: Company, database_url: str, acts: tuple[Act, Act], expected: list[Decimal]) -> None:
    await execute(database_url, UNLOCKED)
    assert await at_once(company, *acts) == expected
