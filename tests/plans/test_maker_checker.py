"""Where the company wants two to agree, who made a run or an adjustment doesn't approve it, and nothing counts before."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from spm_graph.actions import adjustments, keys, payouts, periods, runs
from spm_graph.actions import company as settings
from spm_graph.actions.keys import ApiKeyCreate
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.calculation import run as calculation
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import AdjustmentReason, Grant
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR, Company, Flat

from .conftest import Asking, refusal

CHECKER = Actor("checker", None, frozenset(Grant))


@pytest.fixture
async def careful(company: Company) -> Company:
    """A company that wants two to agree; Ana and Bo sold 1,000 each in January."""
    await company.do(settings.set_company, settings.CompanySet(maker_checker=True))
    await company.hire("ana", "bo")
    await company.assign(await company.plan("Field", ("commission", Flat(Decimal("0.05")))), "ana", "bo")
    for name in ("ana", "bo"):
        await company.won("1000", rep=name, on="2026-01-10")
    return company


def approving(run: int) -> runs.RunApprove:
    """The approval of a run."""
    return runs.RunApprove(global_id("run", run))  # type: ignore[arg-type]


async def state(company: Company, run: int) -> tuple[str, str | None]:
    """Where a run is, and who approved it."""
    (row,) = await company.rows("select state, approved_by from run where id = :run", run=run)
    return row["state"], row["approved_by"]


async def test_a_run_is_posted_only_when_somebody_else_has_approved_it(careful: Company) -> None:
    run = await careful.run("2026-01")
    assert await refusal(careful.post(run)) == (
        ProblemCode.NOT_APPROVED,
        "the company wants two to agree: somebody else has to approve the run first",
    )
    assert await refusal(careful.do(runs.approve, approving(run))) == (
        ProblemCode.OWN_WORK,
        "administrator made the run: somebody else has to approve it",
    )
    await careful.do(runs.approve, approving(run), CHECKER)
    assert await state(careful, run) == ("APPROVED", "checker")
    await careful.post(run)
    assert await state(careful, run) == ("POSTED", "checker")
    assert await careful.earned("ana", "2026-01") == Decimal("50.00")


async def test_who_recalculated_a_run_can_not_approve_it(careful: Company) -> None:
    run = await careful.run("2026-01")
    await careful.won("500", rep="ana", on="2026-01-12")
    again = calculation.RunRecalculate(global_id("run", run))  # type: ignore[arg-type]
    await calculation.recalculate(careful.database, careful.incentive_types, CHECKER, again)
    for maker in (ADMINISTRATOR, CHECKER):
        assert (await refusal(careful.do(runs.approve, approving(run), maker)))[0] == ProblemCode.OWN_WORK
    await careful.do(runs.approve, approving(run), replace(CHECKER, name="third"))
    await careful.post(run)
    assert await careful.earned("ana", "2026-01") == Decimal("75.00")


@pytest.fixture
async def hands(careful: Company) -> dict[str, Actor]:
    """The ways in which people come: each key and each sign-on, by a name, as who they are taken for."""
    await careful.hire("cleo", email="cleo@example.com")
    (cleo,) = await careful.rows("select id from rep where external_id = 'cleo'")
    every = tuple(Grant)
    given = {
        "cleo": ApiKeyCreate("cleo", Ref(external_id="cleo"), every),
        "cleo's program": ApiKeyCreate("cleo's program", Ref(external_id="cleo"), every),
        "cleo's spare": ApiKeyCreate("spare", grants=every, person="Cleo@example.com"),
        "dora": ApiKeyCreate("dora", grants=every, person="dora@example.com"),
        "dora's program": ApiKeyCreate("dora's program", grants=every, person="dora@example.com"),
        "scheduler": ApiKeyCreate("scheduler", grants=every),
        "payroll": ApiKeyCreate("payroll", grants=every),
    }
    found = {
        "cleo signed on": Actor("user cleo@example.com", cleo["id"], frozenset(Grant)),
        "dora signed on": Actor("user dora@example.com", None, frozenset(Grant)),
    }
    for name, command in given.items():
        made = await careful.do(keys.create, command)
        found[name] = Actor(f"key_{made.values['api_key_id']} {command.name}", cleo["id"] if command.rep else None, frozenset(Grant))
    return found


ONE_PERSON = (
    ("cleo", "cleo's program"),
    ("cleo signed on", "cleo"),
    ("cleo", "cleo's spare"),
    ("cleo's spare", "cleo signed on"),
    ("dora", "dora's program"),
    ("dora's program", "dora signed on"),
)
TWO_PERSONS = (("cleo", "dora"), ("cleo signed on", "dora signed on"), ("scheduler", "cleo"), ("scheduler", "payroll"))


async def test_whoever_comes_with_several_keys_is_one_person(careful: Company, hands: dict[str, Actor]) -> None:
    """The same for runs, adjustments and batches of pay: what one began with one key, they can't approve with another."""
    for maker, checker in (*ONE_PERSON, *TWO_PERSONS):
        started = await calculation.start(
            careful.database, careful.incentive_types, hands[maker], calculation.RunStart(PeriodRef(name="2026-01"))
        )
        run = approving(started.values["run_id"])
        adjustment = adjustments.AdjustmentApprove(await entered(careful, actor=hands[maker]))  # type: ignore[arg-type]
        if (maker, checker) in TWO_PERSONS:
            await careful.do(runs.approve, run, hands[checker])
            await careful.do(adjustments.approve, adjustment, hands[checker])
        else:
            assert (await refusal(careful.do(runs.approve, run, hands[checker])))[0] == ProblemCode.OWN_WORK, (maker, checker)
            assert (await refusal(careful.do(adjustments.approve, adjustment, hands[checker])))[0] == ProblemCode.OWN_WORK, (maker, checker)
            await careful.do(adjustments.approve, replace(adjustment, approved=False), CHECKER)
        await careful.do(runs.cancel, runs.RunCancel(run.run))
    for month, (maker, checker) in zip(("2026-01", "2026-02"), (ONE_PERSON[2], ONE_PERSON[5]), strict=True):
        await careful.do(periods.close, periods.PeriodClose(PeriodRef(name=month)), hands[maker])
        batch = payouts.PayoutApprove(PeriodRef(name=month))
        assert (await refusal(careful.do(payouts.approve, batch, hands[checker])))[0] == ProblemCode.OWN_WORK
        await careful.do(payouts.approve, batch, hands["payroll"])


