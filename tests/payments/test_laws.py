"""Whatever happens in whatever order: nothing is lost, nothing is paid twice, and what a statement shows is what closing books."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Debt, DrawKind, Release, TransactionKind
from spm_graph.store.database import Database
from tests.company import Company, Flat
from tests.conftest import copied, execute, named

from .conftest import Payroll, months, ref

MONTHS = months(5)
REPS = ("ana", "bo")
SUMMED = ("opening", "earned", "adjustments", "held", "released", "drawn", "recovered", "written_off", "owed", "due")

# A month's earnings as a posting books them, without the calculation behind: whose, by which component, on which deal, how much.
BOOK = """
with started as (
    insert into run (period_id, state, position, shards, shards_done, started_by, excluded)
    select id, 'POSTED', :position, 0, 0, 'test', '{}' from period where name = :month returning id, period_id
), posted as (
    insert into posting (position, run_id, period_id) select :position, id, period_id from started returning id, period_id
), line as (
    insert into earning (posting_id, rep_id, component_id, kind, span, key, period_id, amount, currency, steps, position)
    select posted.id, rep.id, :component, 'EARNED', period.effective, cast(:key as text), period.id, cast(:amount as numeric), 'USD', '[]',
           :position
    from posted join period on period.id = posted.period_id join rep on rep.external_id = :rep
    returning id, rep_id, component_id, period_id, amount
), shared as (
    insert into earning_credit (earning_id, transaction_id, role, amount)
    select line.id, sold.id, 'DIRECT', line.amount
    from line join opportunity as deal on deal.external_id = :deal
    join transaction as sold on sold.opportunity_id = deal.id and sold.kind = 'ORDER'
)
insert into earned as balance (rep_id, period_id, component_id, currency, amount, position)
select rep_id, period_id, component_id, 'USD', amount, :position from line
on conflict (rep_id, period_id, component_id, currency) do update set amount = balance.amount + excluded.amount
"""


@dataclass(frozen=True)
class Act:
    """Something that happens to a rep in a month."""

    kind: str
    deal: int
    component: int
    amount: Decimal
    choice: int


acts = st.builds(
    Act,
    st.sampled_from(["earn", "earn", "earn", "adjust", "cash", "cash", "refund", "hold", "hold", "release", "draw", "draw", "forgive"]),
    st.integers(0, 2),
    st.integers(1, 2),
    st.integers(-90_000, 120_000).map(lambda cents: Decimal(cents) / 100),
    st.integers(0, 7),
)
stories = st.lists(st.tuples(*(st.lists(acts, max_size=5) for _ in MONTHS)), min_size=len(REPS), max_size=len(REPS))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories)
async def test_nothing_is_lost_and_nothing_is_shown_that_closing_does_not_book(
    server_url: str, template: str, role: str | None, told: list[Any]
) -> None:
    name = f"{template}_laws"
    await execute(server_url, copied(template, name))
    try:
        url = named(server_url, name)
        async with Database.connected(url, role=role) as database:
            await live(Payroll(await Company.founded(database)), dict(zip(REPS, told, strict=True)))
    finally:
        await execute(server_url, f"drop database {name} with (force)")


async def live(payroll: Payroll, stories: Mapping[str, Any]) -> None:
    """Let everybody's months happen, close them, and see that the laws hold."""
    await payroll.pays(*REPS, one=Flat(Decimal(0)), other=Flat(Decimal(0)))
    for rep in REPS:
        for number in (0, 1):
            await payroll.company.deal(f"{rep} {number}", "1000", rep, f"{MONTHS[0]}-10")
    placed: dict[str, list[str]] = {rep: [] for rep in REPS}
    for index, month in enumerate(MONTHS):
        for rep in REPS:
            for act in stories[rep][index]:
                with suppress(Refused):  # some acts make no sense where they come: they must change nothing then
                    await happens(payroll, rep, month, act, placed[rep])
        shown = {rep: await statement(payroll, rep, month) for rep in REPS}
        later = {rep: await statement(payroll, rep, MONTHS[-1]) for rep in REPS}
        foreseen = {rep: await foreseen_lines(payroll, rep, month) for rep in REPS}
        await payroll.company.close(month)
        for rep in REPS:
            booked = await statement(payroll, rep, month)
            assert booked == shown[rep], (rep, month)
            assert sorted(await lines(payroll, rep, month)) == sorted(foreseen[rep]), (rep, month)
            assert later[rep] == await statement(payroll, rep, MONTHS[-1]), (rep, month)
            await lawful(payroll, rep, month, booked)
    (sums,) = await payroll.company.rows(
        "select (select coalesce(sum(amount), 0) from payment where kind = 'PAID') as paid,"
        " (select coalesce(sum(amount), 0) from payout_line join payment on payment.id = payment_id) as batched"
    )
    assert sums["paid"] == sums["batched"]


async def lawful(payroll: Payroll, rep: str, month: str, said: Mapping[str, Decimal]) -> None:
    """What holds after every close."""
    (sums,) = await payroll.company.rows(LEDGERS, rep=rep)
    carried = min(said["due"], Decimal(0))
    assert sums["entitled"] - sums["paid"] - sums["held"] + sums["owed"] + sums["forgiven"] == carried
    assert sums["paid_now"] == max(said["due"], Decimal(0)) or month != sums["last"]
    assert said["opening"] <= 0 <= said["owed"] == sums["owed"]
    assert said["drawn"] >= 0 <= said["recovered"]
    assert not said["drawn"] or not said["recovered"]
    assert min(sums["parts"] or [Decimal(0)]) >= 0
    if said["recovered"]:
        assert said["due"] >= 0, "recovery never makes a debt"


