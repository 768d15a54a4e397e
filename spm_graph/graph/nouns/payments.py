"""What is paid when: draws, holds, the payment ledger, and the batches that payroll gets."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import strawberry

from spm_graph.domain.terms import Debt, DrawKind, PaymentKind, PayoutState, Release
from spm_graph.reading.declarations import Order
from spm_graph.reading.fields import column, dates, many, money, node, one, rate, record, value
from spm_graph.reading.filters import matches, narrowing
from spm_graph.store import tables
from spm_graph.store.tables import draw, hold, payout, payout_line

from ..scalars import Position
from .directory import RepCard, of_rep_named
from .opportunities import Opportunity
from .orders import NOT_YET, RECORDED, Keys, named, orders, rising, sized
from .pages import Connection, DateRange, Money, Node, Ref, page, ticked
from .periods import Period
from .plans import Component
from .transactions import Transaction

LATEST_COMPONENT = "{plan_version_id} desc"


@record(draw.name, draw)
class Draw:
    """What a rep is topped up to in every month of some dates: an advance on earnings, or a guarantee.

    DRAWN = draw - (earned + adjustments - held + released - protected), where that is above zero. An advance is owed until it
    is RECOVERED: the share of what a month brings above the draw, as far as that leaves the rep the draw itself.
    """

    kind: DrawKind = column(draw.c.kind, "Whether it is paid back.")
    monthly: Money = money(draw.c.monthly, draw.c.currency, "What a whole month is topped up to.")
    effective: DateRange = dates(draw.c.effective, "The dates for which it holds.")
    prorated: bool = column(draw.c.prorated, "Whether a month that it or employment covers in part gives its part by days, or all of it.")
    recovery_starts: date | None = column(draw.c.recovery_starts, "It is recovered from the month of this day on. Null: at once.")
    recovery_share: Decimal = rate(draw.c.recovery_share, "How much of what a month brings above the draw is taken for recovery.")
    forgiven_on: date | None = column(draw.c.forgiven_on, "From the month of this day on nothing is owed. Null: it is not forgiven.")
    protected: list[Component] = many(
        None,
        "The components that are paid on top: they neither use up the draw nor go into recovery.",
        where="{id} in (select max(part.id) from draw as given cross join unnest(given.protected) as chosen(component_id)"
        " join component_version as part on part.component_id = chosen.component_id"
        " where given.id = {parent.id} group by chosen.component_id)",
        order="{component_id}",
        inherited=True,
    )


@narrowing("Which holds are wanted.")
class HoldWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those on this rep.", tables.rep)
    opportunity: Ref | None = matches("{opportunity_id} = {value}", "Those on this deal.", tables.opportunity)
    component: strawberry.ID | None = matches("{component_id} = {value}", "Those on this component.", tables.component)
    ended: bool | None = matches(
        "({released_position} is not null or coalesce({releases_on} < {today}, false)) = {value}",
        "True: those that ended; false: the others.",
    )
    release: Release | None = matches("{release} = {value}", "Those that this ends.")
    releases_from: date | None = matches("{releases_on} >= {value}", "Those that end by themselves on this day or later.")
    releases_before: date | None = matches("{releases_on} < {value}", "Those that end by themselves before this day.")


HOLD_ORDERS = orders(
    "HoldOrder",
    "How holds can be ordered.",
    **RECORDED,
    RELEASES=(
        "By the day on which they end by themselves, the next one first; those that have none come last.",
        rising(NOT_YET.format("{releases_on}"), "date"),
    ),
)


HELD = """({rep_id} = {parent.id} or ({rep_id} is null and case
    when {opportunity_id} is not null then exists (
        select from credit
        where credit.opportunity_id = {self}.opportunity_id and credit.rep_id = {parent.id} and credit.superseded_position is null)
    else exists (
        select from component join plan_membership as given on given.plan_id = component.plan_id
        where component.id = {self}.component_id and given.rep_id = {parent.id}) end))"""
"""Of holds, those on a rep: on them, on deals that they are credited on, and on components of their plans."""


@node(hold, "hold")
class Hold(Node):
    """What is earned and kept back until something happens: that for which all that it names of rep, deal and component holds.

    What several holds cover is kept back as long as the longest of them.
    """

    rep: RepCard | None = one(None, "Whose earnings are held. Null: everybody's.", where="{id} = {parent.rep_id}")
    opportunity: Opportunity | None = one(hold.c.opportunity_id, "The deal that they come from. Null: any.")
    component: Component | None = one(
        None, "The component that they were earned by. Null: any.", where="{component_id} = {parent.component_id}", order=LATEST_COMPONENT
    )
    release: Release = column(hold.c.release, "What ends it.")
    releases_on: date | None = column(hold.c.releases_on, "The day on which it ends by itself. Null: when somebody releases it.")
    reason: str = column(hold.c.reason, "Why it was placed.")
    placed_at: datetime = value(ticked("at", "{placed_position}"), "When it was placed.")
    placed_by: str = value(ticked("actor", "{placed_position}"), "Who placed it.")
    released_at: datetime | None = value(ticked("at", "{released_position}"), "When somebody released it. Null: nobody did.")
    released_by: str | None = value(ticked("actor", "{released_position}"), "Who released it. Null: nobody did.")
    release_note: str | None = column(hold.c.release_note, "Why it was released.")


LINES = """(
    select line.*, period.effective as span, row_number() over (
        order by array_position(array['HELD', 'RELEASED', 'DRAWN', 'RECOVERED', 'WRITTEN_OFF', 'PAID'], line.kind),
                 line.debt, line.component_id, line.opportunity_id, line.transaction_id) as place
    from payment_line({parent.rep_id}, {parent.period_id}) as line join period on period.id = line.period_id
    where line.period_id = {parent.period_id} and line.currency = {parent.currency}
)"""


@record(LINES, None)
class PaymentLine:
    """One line of the payment ledger; of an open pay period, a line that it would book if it closed now."""

    kind: PaymentKind = column("kind", "What it does.")
    debt: Debt | None = column("debt", "Which kind of debt is written off. Null: none is.")
    amount: Money = money("{amount}", "{currency}", "How much. Below zero only what is held: it is no longer earned.")
    note: str | None = column("note", "Why a debt was forgiven, in the words of who did it.")
    component: Component | None = one(
        None,
        "Whose earnings are held or released. Null: an adjustment's, or the line is about all of the pay.",
        where="{component_id} = {parent.component_id}",
        order=LATEST_COMPONENT,
        inherited=True,
    )
    opportunity: Opportunity | None = one(
        None, "The deal whose earnings are held or released. Null: there is none.", where="{id} = {parent.opportunity_id}", inherited=True
    )
    transaction: Transaction | None = one(
        None,
        "The sale, where there is no deal: the one that all its corrections and payments refer to.",
        where="{id} = {parent.transaction_id}",
        inherited=True,
    )


TOTALS = """(
    select payment.currency, sum(payment.amount) as amount, count(*) as reps
    from payout_line join payment on payment.id = payout_line.payment_id
    where payout_line.payout_id = {parent.id} group by payment.currency
)"""


@record(TOTALS, None)
class PayoutTotal:
    """What a payout batch comes to in one currency."""

    amount: Money = money("{amount}", "{currency}", "The sum.")
    reps: int = column("reps", "How many reps are paid in it.")


BATCHED = """(
    select payout_line.payout_id, payment.id as payment_id, payment.rep_id, payment.amount, payment.currency
    from payout_line join payment on payment.id = payout_line.payment_id
)"""


OF_BATCH: Keys = (("{payment_id}", "bigint"),)


@narrowing("Which lines of a payout batch are wanted.")
class PayoutLineWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "The line of this rep.", tables.rep)
    search: str | None = of_rep_named()
    currency: str | None = matches("{currency} = {value}", "Those in this currency.")
    amount_from: Decimal | None = matches("{amount} >= {value}", "Those of at least this much.")
    amount_below: Decimal | None = matches("{amount} < {value}", "Those of less than this.")


PAYOUT_LINE_ORDERS = orders(
    "PayoutLineOrder",
    "How the lines of a payout batch can be ordered.",
    **named("{rep_id}", OF_BATCH),
    **sized("{amount}", "By amount, whatever its currency", OF_BATCH),
)


@record(BATCHED, payout_line)
class PayoutLine:
    """What one rep is paid by a payout batch."""

    rep: RepCard = one(None, "Who is paid.", where="{id} = {parent.rep_id}")
    amount: Money = money("{amount}", "{currency}", "How much.")


@node(payout, "payout")
class Payout(Node):
    """All that a closed pay period pays, as one batch for payroll. It agrees with the payment ledger to the cent."""

    period: Period = one(payout.c.period_id, "The pay period.")
    state: PayoutState = column(payout.c.state, "Where it is in its life.")
    prepared_by: str = value(ticked("actor", "{prepared_position}"), "Who closed the period, which made the batch.")
    approved_by: str | None = value(ticked("actor", "{approved_position}"), "Who approved it. Null: nobody yet.")
    approved_at: datetime | None = value(ticked("at", "{approved_position}"), "When it was approved. Null: not yet.")
    exported_at: datetime | None = value(ticked("at", "{exported_position}"), "When it was first exported. Null: not yet.")
    position: Position = column(payout.c.prepared_position, "The position at which the period closed.")
    totals: list[PayoutTotal] = many(None, "What it comes to, by currency.", order="{currency}", inherited=True)
    lines: Connection[PayoutLine] = page(
        None,
        "What each rep is paid.",
        where="{payout_id} = {parent.id}",
        order=Order(OF_BATCH),
        filters=PayoutLineWhere,
        orders=PAYOUT_LINE_ORDERS,
        inherited=True,
    )
    csv: str | None = value(
        "case when {state} <> 'PREPARED' then payout_csv({id}) end",
        "The batch as CSV (RFC 4180): external id, name, period, currency, amount. Texts that a spreadsheet would take for a formula have"
        " an apostrophe before them. Null: it is not approved.",
    )


@narrowing("Which payout batches are wanted.")
class PayoutWhere:
    """A filter: each field narrows it further."""

    state: PayoutState | None = matches("{state} = {value}", "Those in this state.")
