"""What reps do to sell: who may write it down for whom, who sees it, and how it stands against what is expected."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from spm_graph.actions import activities
from spm_graph.actions.refs import Ref
from spm_graph.actions.result import Result
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import ActivityKind, Grant
from spm_graph.graph.commands import Deployment, result_of, transacted
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR

from .conftest import Story

CALL, EMAIL, DEMO, MEETING = ActivityKind.CALL, ActivityKind.EMAIL, ActivityKind.DEMO, ActivityKind.MEETING


async def record(
    story: Story, rep: str, on: str = "2026-05-04", kind: ActivityKind = CALL, actor: Actor = ADMINISTRATOR, **more: Any
) -> Result:
    """Record an activity."""
    return await story.company.do(
        activities.record, activities.ActivityRecord(Ref(external_id=rep), kind, date.fromisoformat(on), **more), actor
    )


async def target(story: Story, rep: str, kind: ActivityKind, monthly: int | None, starts: str, ends: str | None = None) -> None:
    """Set a target."""
    until = date.fromisoformat(ends) if ends else None
    command = activities.ActivityTargetSet(Ref(external_id=rep), kind, monthly, date.fromisoformat(starts), until)
    await story.company.do(activities.set_target, command)


async def codes(work: Any) -> list[str]:
    """Why something was refused."""
    with pytest.raises(Refused) as refused:
        await work
    return [f"{problem.code}:{'.'.join(problem.path)}" for problem in refused.value.problems]


async def test_an_external_id_is_recorded_once_and_without_one_always_anew(story: Story) -> None:
    await story.deal("d", "100")
    await record(story, "ana", external_id="a1", revision=2)
    await record(story, "ana", on="2026-05-05", kind=EMAIL, external_id="a1", revision=3, opportunity=Ref(external_id="d"), note="Done.")
    stale = await record(story, "ana", external_id="a1", revision=2)
    assert [problem.code for problem in stale.problems] == [ProblemCode.STALE_REVISION]
    await record(story, "ana", on="2026-05-01")
    await record(story, "ana", on="2026-05-01")
    found = await story.ask(
        """
        {
          rep(ref: {externalId: "ana"}) { activities { nodes { externalId kind dated note opportunity { name } } totalCount } }
          opportunity(ref: {externalId: "d"}) { activities { nodes { kind rep { name } } } }
        }
        """
    )
    assert found["rep"]["activities"]["totalCount"] == 3
    assert found["rep"]["activities"]["nodes"][0] == {
        "externalId": "a1", "kind": "EMAIL", "dated": "2026-05-05", "note": "Done.", "opportunity": {"name": "d"},
    }  # fmt: skip
    assert found["opportunity"]["activities"]["nodes"] == [{"kind": "EMAIL", "rep": {"name": "Ana"}}]


async def test_reps_record_what_they_and_their_reports_did_and_importers_what_anybody_did_whom_they_see(story: Story) -> None:
    await story.deal("cy's", "100", "cy")
    ana, mia, cy = [await story.is_(name) for name in ("ana", "mia", "cy")]
    await record(story, "ana", actor=ana)
    await record(story, "ana", actor=mia, external_id="a1")
    before = await story.company.rows("select position, (select count(*) from activity) as activities from clock")
    assert await codes(record(story, "mia", actor=ana)) == ["NOT_FOUND:rep.externalId"]
    assert await codes(record(story, "ana", actor=cy)) == ["NOT_FOUND:rep.externalId"]
    assert await codes(record(story, "cy", actor=cy, external_id="a1")) == ["NOT_FOUND:externalId"], "it is Ana's"
    assert await codes(record(story, "ana", actor=ana, opportunity=Ref(external_id="cy's"))) == ["NOT_FOUND:opportunity.externalId"]
    assert await codes(record(story, "ana", actor=Actor("viewer", None, frozenset({Grant.SEE_ALL})))) == ["NOT_PERMITTED:"]
    assert await codes(record(story, "bo", actor=Actor("ana", ana.rep_id, frozenset({Grant.SEE_ALL})))) == ["NOT_FOUND:rep.externalId"]
    assert await codes(record(story, "bo", actor=Actor("blind", None, frozenset({Grant.IMPORT})))) == ["NOT_FOUND:rep.externalId"]
    assert await codes(record(story, "ana", note="x" * 10_001)) == ["INVALID:note"]
    assert await codes(record(story, "ana", external_id=" ")) == ["INVALID:externalId"]
    assert await story.company.rows("select position, (select count(*) from activity) as activities from clock") == before
    await record(story, "bo", actor=Actor("importer", None, frozenset({Grant.IMPORT, Grant.SEE_ALL})))


async def test_whoever_works_on_a_deal_records_it_there_and_whoever_sees_the_deal_sees_it(story: Story) -> None:
    await story.won("d", "100", opened="2026-05-01", closed="2026-05-02")
    await story.company.split("d", ana="0.5", cy="0.5")
    ana, bo, cy = [await story.is_(name) for name in ("ana", "bo", "cy")]
    await record(story, "cy", actor=cy, kind=DEMO, opportunity=Ref(external_id="d"))
    await record(story, "cy", actor=cy, kind=EMAIL)
    text = "{ opportunities { nodes { activities { nodes { kind } } } } reps { nodes { name activities { totalCount } } } }"
    assert await story.ask(text, ana) == {
        "opportunities": {"nodes": [{"activities": {"nodes": [{"kind": "DEMO"}]}}]},
        "reps": {"nodes": [{"name": "Ana", "activities": {"totalCount": 0}}]},
    }
    assert await story.ask(text, bo) == {
        "opportunities": {"nodes": []},
        "reps": {"nodes": [{"name": "Bo", "activities": {"totalCount": 0}}]},
    }
    ids = [f"activity_{row['id']}" for row in await story.company.rows("select id from activity order by id")]
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await story.ask(nodes, ana, ids=ids) == {"nodes": [{"id": ids[0]}, None]}
    assert await story.ask(nodes, cy, ids=ids) == {"nodes": [{"id": ids[0]}, {"id": ids[1]}]}


async def test_a_summary_counts_by_kind_against_the_targets_of_the_periods_months(story: Story) -> None:
    await target(story, "ana", CALL, 20, "2026-01-01")
    await target(story, "ana", CALL, 30, "2026-05-15")
    await target(story, "ana", DEMO, 2, "2026-04-01", "2026-06-01")
    await target(story, "bo", CALL, 999, "2026-01-01")
    for on in ("2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01"):
        await record(story, "ana", on=on)
    await record(story, "ana", on="2026-05-10", kind=MEETING)
    await record(story, "bo", on="2026-05-10")
    asked = "count target byKind { kind count target ratio }"
    found = await story.ask(
        f"""
        {{
          rep(ref: {{externalId: "ana"}}) {{
            q2: activitySummary(period: {{name: "2026-Q2"}}) {{ period {{ name }} {asked} }}
            april: activitySummary(period: {{name: "2026-04"}}) {{ {asked} }}
            never: activitySummary(period: {{name: "1999"}}) {{ count }}
          }}
          cy: rep(ref: {{externalId: "cy"}}) {{ activitySummary(period: {{name: "2026-Q2"}}) {{ {asked} }} }}
        }}
        """
    )
    assert found["rep"]["q2"] == {
        "period": {"name": "2026-Q2"},
        "count": 3,
        "target": 74,
        "byKind": [
            {"kind": "CALL", "count": 2, "target": 70, "ratio": "0.028571"},
            {"kind": "DEMO", "count": 0, "target": 4, "ratio": "0.000000"},
            {"kind": "MEETING", "count": 1, "target": None, "ratio": None},
        ],
    }
    assert found["rep"]["april"]["byKind"][0] == {"kind": "CALL", "count": 1, "target": 20, "ratio": "0.050000"}
    assert found["rep"]["never"] is None
    assert found["cy"]["activitySummary"] == {"count": 0, "target": None, "byKind": []}


async def test_a_target_holds_from_a_day_on_and_what_was_before_stays(story: Story) -> None:
    await target(story, "ana", CALL, 20, "2026-01-01")
    await target(story, "ana", CALL, None, "2026-03-01", "2026-05-01")
    held = await story.company.rows(
        "select lower(effective)::text as starts, upper(effective)::text as ends, monthly from activity_target order by 1"
    )
    assert [tuple(row.values()) for row in held] == [("2026-01-01", "2026-03-01", 20), ("2026-05-01", None, 20)]
    assert await codes(target(story, "ana", CALL, 0, "2026-01-01")) == ["INVALID:monthly"]
    assert await codes(target(story, "ana", CALL, 1, "2026-01-01", "2026-01-01")) == ["INVALID:ends"]
    assert await codes(target(story, "nobody", CALL, 1, "2026-01-01")) == ["NOT_FOUND:rep.externalId"]
    command = activities.ActivityTargetSet(Ref(external_id="ana"), CALL, 1, date(2026, 1, 1))
    assert await codes(story.company.do(activities.set_target, command, await story.is_("mia"))) == ["NOT_PERMITTED:"]


async def test_two_targets_set_at_once_never_overlap(story: Story) -> None:
    await asyncio.gather(*(target(story, "ana", CALL, number, "2026-01-01") for number in range(1, 7)))
    assert await story.company.rows("select count(*) from activity_target") == [{"count": 1}]
    await target(story, "ana", EMAIL, 3, "2026-01-01")
    assert await story.company.rows("select count(*) from activity_target") == [{"count": 2}]


async def test_a_repeated_key_records_once(story: Story) -> None:
    deployment = Deployment(story.company.database, story.company.incentive_types)
    perform, ana = transacted(activities.record), await story.is_("ana")
    command = activities.ActivityRecord(Ref(external_id="ana"), CALL, date(2026, 5, 4), idempotency_key="k")
    answers = await asyncio.gather(*(result_of(perform(deployment, ana, command, {"rep": "ana"})) for _ in range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert await story.company.rows("select count(*) from activity") == [{"count": 1}]