async def test_an_approval_by_another_key_of_the_maker_is_none_once_the_company_wants_two(
    careful: Company, hands: dict[str, Actor]
) -> None:
    await careful.do(settings.set_company, settings.CompanySet(maker_checker=False))
    month = calculation.RunStart(PeriodRef(name="2026-01"))
    started = await calculation.start(careful.database, careful.incentive_types, hands["dora"], month)
    await careful.do(runs.approve, approving(started.values["run_id"]), hands["dora's program"])
    await careful.do(settings.set_company, settings.CompanySet(maker_checker=True))
    assert (await refusal(careful.post(started.values["run_id"])))[0] == ProblemCode.NOT_APPROVED


async def test_nobody_approves_what_they_are_paid_themselves_with_a_key_of_another_kind(careful: Company, hands: dict[str, Actor]) -> None:
    mine = adjustments.AdjustmentApprove(await entered(careful, rep="cleo"))  # type: ignore[arg-type]
    for name in ("cleo", "cleo's spare", "cleo signed on"):
        refused = await refusal(careful.do(adjustments.approve, mine, hands[name]))
        assert refused == (ProblemCode.OWN_WORK, "somebody else has to approve what one is paid oneself")
    await careful.do(adjustments.approve, mine, hands["dora"])


@pytest.mark.parametrize(
    "command",
    [
        ApiKeyCreate("both", Ref(external_id="ana"), person="ana"),
        ApiKeyCreate("blank", grants=(Grant.RUN,), person=" "),
        ApiKeyCreate("lines", grants=(Grant.RUN,), person="a\nb"),
        ApiKeyCreate("long", grants=(Grant.RUN,), person="x" * 201),
    ],
)
async def test_a_key_is_a_reps_or_a_persons_whose_name_can_be_written(careful: Company, command: ApiKeyCreate) -> None:
    assert (await refusal(careful.do(keys.create, command)))[0] == ProblemCode.INVALID


