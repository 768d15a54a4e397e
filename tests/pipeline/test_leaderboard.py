"""The ranking: equals share a place, and everybody finds in it whom the company lets them find."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from spm_graph.actions import company as acts
from spm_graph.actions.openings import OpeningBalanceSet, set_opening_balance
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import LeaderboardAudience
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR

from .conftest import Story

RANKING = """
query ($first: Int! = 20, $after: Cursor, $orderBy: AttainmentOrder) {
  attainments(period: {name: "2026-Q2"}, first: $first, after: $after, orderBy: $orderBy) {
    nodes { rank rep { name rep { email } } credited { value unit } quota { value } ratio }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}
"""


async def sold(story: Story) -> None:
    """Ana and Bo at a half, Cy at two, Mia without a quota of her own, and somebody with a quota who sold nothing."""
    await story.company.hire("dee")
    for name, quota, amount in (("ana", "1000", "500"), ("bo", "3000", "1500"), ("cy", "100", "200"), ("dee", "100", None)):
        await story.company.quota(name, "2026-Q2", quota)
        if amount:
            await story.won(f"{name}'s", amount, opened="2026-04-01", closed="2026-05-01", rep=name)


async def ranked(story: Story, actor: Actor = ADMINISTRATOR, **variables: Any) -> list[tuple[int, str, str]]:
    """Rank, name and ratio."""
    found = await story.ask(RANKING, actor, **variables)
    return [(row["rank"], row["rep"]["name"], row["ratio"]) for row in found["attainments"]["nodes"]]


async def open_to(story: Story, audience: LeaderboardAudience) -> None:
    """Let the ranking be seen."""
    await story.company.do(acts.set_company, acts.CompanySet(leaderboard=audience))


async def test_equals_share_a_rank_and_the_one_behind_them_is_left_out(story: Story) -> None:
    await sold(story)
    assert await ranked(story) == [(1, "Cy", "2.000000"), (2, "Ana", "0.500000"), (2, "Bo", "0.500000"), (4, "Dee", "0.000000")]
    assert [name for _, name, _ in await ranked(story, orderBy="CREDITED")] == ["Bo", "Ana", "Cy", "Dee"]
    assert [name for _, name, _ in await ranked(story, orderBy="NAME")] == ["Ana", "Bo", "Cy", "Dee"]


async def test_a_page_goes_on_behind_a_shared_rank(story: Story) -> None:
    await sold(story)
    names, after = [], None
    for _ in range(4):
        found = (await story.ask(RANKING, first=1, after=after))["attainments"]
        names += [row["rep"]["name"] for row in found["nodes"]]
        assert found["totalCount"] == 4
        after = found["pageInfo"]["endCursor"]
    assert names == ["Cy", "Ana", "Bo", "Dee"]
    assert not found["pageInfo"]["hasNextPage"]


async def test_everybody_is_ranked_among_those_whom_they_see_unless_the_company_shows_all(story: Story) -> None:
    await sold(story)
    mia, ana = await story.is_("mia"), await story.is_("ana")
    own = '{ reps { nodes { name attainment(period: {name: "2026-Q2"}) { rank ratio } } } }'
    assert await ranked(story, mia) == [(1, "Ana", "0.500000"), (1, "Bo", "0.500000")]
    assert await ranked(story, ana) == [(1, "Ana", "0.500000")]
    assert (await story.ask(own, mia))["reps"]["nodes"] == [
        {"name": "Ana", "attainment": {"rank": 1, "ratio": "0.500000"}},
        {"name": "Bo", "attainment": {"rank": 1, "ratio": "0.500000"}},
        {"name": "Mia", "attainment": {"rank": None, "ratio": None}},
    ]
    assert await ranked(story, Actor("service", None, frozenset())) == []
    await open_to(story, LeaderboardAudience.EVERYONE)
    assert await ranked(story, ana) == await ranked(story)
    assert (await story.ask(own, ana))["reps"]["nodes"] == [{"name": "Ana", "attainment": {"rank": 2, "ratio": "0.500000"}}]
    await open_to(story, LeaderboardAudience.VISIBLE)
    assert await ranked(story, ana) == [(1, "Ana", "0.500000")]


async def test_the_ranking_shows_numbers_and_names_and_nothing_else_of_others(story: Story) -> None:
    await sold(story)
    await story.company.hire("cy", email="cy@example.org")
    await open_to(story, LeaderboardAudience.EVERYONE)
    found = (await story.ask(RANKING, await story.is_("ana")))["attainments"]["nodes"]
    assert [row["rep"] for row in found] == [
        {"name": "Cy", "rep": None},
        {"name": "Ana", "rep": {"email": None}},
        {"name": "Bo", "rep": None},
        {"name": "Dee", "rep": None},
    ]
    assert found[0]["credited"] == {"value": "200.00", "unit": "USD"}


async def test_the_ratio_as_it_is_written_decides_who_are_equals(story: Story) -> None:
    for name, quota, amount in (("ana", "3000", "1000"), ("bo", "30000.03", "10000"), ("cy", "2999.99", "1000")):
        await story.company.quota(name, "2026-Q2", quota)
        await story.won(name, amount, opened="2026-04-01", closed="2026-05-01", rep=name)
    assert await ranked(story) == [(1, "Cy", "0.333334"), (2, "Ana", "0.333333"), (2, "Bo", "0.333333")]


async def test_an_opening_balance_counts_in_the_ranking_and_in_what_is_to_be_covered(story: Story) -> None:
    await sold(story)
    opening = OpeningBalanceSet(Ref(external_id="ana"), "bookings", date(2026, 4, 1), date(2026, 5, 1), Decimal(250))
    await story.company.do(set_opening_balance, opening)
    await story.deal("d", "1000", expected_close_on="2026-06-01")
    assert await ranked(story) == [(1, "Cy", "2.000000"), (2, "Ana", "0.750000"), (3, "Bo", "0.500000"), (4, "Dee", "0.000000")]
    q2 = '(period: {name: "2026-Q2"})'
    own = f'{{ rep(ref: {{externalId: "ana"}}) {{ attainment{q2} {{ rank ratio }} pipeline{q2} {{ coverage }} }} }}'
    assert (await story.ask(own))["rep"] == {"attainment": {"rank": 2, "ratio": "0.750000"}, "pipeline": {"coverage": "4.000000"}}


async def test_a_measure_of_its_own_has_its_own_ranking(story: Story) -> None:
    await sold(story)
    await story.company.quota("mia", "2026-Q2", "1000", measure="team")
    found = await story.ask(
        """
        {
          attainments(period: {name: "2026-Q2"}, measure: "team") { nodes { rank measure rep { name } ratio } }
          none: attainments(period: {name: "2026-Q2"}, measure: "nothing") { totalCount }
          rep(ref: {externalId: "mia"}) { attainments(period: {name: "2026-Q2"}) { measure rank } }
        }
        """
    )
    assert found["attainments"]["nodes"] == [{"rank": 1, "measure": "team", "rep": {"name": "Mia"}, "ratio": "2.000000"}]
    assert found["none"] == {"totalCount": 0}
    assert found["rep"]["attainments"] == [{"measure": "bookings", "rank": None}, {"measure": "team", "rank": 1}]


async def test_a_week_requires_seven_days_of_it_or_what_is_left(story: Story) -> None:
    await story.company.quota("ana", "2026-Q2", "520")
    required = "daysLeft requiredPerDay { value } requiredPerWeek { value }"
    asked = f'{{ rep(ref: {{externalId: "ana"}}) {{ attainment(period: {{name: "2026-Q2"}}) {{ {required} }} }} }}'
    assert (await story.ask(asked))["rep"]["attainment"] == {
        "daysLeft": 52, "requiredPerDay": {"value": "10.00"}, "requiredPerWeek": {"value": "70.00"},
    }  # fmt: skip
    story.company.database.today = lambda: date(2026, 6, 28)
    assert (await story.ask(asked))["rep"]["attainment"] == {
        "daysLeft": 3, "requiredPerDay": {"value": "173.33"}, "requiredPerWeek": {"value": "520.00"},
    }  # fmt: skip
