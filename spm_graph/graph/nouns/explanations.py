"""Why a deal, or a component, pays a rep what it pays: an answer for each of them, also where that is nothing."""

from __future__ import annotations

from spm_graph.domain.terms import Explains
from spm_graph.reading.fields import column, dates, embedded, money, one, record
from spm_graph.store import tables

from .earnings import COMPONENT_THEN, Step
from .pages import DateRange, Money
from .plans import Component

IN_ORDER = "{ordinal}, {component_id}, lower({span}), {says}"
OF_PERIOD = "explained_period({parent.id}, {$period})"


@record("explained_deal({$rep}, {parent.id})", tables.rep)
class Explanation:
    """One thing to say about what a deal, or a component, pays a rep. The first one is the one to look at first."""

    reason: Explains = column("reason", "What it is, for a program.")
    says: str = column("says", "The same for a person, with its numbers.")
    amount: Money | None = money("{amount}", "{currency}", "What is paid. Null: it is not about an amount.")
    component: Component | None = one(
        None,
        "The component that it is about. Null: it is about none.",
        where="{component_id} = {parent.component_id}",
        order=COMPONENT_THEN,
        inherited=True,
    )
    window: DateRange | None = dates("{span}", "The whole span of the window that is measured. Null: it is about none.")
    steps: list[Step] | None = embedded("{steps}", "How the window was calculated when it was last posted. Null: it is not about that.")
