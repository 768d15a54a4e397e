"""What the demonstration company's people do: deals recorded stage by stage, some of them shared, and activities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from spm_graph.actions import activities, opportunities
from spm_graph.actions.refs import Ref
from spm_graph.domain.terms import ActivityKind, ForecastCategory, Outcome
from spm_graph.importing import records

from .deals import LOST, STAGES, WON, Deal
from .plot import SEED, Plot, quarter_before
from .story import Story


async def sell(story: Story, what: Plot) -> None:
    """Every deal as it was in its first stage, then in its second, and so on: that makes the history of its stages."""
    for number in range(len(STAGES) + 1):
        reached = [deal for deal in what.deals if len(deal.path) > number]
        if reached:
            given = tuple(_record(deal, *deal.path[number]) for deal in reached)
            await story.do(records.import_records, records.RecordsImport(opportunities=given))
    random = Random(SEED)
    shared = random.sample([deal for deal in what.deals if deal.outcome is Outcome.WON], 40)
    await story.do_all(opportunities.share, (_split(random, what, deal) for deal in shared))


def _record(deal: Deal, stage: str, since: date) -> records.OpportunityRecord:
    decided = stage in (WON, LOST)
    probability, category = STAGES.get(stage, (None, None))
    return records.OpportunityRecord(
        external_id=deal.key,
        name=f"{deal.customer.name}: {deal.quantity} {deal.product.name}",
        owner=deal.owner.key,
        stage=stage,
        forecast_category=category or (ForecastCategory.CLOSED if stage == WON else ForecastCategory.OMITTED),
        probability=probability if probability is not None else Decimal(stage == WON),
        account=deal.customer.key,
        product=deal.product.name,
        amount=deal.amount,
        list_amount=deal.list_amount,
        opened_on=deal.path[0][1],
        expected_close_on=deal.closes_on,
        closed_on=deal.closes_on if decided else None,
        outcome=(Outcome.WON if stage == WON else Outcome.LOST) if decided else None,
        stage_since=since,
    )


def _split(random: Random, what: Plot, deal: Deal) -> opportunities.OpportunitySplit:
    mates = [each for each in what.sellers if each.territory == deal.owner.territory and each not in (deal.owner, what.joiner, what.leaver)]
    share = random.choice((Decimal("0.5"), Decimal("0.6"), Decimal("0.7")))
    parts = ((deal.owner, share), (random.choice(mates), 1 - share))
    return opportunities.OpportunitySplit(
        Ref(external_id=deal.key), tuple(opportunities.SplitShare(Ref(external_id=each.key), part) for each, part in parts)
    )


async def record_activities(story: Story, what: Plot) -> None:
    """What reps did for the deals of the last quarter and of this one."""
    await story.do_all(activities.record, _activities(what))


def _activities(what: Plot) -> Iterator[activities.ActivityRecord]:
    """A few activities for each deal that was open in the last quarter or in this one."""
    random = Random(SEED)
    since = quarter_before(what.this_quarter, 1).starts
    for deal in what.deals:
        opened, until = max(deal.path[0][1], since), min(deal.closes_on, what.today)
        for _ in range(random.randrange(1, 4) if opened < until else 0):
            day = opened + timedelta(days=random.randrange((until - opened).days))
            kind = random.choice(list(ActivityKind))
            yield activities.ActivityRecord(Ref(external_id=deal.owner.key), kind, day, opportunity=Ref(external_id=deal.key))
