"""A plan's text is accepted by those whom it pays, each for themselves, and what they think of it is counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from spm_graph.actions import acceptance, components, feedback, plans
from spm_graph.domain.ids import global_id
from spm_graph.domain.problem import ProblemCode
from spm_graph.domain.terms import Grant, WindowKind
from tests.company import Company, Flat

from .conftest import Asking, refusal, somebody, version_of

TEXT = "You are paid 5 % of what you sell. Ünlü"
HASH = sha256(TEXT.encode()).hexdigest()


async def drafted(company: Company, name: str = "Field", starts: str = "2026-01-01", **more: Any) -> tuple[str, int]:
    """A draft with the text; its global id, and the plan's key."""
    part = components.ComponentDraft("commission", "bookings", Flat(Decimal("0.05")), WindowKind.PERIOD)
    made = await company.do(plans.create, plans.PlanCreate((part,), date.fromisoformat(starts), name=name, document=TEXT, **more))
    return global_id("version", made.values["plan_version_id"]), int(made.values["plan_id"])


async def published(company: Company, *names: str, **more: Any) -> str:
    """A published plan with the text, and who is on it; the version's global id."""
    version, plan = await drafted(company, **more)
    await company.do(plans.publish, plans.PlanPublish(version))  # type: ignore[arg-type]
    await company.assign(plan, *names)
    return version


def accepting(version: str, document_hash: str = HASH) -> acceptance.PlanAccept:
    """The acceptance of a version."""
    return acceptance.PlanAccept(version, document_hash)  # type: ignore[arg-type]


def judging(version: str, score: int, comment: str | None = None) -> feedback.PlanFeedback:
    """Feedback on a version."""
    return feedback.PlanFeedback(version, score, comment)  # type: ignore[arg-type]


SUMMARY = """query ($id: ID!) { node(id: $id) { ... on PlanVersion {
    documentHash acceptance { asked accepted }
    acceptances { nodes { rep { name } accepted documentHash at } }
    open: acceptances(where: {accepted: false}) { nodes { rep { name } } totalCount }
} } }"""


async def test_a_rep_accepts_the_very_text_and_managers_see_who_has_not(company: Company, ask: Asking) -> None:
    await company.hire("bo")
    await company.hire("ana", "cy", manager="bo")
    await company.hire("dee")
    version = await published(company, "ana", "cy", "dee")
    await company.do(acceptance.accept, accepting(version), await somebody(company, "ana"))
    seen = (await ask(SUMMARY, await somebody(company, "bo"), id=version))["node"]
    assert seen["documentHash"] == HASH
    assert seen["acceptance"] == {"asked": 2, "accepted": 1}
    assert [(row["rep"]["name"], row["accepted"], row["documentHash"]) for row in seen["acceptances"]["nodes"]] == [
        ("Ana", True, HASH),
        ("Cy", False, None),
    ]
    assert seen["acceptances"]["nodes"][0]["at"] and not seen["acceptances"]["nodes"][1]["at"]
    assert seen["open"] == {"nodes": [{"rep": {"name": "Cy"}}], "totalCount": 1}
    assert (await ask(SUMMARY, id=version))["node"]["acceptance"] == {"asked": 3, "accepted": 1}
    (told,) = await company.rows("select kind, payload from event where kind = 'PlanAccepted'")
    assert told["payload"]["rep"]["name"] == "Ana" and told["payload"]["planVersion"] == version


async def test_accepting_twice_is_accepting_once(company: Company) -> None:
    await company.hire("ana")
    version = await published(company, "ana")
    ana = await somebody(company, "ana")
    await company.do(acceptance.accept, accepting(version), ana)
    await company.do(acceptance.accept, accepting(version), ana)
    assert len(await company.rows("select 1 from plan_acceptance")) == 1
    assert len(await company.rows("select 1 from event where kind = 'PlanAccepted'")) == 1


async def test_a_text_that_changed_since_it_was_read_is_not_accepted(company: Company) -> None:
    await company.hire("ana")
    version, plan = await drafted(company)
    part = components.ComponentDraft("commission", "bookings", Flat(Decimal("0.04")))
    revised = plans.PlanRevise(version, (part,), date(2026, 1, 1), document="You are paid 4 %.")  # type: ignore[arg-type]
    await company.do(plans.revise, revised)
    await company.do(plans.publish, plans.PlanPublish(version))  # type: ignore[arg-type]
    await company.assign(plan, "ana")
    refused = await refusal(company.do(acceptance.accept, accepting(version), await somebody(company, "ana")))
    assert refused == (ProblemCode.DOCUMENT_CHANGED, "the text of version 1 is another one than what was read: read it again")
    assert await company.rows("select 1 from plan_acceptance") == []


async def test_a_new_version_is_accepted_anew_and_the_superseded_one_no_longer(company: Company, ask: Asking) -> None:
    await company.hire("ana")
    first = await published(company, "ana")
    ana = await somebody(company, "ana")
    await company.do(acceptance.accept, accepting(first), ana)
    part = components.ComponentDraft("commission", "bookings", Flat(Decimal("0.06")))
    plan = (await company.rows("select id from plan"))[0]["id"]
    made = await company.do(
        plans.create, plans.PlanCreate((part,), date(2026, 1, 1), plan=global_id("plan", plan), document=TEXT)  # type: ignore[arg-type]
    )  # fmt: skip
    second = global_id("version", made.values["plan_version_id"])
    assert (await refusal(company.do(acceptance.accept, accepting(second), ana)))[0] == ProblemCode.NOT_FOUND
    await company.do(plans.publish, plans.PlanPublish(second))  # type: ignore[arg-type]
    assert (await ask(SUMMARY, ana, id=second))["node"]["acceptance"] == {"asked": 1, "accepted": 0}
    assert await refusal(company.do(acceptance.accept, accepting(first), ana)) == (
        ProblemCode.WRONG_STATE,
        "version 1 was superseded by a later one",
    )
    assert (await ask(SUMMARY, ana, id=first))["node"]["acceptance"] == {"asked": 1, "accepted": 1}


