"""A rep doubts a number, somebody else answers, and both can be read by those whom it concerns."""

from __future__ import annotations

from decimal import Decimal

import pytest

from spm_graph.actions import disputes
from spm_graph.actions.refs import Ref
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import Grant
from tests.company import ADMINISTRATOR, Company, Flat

from .conftest import Asking, refusal, somebody

DISPUTES = """{ disputes { nodes {
    rep { name } earning { amount { amount } } opportunity { name } says state answer openedAt resolvedAt resolvedBy
} } }"""


@pytest.fixture
async def paid(company: Company) -> Company:
    """Ana, who reports to Bo, was paid 50 for a deal of 1,000; Cleo stands apart."""
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    await company.assign(await company.plan("Field", ("commission", Flat(Decimal("0.05")))), "ana")
    await company.deal("the deal", "1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    return company


async def earning_of(company: Company) -> str:
    """The one earning."""
    (row,) = await company.rows("select id from earning")
    return global_id("earning", row["id"])


def about_deal(says: str = "60 were agreed") -> disputes.DisputeOpen:
    """A dispute about the deal."""
    return disputes.DisputeOpen(says, opportunity=Ref(external_id="the deal"))


async def test_a_rep_disputes_an_earning_and_is_answered(paid: Company, ask: Asking) -> None:
    ana, bo, cleo = [await somebody(paid, name) for name in ("ana", "bo", "cleo")]
    opened = await paid.do(disputes.open_dispute, disputes.DisputeOpen("60 were agreed", earning=await earning_of(paid)), ana)  # type: ignore[arg-type]
    (seen,) = (await ask(DISPUTES, ana))["disputes"]["nodes"]
    assert seen.pop("openedAt")
    assert seen == {
        "rep": {"name": "Ana"}, "earning": {"amount": {"amount": "50.00"}}, "opportunity": None, "says": "60 were agreed",
        "state": "OPEN", "answer": None, "resolvedAt": None, "resolvedBy": None,
    }  # fmt: skip
    dispute = global_id("dispute", opened.values["dispute_id"])
    await paid.do(disputes.resolve, disputes.DisputeResolve(dispute, True, "The rate will be put right."))  # type: ignore[arg-type]
    (seen,) = (await ask(DISPUTES, bo))["disputes"]["nodes"]
    assert (seen["state"], seen["answer"], seen["resolvedBy"]) == ("ACCEPTED", "The rate will be put right.", "administrator")
    assert (await ask(DISPUTES, cleo))["disputes"]["nodes"] == []
    told = await paid.rows("select kind, payload, rep_id from event where kind like 'Dispute%' order by position")
    assert [(row["kind"], row["payload"]["state"]) for row in told] == [("DisputeOpened", "OPEN"), ("DisputeResolved", "ACCEPTED")]
    assert told[0]["payload"]["about"] == await earning_of(paid)
    assert {row["rep_id"] for row in told} == {ana.rep_id}
    audited = await paid.rows("select before ->> 'state' as before, after ->> 'state' as after from audit where noun = 'dispute'")
    assert [tuple(row.values()) for row in audited] == [(None, "OPEN"), ("OPEN", "ACCEPTED")]


async def test_a_dispute_about_a_deal_is_open_once_and_answered_once(paid: Company, ask: Asking) -> None:
    ana = await somebody(paid, "ana")
    opened = await paid.do(disputes.open_dispute, about_deal(), ana)
    assert (await refusal(paid.do(disputes.open_dispute, about_deal("again"), ana)))[0] == ProblemCode.DUPLICATE
    answer = disputes.DisputeResolve(global_id("dispute", opened.values["dispute_id"]), False, "It was 50.")  # type: ignore[arg-type]
    await paid.do(disputes.resolve, answer)
    assert await refusal(paid.do(disputes.resolve, answer)) == (ProblemCode.WRONG_STATE, "the dispute is rejected already")
    await paid.do(disputes.open_dispute, about_deal("I have it in writing"), ana)
    found = await ask("""{ disputes(where: {opportunity: {externalId: "the deal"}, state: OPEN}) { nodes { says } } }""")
    assert found["disputes"]["nodes"] == [{"says": "I have it in writing"}]


async def test_nobody_disputes_what_they_do_not_see_or_for_others(paid: Company) -> None:
    cleo, bo = await somebody(paid, "cleo"), await somebody(paid, "bo")
    of_earning = disputes.DisputeOpen("mine", earning=await earning_of(paid))  # type: ignore[arg-type]
    for who, command in ((cleo, of_earning), (bo, of_earning), (cleo, about_deal())):
        assert (await refusal(paid.do(disputes.open_dispute, command, who)))[0] == ProblemCode.NOT_FOUND
    assert (await refusal(paid.do(disputes.open_dispute, about_deal(), ADMINISTRATOR)))[0] == ProblemCode.NOT_PERMITTED
    both = disputes.DisputeOpen("both", earning=await earning_of(paid), opportunity=Ref(external_id="the deal"))  # type: ignore[arg-type]
    assert (await refusal(paid.do(disputes.open_dispute, both, bo)))[0] == ProblemCode.INVALID


async def test_only_runners_and_adjusters_answer_and_never_their_own(paid: Company) -> None:
    opened = await paid.do(disputes.open_dispute, about_deal(), await somebody(paid, "ana"))
    answer = disputes.DisputeResolve(global_id("dispute", opened.values["dispute_id"]), True, "Yes.")  # type: ignore[arg-type]
    expected = (
        ("bo", (), ProblemCode.NOT_PERMITTED),
        ("cleo", (Grant.ADJUST,), ProblemCode.NOT_FOUND),
        ("ana", (Grant.RUN,), ProblemCode.OWN_WORK),
    )
    for name, grants, code in expected:
        assert (await refusal(paid.do(disputes.resolve, answer, await somebody(paid, name, *grants))))[0] == code
    await paid.do(disputes.resolve, answer, await somebody(paid, "bo", Grant.ADJUST))
