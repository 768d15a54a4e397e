"""Statements: what a rep is paid for a pay period, and how that comes about."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.reading.fields import many, money, one, record, value

from .adjustments import Adjustment
from .earnings import COMPONENT_THEN, Earning, earning_page
from .pages import Connection, Money
from .payments import PaymentLine
from .periods import Period
from .plans import Component

if TYPE_CHECKING:
    from .reps import Rep

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.nouns.reps")]

EARNED = """(
    select earned.component_id, earned.amount, earned.currency, target.effective as span, target.id as period_id
    from earned join period as target on target.id = earned.period_id
    where earned.rep_id = {parent.rep_id} and earned.period_id = {parent.period_id} and earned.currency = {parent.currency}
)"""

STATEMENTS = """(
    select rep.id as rep_id, known.currency, target.id as period_id, summed.*,
           known.currency = paid_in(rep.id, lower(target.effective)) as usual,
           opening + earned + adjustments - held + released + drawn - recovered + written_off as due
    from rep, period as target, lateral (
        select paid_in(rep.id, lower(target.effective)) as currency
        union select currency from entitled where entitled.rep_id = rep.id
        union select currency from payment where payment.rep_id = rep.id
    ) as known, lateral statement_of(rep.id, known.currency, target.id) as summed
    where rep.id = {parent.id} and target.id = {$period} and target.kind = 'MONTH'
)"""
"""One for each currency in which a rep ever had anything. The same function books a month when it closes and shows it before: an open
one as if it and those before it closed now."""


@record(EARNED, None)
class ComponentTotal:
    """What one component earned a rep in a pay period."""

    component: Component | None = one(
        None, "The component.", where="{component_id} = {parent.component_id}", order=COMPONENT_THEN, inherited=True
    )
    amount: Money = money("{amount}", "{currency}", "What was booked in the pay period.")


SAYS_SOMETHING = (
    "{usual} or {opening} <> 0 or {earned} <> 0 or {adjustments} <> 0 or {held} <> 0 or {released} <> 0 or {drawn} <> 0"
    " or {recovered} <> 0 or {written_off} <> 0 or {owed} <> 0"
)


@record(STATEMENTS, None)
class Statement:
    """What a rep is paid for a pay period, and why.

    Opening + earned + adjustments - held + released + drawn - recovered + written off is payable where it is above zero, and
    carried into the next pay period where it is a debt. Of an open pay period it is what closing it now would book.
    """

    rep: LazyRep = one(None, "Who is paid.", where="{id} = {parent.rep_id}", inherited=True)
    period: Period = one(None, "The pay period.", where="{id} = {parent.period_id}")
    opening: Money = money("{opening}", "{currency}", "The debt that earlier pay periods left: zero or less.")
    earned: Money = money("{earned}", "{currency}", "What was booked in the pay period, corrections among it.")
    adjustments: Money = money("{adjustments}", "{currency}", "What was adjusted by hand in the pay period.")
    held: Money = money("{held}", "{currency}", "What holds keep back of it. Below zero: what they kept back before is no longer earned.")
    released: Money = money("{released}", "{currency}", "What was kept back before and is payable now.")
    drawn: Money = money("{drawn}", "{currency}", "What the draw adds to it.")
    recovered: Money = money("{recovered}", "{currency}", "What is taken back of earlier draws.")
    written_off: Money = money("{written_off}", "{currency}", "What was forgiven of the debt that was carried.")
    payable: Money = money("greatest(0, {due})", "{currency}", "What all of this comes to, where that is above zero.")
    carried: Money = money("least(0, {due})", "{currency}", "What all of this comes to, where that is a debt.")
    draw_balance: Money = money(
        "{owed}", "{currency}", "What is owed of draws after the pay period: drawn and neither recovered nor forgiven."
    )
    paid: Money | None = money(
        "(select sum(amount) from payment where payment.rep_id = {rep_id} and payment.period_id = {period_id}"
        " and payment.currency = {currency} and payment.kind = 'PAID')",
        "{currency}",
        "What became due when the pay period closed. Null: it is open, or nothing was payable.",
    )
    acknowledged_at: datetime | None = value(
        "(select tick.at from acknowledgement as said join tick on tick.position = said.position"
        " where said.rep_id = {rep_id} and said.period_id = {period_id})",
        "When the rep said that they have read it. Null: they have not.",
    )
    adjusted: list[Adjustment] = many(
        None,
        "The adjustments, one by one; those that are pending or declined, too, which don't count.",
        where="{rep_id} = {parent.rep_id} and {period_id} = {parent.period_id} and {currency} = {parent.currency}",
        inherited=True,
    )
    by_component: list[ComponentTotal] = many(None, "What was earned, by component.", order="{component_id}", inherited=True)
    lines: Connection[Earning] = earning_page(
        None,
        "The lines of the ledger that make up what was earned.",
        where="{rep_id} = {parent.rep_id} and {period_id} = {parent.period_id} and {currency} = {parent.currency}",
        inherited=True,
    )
    payments: list[PaymentLine] = many(
        None,
        "The lines of the payment ledger: what was held, released, drawn, recovered, forgiven and paid.",
        order="{place}",
        inherited=True,
    )
