"""Who is who: reps as everybody may see them, who is asking, and how reps are found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from spm_graph.domain.terms import Grant
from spm_graph.reading.declarations import BY_ID
from spm_graph.reading.fields import column, dates, described, key, one, rate, record
from spm_graph.reading.filters import matches, narrowing, with_words
from spm_graph.store.predicates import UNDER
from spm_graph.store.tables import pay_currency, rep, rep_title, territory

from .orders import NAMES, NEVER, falling, orders
from .pages import BY_NAME, DateRange, Ref, page

if TYPE_CHECKING:
    from .reps import Rep

LazyRep = Annotated["Rep", strawberry.lazy("spm_graph.graph.nouns.reps")]


def of_rep_named() -> Any:
    """A field of a filter: what is of a rep whose name has these words."""
    return with_words("{{rep_id}} in (select who.id from rep as who where {})", "who.name", "Those of reps")


def of_team(whose: str) -> Any:
    """A field of a filter: what is of a rep, by the SQL of their key, or of somebody below them."""
    return matches(
        f"{whose} in ({UNDER.replace('{rep}', '{value}')})",
        "Those of this rep and of everybody who reports to them today, directly or not.",
        rep,
    )


@record(rep.name, None, prefix="rep")
class RepCard:
    """A rep as the directory has them: everybody may read it."""

    id: strawberry.ID = key("The rep's id.")
    external_id: str | None = column(rep.c.external_id, "Their key in the CRM.")
    name: str = column(rep.c.name, "Their name.")
    title: str | None = column(rep.c.title, "What they are called at work.")
    rep: LazyRep | None = one(None, "The rep. Null: the asker may not see more of them.", where="{id} = {parent.id}")


@record(rep_title.name, rep_title)
class RepTitle:
    """What a rep is called at work over some dates."""

    title: str = column(rep_title.c.title, "The title.")
    effective: DateRange = dates(rep_title.c.effective, "The dates.")


@record(pay_currency.name, pay_currency)
class PayCurrency:
    """What a rep is paid in over some dates, where that ever changed."""

    currency: str = column(pay_currency.c.currency, "The currency (ISO 4217).")
    rate: Decimal = rate(
        "{rate}",
        "What one unit of the currency before was worth in it on the first day: quotas and tiers go on at this rate. 1 for the first.",
    )
    effective: DateRange = dates(pay_currency.c.effective, "The dates.")


@described
class Viewer:
    """Who is asking."""

    name: str = column("name", "The name under which their acts are recorded.")
    rep: LazyRep | None = one(None, "The rep that they are. Null: a service or an administrator.", where="{id} = {parent.rep_id}")
    grants: list[Grant] = column("grants", "What they may do beyond seeing themselves and their reports.")


@narrowing("Which reps are wanted.")
class RepWhere:
    """A filter: each field narrows it further."""

    office: list[str] | None = matches("{office} = any({value})", "Those in one of these offices.")
    title: list[str] | None = matches("{title} = any({value})", "Those with one of these titles.")
    manager: Ref | None = matches(
        "{id} in (select line.rep_id from reporting_line as line where line.manager_id = {value} and line.effective @> {today})",
        "Those who report to this rep today.",
        rep,
    )
    name_starts: str | None = matches("starts_with({name}, {value})", "Those whose name starts so.")
    search: str | None = with_words()
    has_manager: bool | None = matches(
        "exists (select from reporting_line as line where line.rep_id = {id} and line.effective @> {today}) = {value}",
        "True: those who report to somebody today. False: those who report to nobody.",
    )
    hired_from: date | None = matches("{hired_on} >= {value}", "Those hired on this day or later.")
    hired_before: date | None = matches("{hired_on} < {value}", "Those hired before this day.")
    active_on: date | None = matches(
        "coalesce({hired_on}, '-infinity') <= {value} and coalesce({left_on}, 'infinity') > {value}", "Those employed on this day."
    )
    territory: Ref | None = matches(
        "{id} in (select worked.rep_id from territory_assignment as worked"
        " where worked.territory_id = {value} and worked.effective @> {today})",
        "Those who work this territory today.",
        territory,
    )
    currency: str | None = matches("{currency} = {value}", "Those who are paid in this currency last.")


rep_page = partial(
    page,
    order=BY_NAME,
    filters=RepWhere,
    orders=orders(
        "RepOrder",
        "How reps can be ordered.",
        **NAMES,
        CREATED=("In the order in which they were recorded.", BY_ID),
        HIRED=("By their first day, the latest first; those without one come last.", falling(NEVER.format("{hired_on}"), "date")),
    ),
)
"""A page of reps."""