LEDGERS = """
with mine as (select payment.* from payment join rep on rep.id = payment.rep_id where rep.external_id = :rep),
part as (
    select sum(case kind when 'HELD' then amount when 'RELEASED' then -amount end) as held
    from mine where kind in ('HELD', 'RELEASED') group by component_id, opportunity_id, transaction_id
)
select coalesce((select sum(entitled.amount) from entitled join rep on rep.id = entitled.rep_id
                 join period on period.id = entitled.period_id
                 where rep.external_id = :rep and period.state = 'CLOSED'), 0) as entitled,
       coalesce((select sum(held) from part), 0) as held,
       (select array_agg(held) from part) as parts,
       coalesce(sum(amount) filter (where kind = 'PAID'), 0) as paid,
       coalesce(sum(amount) filter (where kind = 'PAID' and period_id = (
           select id from period where state = 'CLOSED' order by lower(effective) desc limit 1)), 0) as paid_now,
       (select name from period where state = 'CLOSED' order by lower(effective) desc limit 1) as last,
       coalesce(sum(amount) filter (where kind = 'WRITTEN_OFF'), 0) as forgiven,
       coalesce(sum(case when kind = 'DRAWN' then amount when kind = 'RECOVERED' or debt = 'DRAW' then -amount end), 0) as owed
from mine
"""


async def happens(payroll: Payroll, rep: str, month: str, act: Act, placed: list[str]) -> None:
    """One act of a story."""
    deal = f"{rep} {act.deal}" if act.deal < 2 else None
    size = f"{abs(act.amount) + Decimal('0.01'):f}"
    match act.kind:
        case "earn":
            await book(payroll, rep, month, act, deal)
        case "adjust":
            await payroll.adjust(rep, month, f"{act.amount:f}", deal)
        case "cash" if deal:
            await payroll.cash(deal, size, f"{month}-20")
        case "refund" if deal:
            await payroll.transaction(TransactionKind.REFUND, f"-{size}", f"{month}-20", opportunity=ref(deal), quantity=Decimal(-1))
        case "hold":
            what: dict[str, Any] = {"rep": ref(rep), "release": (Release.BY_EVENT, Release.BY_CASH)[act.choice % 2]}
            if act.choice // 2 % 2 and deal:
                what["opportunity"] = ref(deal)
            if act.choice // 4:
                what["component"] = await payroll.component("one")
            placed.append(await payroll.hold(**what))
        case "release" if placed:
            await payroll.release(placed.pop(act.choice % len(placed)))
        case "draw":
            kind = (DrawKind.RECOVERABLE, DrawKind.NON_RECOVERABLE, DrawKind.RECOVERABLE_THEN_FORGIVEN)[act.choice % 3]
            terms: dict[str, Any] = {"kind": kind, "recovery_share": ("1", "0.5", "0.3333")[act.component % 3]}
            if kind is DrawKind.RECOVERABLE_THEN_FORGIVEN:
                terms["forgiven_on"] = MONTHS[-2] + "-15"
            if act.choice > 4:
                terms["protected"] = (await payroll.component("other"),)
            await payroll.draw(rep, size if act.choice else None, f"{month}-{1 + 9 * act.deal:02}", **terms)
        case "forgive":
            await payroll.forgive(rep, (Debt.CARRIED, Debt.DRAW)[act.choice % 2], size if act.choice > 3 else None)


async def book(payroll: Payroll, rep: str, month: str, act: Act, deal: str | None) -> None:
    """Earn an amount."""
    async with payroll.company.database.transaction() as tx:
        position = await tx.scalar("select spm_tick('test', 'earn')")
        values = {"position": position, "month": month, "rep": rep, "component": act.component, "key": str(position), "deal": deal}
        await tx.execute(BOOK, {**values, "amount": act.amount})


async def statement(payroll: Payroll, rep: str, month: str) -> dict[str, Decimal]:
    """All the sums of a statement."""
    return {name: Decimal(said) for name, said in zip(SUMMED, await payroll.statement(rep, month, *SUMMED), strict=True)}


FORESEEN = "select {0} from rep, period, payment_line(rep.id, period.id) as line where line.period_id = period.id"
COLUMNS = "concat_ws(' ', line.kind, line.debt, line.component_id, line.opportunity_id, trim_scale(line.amount)) as said"


async def foreseen_lines(payroll: Payroll, rep: str, month: str) -> list[str]:
    """The lines that a month would book, or has booked."""
    asked = FORESEEN.format(COLUMNS) + " and rep.external_id = :rep and period.name = :month"
    return [row["said"] for row in await payroll.company.rows(asked, rep=rep, month=month)]


async def lines(payroll: Payroll, rep: str, month: str) -> list[str]:
    """The lines that a month has booked."""
    asked = f"select {COLUMNS} from payment as line join rep on rep.id = line.rep_id join period on period.id = line.period_id"
    found = await payroll.company.rows(f"{asked} where rep.external_id = :rep and period.name = :month", rep=rep, month=month)
    return [row["said"] for row in found]
