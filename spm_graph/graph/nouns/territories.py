"""Where is sold: territories, who works them, the accounts in them, and what nobody covers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

from spm_graph.domain.terms import AccountAttribute, Role
from spm_graph.reading.declarations import Arg
from spm_graph.reading.fields import column, dates, described, many, node, one, rate, record
from spm_graph.reading.filters import matches, narrowing, with_words
from spm_graph.store import tables
from spm_graph.store.tables import account_territory, crediting_rule, territory, territory_assignment, territory_rule

from .accounts import Account, Product, account_page
from .directory import RepCard
from .orders import EFFECTIVE, NAMES, RECORDED, named, orders
from .pages import AS_OF, BY_NAME, DAY, Connection, DateRange, Node, Ref, page

BY_STARTS = EFFECTIVE["EARLIEST"][1]

BELOW = """(
    with recursive below(id) as (
        select {parent.id}
        union
        select part.id from below join territory as part on part.parent_id = below.id where {$deep}
    )
    select id from below
)"""
"""A territory, and if asked for those below it."""

SOMEBODY = "exists (select from territory_assignment as worked where worked.territory_id = {territory} and worked.effective @> {day})"


WORKED = SOMEBODY.format(territory="given.territory_id", day="{parent.as_of}")
COVERING = f"from account_territory as given where given.effective @> {{parent.as_of}} and {WORKED}"
"""The places of accounts in territories that somebody works on the day of the coverage."""


@narrowing("Which territories are wanted.")
class TerritoryWhere:
    """A filter: each field narrows it further."""

    parent: Ref | None = matches("{parent_id} = {value}", "Those that are a part of this one.", territory)
    has_parent: bool | None = matches(
        "({parent_id} is not null) = {value}", "True: those that are a part of another. False: those at the top."
    )
    search: str | None = with_words()
    name_starts: str | None = matches("starts_with({name}, {value})", "Those whose name starts so.")
    rep: Ref | None = matches(
        "{id} in (select worked.territory_id from territory_assignment as worked"
        " where worked.rep_id = {value} and worked.effective @> {today})",
        "Those that this rep works today.",
        tables.rep,
    )
    account: Ref | None = matches(
        "{id} in (select given.territory_id from account_territory as given"
        " where given.account_id = {value} and given.effective @> {today})",
        "Those that this account is in today.",
        tables.account,
    )


territory_page = partial(
    page, order=BY_NAME, filters=TerritoryWhere, orders=orders("TerritoryOrder", "How territories can be ordered.", **NAMES, **RECORDED)
)
"""A page of territories."""


@narrowing("Which assignments to a territory are wanted.")
class TerritoryAssignmentWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those of this rep.", tables.rep)
    as_of: date | None = matches("{effective} @> {value}", "Those in force on this day.")


@record(territory_rule.name, territory_rule)
class TerritoryRule:
    """One condition for accounts to be in a territory; they fulfil all that it has."""

    attribute: AccountAttribute = column(territory_rule.c.attribute, "What it looks at.")
    values: list[str] = column(territory_rule.c.accepted, "What it has to be: one of these.")


@node(territory, "territory")
class Territory(Node):
    """A place or a market that reps work. Territories are parts of others."""

    external_id: str | None = column(territory.c.external_id, "Its key in the CRM.")
    name: str = column(territory.c.name, "Its name.")
    parent: Territory | None = one(territory.c.parent_id, "The territory that it is a part of.")
    children: list[Territory] = many(territory.c.parent_id, "Its parts.", order="{name}, {id}")
    rules: list[TerritoryRule] = many(
        territory_rule.c.territory_id,
        "Which accounts belong to it: those that fulfil all of these. None: it gets accounts by hand only.",
        order="{attribute}",
    )
    accounts: Connection[Account] = account_page(
        None,
        "The accounts in it on a day.",
        # Looked up before they are ordered: to walk all accounts in order until enough are found takes 80,147 pages where there are none.
        where="{id} = any(array(select given.account_id from account_territory as given"
        f" where given.territory_id in {BELOW} and given.effective @> {DAY}))",
        arguments={**AS_OF, "deep": Arg(bool, "Those in its parts, and in the parts of these, too.", False)},
    )
    assignments: Connection[TerritoryAssignment] = page(
        territory_assignment.c.territory_id,
        "Who works it, worked it or will, and when.",
        order=BY_STARTS,
        filters=TerritoryAssignmentWhere,
        orders=orders("TerritoryAssignmentOrder", "How assignments to a territory can be ordered.", **EFFECTIVE, **named("{rep_id}")),
    )
    reps: list[RepCard] = many(
        None,
        "Who works it on a day.",
        where="{id} in (select worked.rep_id from territory_assignment as worked"
        f" where worked.territory_id = {{parent.id}} and worked.effective @> {DAY})",
        order="{name}, {id}",
        arguments=AS_OF,
    )


@node(territory_assignment, "territoryassignment")
class TerritoryAssignment(Node):
    """A rep works a territory over some dates."""

    territory: Territory = one(territory_assignment.c.territory_id, "The territory.")
    rep: RepCard = one(territory_assignment.c.rep_id, "Who works it.")
    effective: DateRange = dates(territory_assignment.c.effective, "The dates.")


@record(account_territory.name, account_territory)
class AccountTerritory:
    """An account is in a territory over some dates."""

    territory: Territory = one(account_territory.c.territory_id, "The territory.")
    effective: DateRange = dates(account_territory.c.effective, "The dates.")
    by_rule: bool = column(account_territory.c.by_rule, "Whether the territory's rules put it there, and not somebody by hand.")


@described
class TerritoryCoverage:
    """Where territories leave gaps or get in each other's way on a day. An account is covered by a territory that somebody works."""

    as_of: date = column("as_of", "The day.")
    uncovered: Connection[Account] = account_page(
        None, "The accounts that nobody covers.", where=f"not exists (select {COVERING} and given.account_id = {{id}})"
    )
    covered_twice: Connection[Account] = account_page(
        None,
        "The accounts that more than one territory covers.",
        where=f"{{id}} in (select given.account_id {COVERING} group by given.account_id having count(*) > 1)",
    )
    vacant: Connection[Territory] = territory_page(
        None,
        "The territories that nobody works. Those that only have parts, and no accounts of their own, don't count.",
        where=f"not {SOMEBODY.format(territory='{id}', day='{parent.as_of}')}"
        " and (not exists (select from territory as part where part.parent_id = {id})"
        " or exists (select from account_territory as given where given.territory_id = {id} and given.effective @> {parent.as_of}))",
    )


@node(crediting_rule, "rule")
class CreditingRule(Node):
    """Who is credited on top of a deal's owner or split. Without product, family and territory: on every deal."""

    name: str = column(crediting_rule.c.name, "Its name.")
    role: Role = column(crediting_rule.c.role, "OVERLAY credits the rep who is named, TERRITORY the reps of the account's territory.")
    rep: RepCard | None = one(crediting_rule.c.rep_id, "Who is credited, for an overlay.")
    territory: Territory | None = one(crediting_rule.c.territory_id, "Only deals with accounts in it, or in those inside it.")
    product: Product | None = one(crediting_rule.c.product_id, "Only deals of this product.")
    product_family: str | None = column(crediting_rule.c.product_family, "Only deals of products of this family.")
    share: Decimal = rate(crediting_rule.c.share, "The share of the deal that is credited: 1 is all of it.")
    effective: DateRange = dates(crediting_rule.c.effective, "The dates of the deals that it is for.")