async def test_recalculating_or_leaving_somebody_out_withdraws_the_approval(careful: Company) -> None:
    run = await careful.run("2026-01")
    await careful.do(runs.approve, approving(run), CHECKER)
    await careful.recalculate(run)
    assert await state(careful, run) == ("CALCULATED", None)
    await careful.do(runs.approve, approving(run), CHECKER)
    await careful.exclude(run, "bo")
    assert await state(careful, run) == ("CALCULATED", None)
    assert (await refusal(careful.post(run)))[0] == ProblemCode.NOT_APPROVED
    await careful.do(runs.approve, approving(run), CHECKER)
    assert (await refusal(careful.do(runs.approve, approving(run), CHECKER)))[0] == ProblemCode.WRONG_STATE
    await careful.post(run)
    assert await careful.earned("bo", "2026-01") == 0


async def test_an_exclusion_while_a_run_is_being_posted_waits_and_is_refused(careful: Company) -> None:
    run = await careful.run("2026-01")
    await careful.do(runs.approve, approving(run), CHECKER)
    async with careful.database.transaction() as tx:
        await runs.post(tx, ADMINISTRATOR, runs.RunPost(global_id("run", run)))  # type: ignore[arg-type]
        excluding = asyncio.ensure_future(careful.exclude(run, "bo"))
        done, _ = await asyncio.wait({excluding}, timeout=0.2)
        assert not done, "the exclusion did not wait for the posting"
    assert (await refusal(excluding))[0] == ProblemCode.WRONG_STATE
    assert await careful.earned("bo", "2026-01") == Decimal("50.00")


async def test_without_the_setting_no_approval_is_asked_for_and_one_may_be_given(company: Company) -> None:
    run = await company.run("2026-01")
    await company.do(runs.approve, approving(run))
    await company.post(run)
    assert await state(company, run) == ("POSTED", "administrator")
    await company.run_and_post("2026-01")


async def test_an_approval_by_the_maker_is_none_once_the_company_wants_two(company: Company) -> None:
    run = await company.run("2026-01")
    await company.do(runs.approve, approving(run))
    await company.do(settings.set_company, settings.CompanySet(maker_checker=True))
    assert (await refusal(company.post(run)))[0] == ProblemCode.NOT_APPROVED


ADJUSTMENTS = """{ adjustments(where: {pending: true}) { nodes { id state } }
    rep(ref: {externalId: "ana"}) { statement(period: {name: "2026-02"}) {
        adjustments { amount } adjusted { state amount { amount } actor decision { approved note actor } }
    } } }"""


async def entered(company: Company, amount: str = "100", rep: str = "ana", actor: Actor = ADMINISTRATOR) -> str:
    """An adjustment that somebody entered for a rep: the administrator for Ana, unless said."""
    command = adjustments.EarningAdjust(
        Ref(external_id=rep), PeriodRef(name="2026-02"), Decimal(amount), AdjustmentReason.GOODWILL, "as agreed"
    )
    made = await company.do(adjustments.adjust, command, actor)
    return global_id("adjustment", made.values["adjustment_id"])


async def test_an_adjustment_counts_when_another_has_approved_it(careful: Company, ask: Asking) -> None:
    adjustment = await entered(careful)
    seen = await ask(ADJUSTMENTS)
    assert seen["adjustments"]["nodes"] == [{"id": adjustment, "state": "PENDING"}]
    assert seen["rep"]["statement"] == {
        "adjustments": {"amount": "0.00"},
        "adjusted": [{"state": "PENDING", "amount": {"amount": "100.00"}, "actor": "administrator", "decision": None}],
    }
    assert await careful.rows("select 1 from event where kind = 'EarningAdjusted'") == []
    approving = adjustments.AdjustmentApprove(adjustment, note="seen the letter")  # type: ignore[arg-type]
    assert await refusal(careful.do(adjustments.approve, approving)) == (
        ProblemCode.OWN_WORK,
        "administrator entered the adjustment: somebody else has to approve it",
    )
    await careful.do(adjustments.approve, approving, CHECKER)
    seen = await ask(ADJUSTMENTS)
    assert seen["adjustments"]["nodes"] == []
    assert seen["rep"]["statement"]["adjustments"] == {"amount": "100.00"}
    assert seen["rep"]["statement"]["adjusted"][0]["state"] == "BOOKED"
    assert seen["rep"]["statement"]["adjusted"][0]["decision"] == {"approved": True, "note": "seen the letter", "actor": "checker"}
    assert len(await careful.rows("select 1 from event where kind = 'EarningAdjusted'")) == 1
    assert (await refusal(careful.do(adjustments.approve, approving, CHECKER)))[0] == ProblemCode.WRONG_STATE


