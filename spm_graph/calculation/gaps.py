"""How far the next change of a rate is: found by asking the incentive types themselves what they would pay for more."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from spm_graph.domain.bends import next_bend
from spm_graph.domain.money import ZERO, quantum
from spm_graph.domain.terms import Role, TransactionKind

from .facts import Facts
from .pay import Key, Pay
from .rivals import MOST_AGAIN
from .supposing import Supposition
from .windows import Part, Window

REACHES = 4
"""How many quotas further a change of the rate is looked for."""

FURTHEST = Decimal(1_000_000)
"""How far without a quota, if ten times what is credited is less."""


def gap_to_next_tier(after: Pay, key: Key, today: date, quota: Decimal | None, credited: Decimal) -> Decimal | None:
    """How much more must be credited until the window's component pays at another rate; None if it doesn't for very long.

    None as well for what builds on a contest that is too large to be judged time and again.
    """
    window = after.evaluated[key].window
    if len({each.rep_id for each in after.needed(window)}) > MOST_AGAIN + 1:
        return None
    part = after.known.parts(window)[-1]
    on = min(max(today, window.span.starts), window.through - timedelta(days=1))
    unit = Decimal(1) if part.units else quantum(window.currency)
    reach = max(quota * REACHES if quota else ZERO, abs(credited) * 10, FURTHEST if not quota else ZERO)

    def pay(more: Decimal) -> Decimal:
        row = _more(after.known, window, part, on, more)
        return after.supposing(Supposition(frozenset(), (row,), frozenset([on])), window).unrounded(key)

    # A component behind others builds on what they pay, and that is rounded.
    noise = ZERO if part.order[1] == min(each.order[1] for each in after.known.components(window.rep_id)) else 2 * quantum(window.currency)
    return next_bend(pay, reach.quantize(unit), unit, noise)


def _more(known: Facts, window: Window, part: Part, on: date, more: Decimal) -> dict[str, Any]:
    """A credit of so much more, behind all others."""
    units, paid = part.units, known.paid[window.rep_id]
    nothing = dict.fromkeys(("corrects_id", "product", "opportunity", "opportunity_name", "account", "source_rep", "source"))
    return {
        **nothing,
        "rep_id": window.rep_id,
        "measure_id": part.measure_id,
        "measure": part.measure,
        "transaction_id": 0,
        "role": Role.DIRECT,
        "dated": on,
        "amount": ZERO if units else paid.total([(window.last, more)], on),
        "units": more if units else Decimal(1),
        "share": Decimal(1),
        "currency": paid.on(on),
        "kind": TransactionKind.ORDER,
    }
