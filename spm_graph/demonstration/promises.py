"""What the demonstration company's people are promised: quotas, target pay, and plans with their versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from spm_graph.actions import components, plan_assignments, plans, quotas, targets
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import WindowKind
from spm_graph.incentive_types import Id

from .agreements import DOCUMENT, accept
from .cast import REGIONS
from .plot import QUARTERS, Plot, quarter_before
from .story import Story

SELLER_QUOTA = Decimal(150_000)

RAMP = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))
"""What is expected of who joins in the first months: the share of the quota."""

FIRST_TIERS = (("0", "0.04"), ("1", "0.08"))
LATER_TIERS = (("0", "0.05"), ("0.8", "0.06"), ("1", "0.1"))
BANDS = (("0", "0.5"), ("0.5", "1"), ("1", "1.5"))
MANAGERS = ("Sales Manager", "Vice President")


async def promise(story: Story, what: Plot) -> None:
    """Quotas for all who sell and lead, and three plans: of account executives, leaders and specialists."""
    await story.do_all(quotas.set_quota, _quotas(what))
    leaders = [each for each in what.people if each.title in MANAGERS]
    promised = [targets.TargetVariableSet(Ref(external_id=each.key), Decimal(60_000), what.first) for each in leaders]
    await story.do_all(targets.set_target_variable, promised)

    def tiers(given: Sequence[tuple[str, str]], **more: Any) -> Any:
        settings = {"tiersIn": "ATTAINMENT", "tiers": [{"starts": starts, "rate": rate} for starts, rate in given], **more}
        return story.incentive_types.decode("TieredCommission", settings)

    commission = components.ComponentDraft("Commission", "bookings", tiers(FIRST_TIERS), WindowKind.QUARTER_TO_DATE)
    plan = await story.plan(plans.PlanCreate((commission,), what.first, name="Account executive"))
    spif = story.incentive_types.decode("Spif", {"pays": "FIXED", "reward": "250", "products": ["Insight Enterprise"], "firstDeals": 3})
    changed = (
        components.ComponentDraft("Commission", "bookings", tiers(LATER_TIERS), WindowKind.QUARTER_TO_DATE),
        components.ComponentDraft("Insight launch", "bookings", spif),
    )
    version = await story.publish(plans.PlanCreate(changed, what.changed, plan=Id(global_id("plan", plan)), document=DOCUMENT))
    await _assign(story, plan, what.first, "Account Executive")
    await accept(story, what, version)

    bands = [{"starts": starts, "multiplier": multiplier} for starts, multiplier in BANDS]
    accelerator = story.incentive_types.decode("Accelerator", {"bands": bands, "threshold": "0.3"})
    leading = components.ComponentDraft("Target pay", "team bookings", accelerator, WindowKind.QUARTER_TO_DATE)
    plan = await story.plan(plans.PlanCreate((leading,), what.first, name="Leader"))
    bonus = story.incentive_types.decode("Bonus", {"bonus": "2000", "achieved": "GOALS"})
    objectives = components.ComponentDraft("Objectives", "team bookings", bonus, WindowKind.QUARTER_TO_DATE)
    await story.publish(plans.PlanCreate((leading, objectives), what.changed, plan=Id(global_id("plan", plan))))
    await _assign(story, plan, what.first, *MANAGERS)

    flat = story.incentive_types.decode("TieredCommission", {"tiers": [{"starts": "0", "rate": "0.03"}]})
    on_top = components.ComponentDraft("Cloud", "cloud bookings", flat)
    plan = await story.plan(plans.PlanCreate((on_top,), what.first, name="Cloud specialist"))
    await _assign(story, plan, what.first, "Cloud Specialist")


async def _assign(story: Story, plan: int, starts: date, *titles: str) -> None:
    for title in titles:
        await story.do(plan_assignments.assign, plan_assignments.PlanAssign(Id(global_id("plan", plan)), None, starts, title=title))


def _quotas(what: Plot) -> Iterator[quotas.QuotaSet]:
    """Quarterly quotas, ramping up for who joins; managers' are those of the people below them."""
    spans = [quarter_before(what.this_quarter, number) for number in range(QUARTERS, -1, -1)]
    team = SELLER_QUOTA * len(what.sellers) / (len(REGIONS) * 2)
    size = {"Account Executive": SELLER_QUOTA, "Sales Manager": team, "Vice President": team * 2}
    for person in what.people:
        measure = "bookings" if person.title == "Account Executive" else "team bookings"
        for span in spans:
            if person.title not in size or span.starts < what.starts(person) or (person is what.leaver and span.starts >= what.left_on):
                continue
            rep = Ref(external_id=person.key)
            name = f"{span.starts.year}-Q{(span.starts.month + 2) // 3}"
            yield quotas.QuotaSet(rep, measure, PeriodRef(name=name), size[person.title], ramp=RAMP if person is what.joiner else ())
