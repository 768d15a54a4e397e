"""The stages that a deal went through: every move is kept, and moving a deal moves what hangs on it."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import asyncpg
import pytest

from spm_graph.actions import opportunities
from spm_graph.actions.refs import Ref
from spm_graph.domain.problem import Problem, ProblemCode, Refused
from spm_graph.domain.terms import ForecastCategory, Grant, Outcome
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR

from .conftest import Story

HISTORY = """
query ($key: String!) {
  opportunity(ref: {externalId: $key}) {
    stage outcome closedOn probability forecastCategory amount { amount }
    history { fromStage toStage outcome dated days }
    transactions { amount { amount } dated }
    credits { rep { name } measure { name } amount { amount } }
  }
}
"""


async def history(story: Story, key: str) -> list[tuple[str | None, str, str | None, str, int | None]]:
    """What became of a deal, stage by stage."""
    found = await story.ask(HISTORY, key=key)
    return [tuple(change.values()) for change in found["opportunity"]["history"]]


async def test_every_stage_is_kept_with_the_day_and_how_long_it_took(story: Story) -> None:
    await story.deal("d", "100", stage="Prospecting", opened_on="2026-03-01")
    await story.deal("d", "100", stage="Prospecting", opened_on="2026-02-01")
    await story.deal("d", "120", stage="Engaging", stage_since="2026-03-11")
    await story.move("d", "Proposal", stage_since="2026-04-01", probability=Decimal("0.7"))
    await story.move("d", "Won", outcome=Outcome.WON, closed_on="2026-05-04")
    assert await history(story, "d") == [
        (None, "Prospecting", None, "2026-03-01", 10),
        ("Prospecting", "Engaging", None, "2026-03-11", 21),
        ("Engaging", "Proposal", None, "2026-04-01", 33),
        ("Proposal", "Won", "WON", "2026-05-04", None),
    ]


async def test_without_a_day_a_stage_begins_when_the_deal_closed_or_was_opened_or_today(story: Story) -> None:
    await story.won("won", "100", opened="2026-01-01", closed="2026-02-03")
    await story.deal("opened", "100", opened_on="2026-03-01")
    await story.deal("undated", "100")
    await story.move("opened", "Engaging")
    assert await history(story, "won") == [(None, "Won", "WON", "2026-02-03", None)]
    assert await history(story, "undated") == [(None, "Open", None, "2026-05-10", 0)]
    assert await history(story, "opened") == [(None, "Open", None, "2026-03-01", 70), ("Open", "Engaging", None, "2026-05-10", 0)]


async def test_a_move_to_won_makes_the_order_and_the_credits_and_tells_so(story: Story) -> None:
    await story.deal("d", "100", probability=Decimal("0.3"))
    await story.move("d", "Won", outcome=Outcome.WON, amount=Decimal("250.50"))
    found = (await story.ask(HISTORY, key="d"))["opportunity"]
    assert (found["stage"], found["outcome"], found["closedOn"]) == ("Won", "WON", "2026-05-10")
    assert (found["probability"], found["forecastCategory"], found["amount"]) == ("1", "CLOSED", {"amount": "250.50"})
    assert found["transactions"] == [{"amount": {"amount": "250.50"}, "dated": "2026-05-10"}]
    assert sorted((credit["rep"]["name"], credit["measure"]["name"], credit["amount"]["amount"]) for credit in found["credits"]) == [
        ("Ana", "bookings", "250.50"),
        ("Ana", "team", "250.50"),
        ("Mia", "team", "250.50"),
    ]
    events = await story.company.rows("select payload from event where kind = 'OpportunityMoved' order by position")
    assert [(event["payload"]["fromStage"], event["payload"]["toStage"], event["payload"]["outcome"]) for event in events] == [
        (None, "Open", None),
        ("Open", "Won", "WON"),
    ]


async def test_a_lost_deal_is_opened_again_with_what_is_said_of_it(story: Story) -> None:
    await story.deal("d", "100")
    await story.move("d", "Lost", outcome=Outcome.LOST)
    found = (await story.ask(HISTORY, key="d"))["opportunity"]
    assert (found["probability"], found["forecastCategory"]) == ("0", "OMITTED")
    with pytest.raises(Refused) as refused:
        await story.move("d", "Open", forecast_category=ForecastCategory.COMMIT)
    assert refused.value.problems == (
        Problem(ProblemCode.INVALID, "a deal that is opened again needs a probability and a forecast category", ("probability",)),
    )
    await story.move("d", "Open", probability=Decimal("0.9"), forecast_category=ForecastCategory.COMMIT)
    found = (await story.ask(HISTORY, key="d"))["opportunity"]
    assert (found["outcome"], found["closedOn"], found["probability"], found["forecastCategory"]) == (None, None, "0.9", "COMMIT")
    assert [change[:3] for change in await history(story, "d")] == [(None, "Open", None), ("Open", "Lost", "LOST"), ("Lost", "Open", None)]


async def test_a_move_that_can_not_be_is_refused_with_every_reason_and_leaves_the_deal(story: Story) -> None:
    await story.deal("d", None)
    before = await story.company.rows("select (select position from clock) as position, count(*) from stage_change")
    with pytest.raises(Refused) as refused:
        await story.move("d", " ", outcome=Outcome.WON, probability=Decimal(2))
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        (ProblemCode.INVALID, ("stage",)),
        (ProblemCode.INVALID, ("probability",)),
        (ProblemCode.INVALID, ("amount",)),
    ]
    with pytest.raises(Refused) as refused:
        await story.move("d", "Open", closed_on="2026-05-01")
    assert [problem.path for problem in refused.value.problems] == [("outcome",)]
    with pytest.raises(Refused) as refused:
        await story.move("d", "Won", actor=await story.is_("ana"), outcome=Outcome.WON, amount=Decimal(10**6))
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.NOT_PERMITTED], "nobody wins a deal for their own pay"
    importer = Actor("importer", (await story.is_("cy")).rep_id, frozenset({Grant.IMPORT}))
    with pytest.raises(Refused) as refused:
        await story.move("d", "Engaging", actor=importer)
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.NOT_FOUND]
    assert await story.company.rows("select (select position from clock) as position, count(*) from stage_change") == before


async def test_two_moves_at_once_are_both_kept_one_behind_the_other(story: Story) -> None:
    await story.deal("d", "100", stage="0")

    async def move(stage: str) -> None:
        command = opportunities.OpportunityMove(Ref(external_id="d"), stage)
        await story.company.do(opportunities.move, command, ADMINISTRATOR)

    await asyncio.gather(*(move(str(number)) for number in range(1, 7)))
    found = await history(story, "d")
    assert {to for _, to, *_ in found} == set("0123456")
    assert [change[0] for change in found[1:]] == [change[1] for change in found[:-1]], "each begins where the one before it ended"


async def test_the_history_is_only_ever_added_to(story: Story) -> None:
    await story.deal("d", "100")
    for statement in ("update stage_change set dated = '2020-01-01'", "delete from stage_change"):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
            await story.company.database.pool.execute(statement)


async def test_a_discount_is_what_the_customer_need_not_pay(story: Story) -> None:
    await story.deal("a", "900", list_amount=Decimal("1200"))
    await story.deal("b", "900")
    await story.deal("c", None, list_amount=Decimal("5"))
    await story.deal("d", "0", list_amount=Decimal("0"))
    found = await story.ask("{ opportunities(orderBy: CREATED) { nodes { discount listAmount { amount currency } } } }")
    assert [(deal["discount"], deal["listAmount"]) for deal in found["opportunities"]["nodes"]] == [
        ("0.25", {"amount": "1200.00", "currency": "USD"}),
        (None, None),
        (None, {"amount": "5.00", "currency": "USD"}),
        (None, {"amount": "0.00", "currency": "USD"}),
    ]
    with pytest.raises(Refused) as refused:
        await story.deal("e", "1", list_amount=Decimal("0.001"))
    assert [(problem.path, problem.message) for problem in refused.value.problems] == [
        (("listAmount",), "0.001 is no amount; expected zero or more USD, in steps of 0.01")
    ]