async def test_a_declined_adjustment_never_counts(careful: Company, ask: Asking) -> None:
    adjustment = await entered(careful)
    await careful.do(adjustments.approve, adjustments.AdjustmentApprove(adjustment, False, "twice"), CHECKER)  # type: ignore[arg-type]
    seen = (await ask(ADJUSTMENTS))["rep"]["statement"]
    assert (seen["adjustments"], seen["adjusted"][0]["state"]) == ({"amount": "0.00"}, "DECLINED")
    await careful.close("2026-01")
    await careful.close("2026-02")
    assert await careful.paid("ana", "2026-02") == 0


async def test_a_month_does_not_close_while_an_adjustment_waits_for_a_decision(careful: Company) -> None:
    first, second = await entered(careful), await entered(careful, "-30", rep="bo")
    await careful.close("2026-01")
    assert await refusal(careful.close("2026-02")) == (
        ProblemCode.NOT_APPROVED,
        f"2 adjustments wait to be approved or declined: {first} of Ana in 2026-02, {second} of Bo in 2026-02",
    )
    await careful.do(adjustments.approve, adjustments.AdjustmentApprove(second, False, "no"), CHECKER)  # type: ignore[arg-type]
    said = f"an adjustment waits to be approved or declined: {first} of Ana in 2026-02"
    assert await refusal(careful.close("2026-02")) == (ProblemCode.NOT_APPROVED, said)
    await careful.do(adjustments.approve, adjustments.AdjustmentApprove(first), CHECKER)  # type: ignore[arg-type]
    await careful.close("2026-02")
    assert [await careful.paid(name, "2026-02") for name in ("ana", "bo")] == [Decimal("100.00"), 0]


async def test_nobody_approves_what_they_are_paid_themselves(careful: Company) -> None:
    (ana,) = await careful.rows("select id from rep where external_id = 'ana'")
    command = adjustments.AdjustmentApprove(await entered(careful))  # type: ignore[arg-type]
    refused = await refusal(careful.do(adjustments.approve, command, Actor("ana", ana["id"], frozenset(Grant))))
    assert refused == (ProblemCode.OWN_WORK, "somebody else has to approve what one is paid oneself")


async def test_of_two_that_take_back_all_that_a_deal_brought_one_is_approved(careful: Company) -> None:
    run = await careful.run("2026-01")
    await careful.do(runs.approve, approving(run), CHECKER)
    await careful.post(run)
    taking = adjustments.EarningAdjust(
        Ref(external_id="ana"),
        PeriodRef(name="2026-02"),
        Decimal(-50),
        AdjustmentReason.OTHER,
        "not signed",
        Ref(external_id="deal 1"),
    )
    pending = [(await careful.do(adjustments.adjust, taking)).values["adjustment_id"] for _ in range(2)]
    first, second = [adjustments.AdjustmentApprove(global_id("adjustment", number)) for number in pending]  # type: ignore[arg-type]
    await careful.do(adjustments.approve, first, CHECKER)
    assert await refusal(careful.do(adjustments.approve, second, CHECKER)) == (
        ProblemCode.INVALID,
        "deal 1 brought Ana 0.00 USD: no more than that can be taken back",
    )
    await careful.do(adjustments.approve, replace(second, approved=False), CHECKER)
    assert (await careful.rows("select sum(amount) as taken from booked_adjustment"))[0]["taken"] == Decimal("-50.00")