async def test_nobody_accepts_for_somebody_else(company: Company) -> None:
    await company.hire("ana", "cleo")
    version = await published(company, "ana")
    assert (await refusal(company.do(acceptance.accept, accepting(version))))[0] == ProblemCode.NOT_PERMITTED
    stranger = await somebody(company, "cleo", *Grant)
    assert (await refusal(company.do(acceptance.accept, accepting(version), stranger)))[0] == ProblemCode.NOT_FOUND


async def test_a_published_text_and_an_acceptance_never_change(company: Company) -> None:
    await company.hire("ana")
    version = await published(company, "ana")
    await company.do(acceptance.accept, accepting(version), await somebody(company, "ana"))
    for statement in ("update plan_version set document = 'x'", "update plan_acceptance set document_hash = repeat('0', 64)"):
        with pytest.raises(DBAPIError, match=r"never changes|permission denied"):
            async with company.database.transaction() as tx:
                await tx.execute("select spm_tick('e', 'e')")
                await tx.execute(statement)
    part = components.ComponentDraft("commission", "bookings", Flat(Decimal("0.04")))
    revised = plans.PlanRevise(version, (part,), date(2026, 1, 1))  # type: ignore[arg-type]
    assert (await refusal(company.do(plans.revise, revised)))[0] == ProblemCode.ALREADY_PUBLISHED


async def test_a_revised_draft_is_what_is_published(company: Company) -> None:
    await company.hire("ana")
    version, plan = await drafted(company)
    parts = (
        components.ComponentDraft("base", "bookings", Flat(Decimal("0.01"))),
        components.ComponentDraft("commission", "bookings", Flat(Decimal("0.04"))),
    )
    await company.do(plans.revise, plans.PlanRevise(version, parts, date(2026, 2, 1)))  # type: ignore[arg-type]
    await company.do(plans.publish, plans.PlanPublish(version))  # type: ignore[arg-type]
    await company.assign(plan, "ana")
    for month in ("01", "02"):
        await company.won("1000", rep="ana", on=f"2026-{month}-10")
    await company.run_and_post("2026-02")
    assert await company.earned("ana", "2026-02") == Decimal("50.00")
    assert (await company.rows("select document from plan_version"))[0]["document"] is None


FEEDBACK = """query ($id: ID!) { node(id: $id) { ... on PlanVersion { feedback {
    count promoters passives detractors netPromoterScore average mine { score comment }
    comments { nodes { rep { name } score comment } }
} } } }"""


async def test_feedback_is_counted_as_promoters_passives_and_detractors(company: Company, ask: Asking) -> None:
    scores = {"ana": 10, "bo": 9, "cy": 9, "dee": 8, "eve": 7, "fay": 6, "gus": 0}
    await company.hire(*scores)
    version = await published(company, *scores)
    for name, score in scores.items():
        await company.do(feedback.give, judging(version, score, f"{name} says so" if score < 7 else None), await somebody(company, name))
    seen = (await ask(FEEDBACK, await somebody(company, "fay"), id=version))["node"]["feedback"]
    # 3 of 7 promoters, 2 of 7 detractors: 100 / 7; the sum of the scores is 49.
    assert seen == {
        "count": 7, "promoters": 3, "passives": 2, "detractors": 2, "netPromoterScore": "14.285714", "average": "7.000000",
        "mine": {"score": 6, "comment": "fay says so"}, "comments": {"nodes": []},
    }  # fmt: skip
    planner = await somebody(company, "ana", Grant.PLAN)
    seen = (await ask(FEEDBACK, planner, id=version))["node"]["feedback"]
    assert [(row["score"], row["comment"]) for row in seen["comments"]["nodes"]][-2:] == [(6, "fay says so"), (0, "gus says so")]


async def test_feedback_is_revised_while_the_version_is_in_force_and_not_after(company: Company, ask: Asking) -> None:
    await company.hire("ana")
    version = await published(company, "ana", ends=date(2026, 4, 1))
    ana = await somebody(company, "ana")
    await company.do(feedback.give, judging(version, 2, "slow"), ana)
    await company.do(feedback.give, judging(version, 9), ana)
    seen = (await ask(FEEDBACK, ana, id=version))["node"]["feedback"]
    assert (seen["count"], seen["netPromoterScore"], seen["mine"]) == (1, "100.000000", {"score": 9, "comment": None})
    company.database.today = lambda: date(2026, 4, 1)
    assert await refusal(company.do(feedback.give, judging(version, 5), ana)) == (
        ProblemCode.WRONG_STATE,
        "version 1 was in force until 2026-04-01 only",
    )
    assert await refusal(company.do(feedback.give, judging(version, 11), ana)) == (
        ProblemCode.INVALID,
        "11 is no score; expected 0 to 10",
    )


async def test_a_rep_on_several_plans_is_paid_by_each_and_asked_about_each(company: Company, ask: Asking) -> None:
    await company.hire("ana")
    versions = [await published(company, "ana", name=name) for name in ("Field", "Launch")]
    await company.won("1000", rep="ana", on="2026-01-10")
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("100.00")
    await company.do(acceptance.accept, accepting(versions[1]), await somebody(company, "ana"))
    asked = [(await ask(SUMMARY, id=version))["node"]["acceptance"] for version in versions]
    assert asked == [{"asked": 1, "accepted": 0}, {"asked": 1, "accepted": 1}]
    assert await version_of(company, 1) == versions[0]