async def test_of_two_who_decide_at_once_one_does(careful: Company) -> None:
    command = adjustments.AdjustmentApprove(await entered(careful))  # type: ignore[arg-type]
    async with careful.database.transaction() as tx:
        await adjustments.approve(tx, CHECKER, command)
        other = asyncio.ensure_future(careful.do(adjustments.approve, replace(command, approved=False), replace(CHECKER, name="third")))
        done, _ = await asyncio.wait({other}, timeout=0.2)
        assert not done, "the second decision did not wait for the first"
    assert (await refusal(other))[0] == ProblemCode.WRONG_STATE
    assert [row["approved"] for row in await careful.rows("select approved from adjustment_decision")] == [True]


async def test_a_close_waits_for_an_approval_under_way_and_pays_what_it_approves(careful: Company) -> None:
    command = adjustments.AdjustmentApprove(await entered(careful))  # type: ignore[arg-type]
    await careful.close("2026-01")
    async with careful.database.transaction() as tx:
        await adjustments.approve(tx, CHECKER, command)
        closing = asyncio.ensure_future(careful.close("2026-02"))
        done, _ = await asyncio.wait({closing}, timeout=0.2)
        assert not done, "the close did not wait for the approval"
    await closing
    assert await careful.paid("ana", "2026-02") == Decimal("100.00")


async def test_an_adjustment_that_comes_while_its_month_is_being_closed_waits_and_is_refused(careful: Company) -> None:
    await careful.close("2026-01")
    async with careful.database.transaction() as tx:
        await periods.close(tx, ADMINISTRATOR, periods.PeriodClose(PeriodRef(name="2026-02")))
        entering = asyncio.ensure_future(entered(careful))
        done, _ = await asyncio.wait({entering}, timeout=0.2)
        assert not done, "the adjustment did not wait for the close"
    assert (await refusal(entering))[0] == ProblemCode.ALREADY_CLOSED
    assert await careful.rows("select 1 from adjustment") == []


def packaged(company: Company, version: str) -> IncentiveTypes:
    """The company's incentive types, as this version of their package brings them."""
    return IncentiveTypes([replace(each, version=version) for each in company.incentive_types])


CHANGES = """query ($run: ID!) { run(id: $run) {
    state approvedBy pluginChanges { incentiveType versionBefore versionNow reps difference { amount currency } }
} }"""


async def test_what_an_updated_package_changes_is_shown_apart_and_needs_an_approval(company: Company, ask: Asking) -> None:
    await company.hire("ana", "bo")
    await company.assign(await company.plan("Field", ("commission", Flat(Decimal("0.05")))), "ana", "bo")
    company.incentive_types = packaged(company, "1.0")
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    company.incentive_types = packaged(company, "2.0")
    same = await company.run("2026-01")
    assert (await ask(CHANGES, run=global_id("run", same)))["run"]["pluginChanges"] == []
    await company.post(same)
    company.incentive_types = packaged(company, "3.0")
    await company.won("1000", rep="ana", on="2026-01-11")
    await company.won("300", rep="bo", on="2026-02-11")
    run = await company.run("2026-02")
    seen = (await ask(CHANGES, run=global_id("run", run)))["run"]
    assert seen == {
        "state": "CALCULATED",
        "approvedBy": None,
        "pluginChanges": [
            {"incentiveType": "Flat", "versionBefore": "2.0", "versionNow": "3.0", "reps": 1,
             "difference": {"amount": "50.00", "currency": "USD"}}
        ],
    }  # fmt: skip
    assert await refusal(company.post(run)) == (
        ProblemCode.NOT_APPROVED,
        "the run changes what was posted under other versions of Flat (2.0, now 3.0): look at its pluginChanges, then approve it",
    )
    await company.do(runs.approve, approving(run))
    await company.post(run)
    seen = (await ask(CHANGES, run=global_id("run", run)))["run"]
    assert (seen["state"], seen["approvedBy"], len(seen["pluginChanges"])) == ("POSTED", "administrator", 1)


async def test_a_run_is_not_gone_on_with_under_another_version_of_a_package(company: Company) -> None:
    company.incentive_types = packaged(company, "1.0")
    run = await company.run("2026-01")
    company.incentive_types = packaged(company, "2.0")
    code, message = await refusal(company.recalculate(run))
    assert code == ProblemCode.WRONG_STATE
    assert message.endswith("1.0: cancel the run and start another")
