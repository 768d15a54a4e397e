"""Accounts and products: who buys, and what."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import strawberry

from spm_graph.reading.fields import column, many, money, node, one
from spm_graph.reading.filters import matches, narrowing, with_words
from spm_graph.store.tables import account, account_territory, product, territory

from .orders import NAMES, RECORDED, orders, rising
from .pages import AS_OF, BY_NAME, DAY, Connection, Money, Node, Ref, page

if TYPE_CHECKING:
    from .territories import AccountTerritory

LazyAccountTerritory = Annotated["AccountTerritory", strawberry.lazy("spm_graph.graph.nouns.territories")]


@narrowing("Which accounts are wanted.")
class AccountWhere:
    """A filter: each field narrows it further."""

    industry: list[str] | None = matches("{industry} = any({value})", "Those in one of these industries.")
    country: list[str] | None = matches("{country} = any({value})", "Those in one of these countries.")
    parent: Ref | None = matches("{parent_id} = {value}", "Those that belong to this one.", account)
    has_parent: bool | None = matches("({parent_id} is not null) = {value}", "True: those that belong to another. False: all others.")
    territory: Ref | None = matches(
        "{id} = any(array(select given.account_id from account_territory as given"
        " where given.territory_id = {value} and given.effective @> {today}))",
        "Those in this territory today.",
        territory,
    )
    search: str | None = with_words()
    name_starts: str | None = matches("starts_with({name}, {value})", "Those whose name starts so.")


account_page = partial(
    page, order=BY_NAME, filters=AccountWhere, orders=orders("AccountOrder", "How accounts can be ordered.", **NAMES, **RECORDED)
)
"""A page of accounts."""


@node(account, "account")
class Account(Node):
    """A company that buys."""

    external_id: str | None = column(account.c.external_id, "Its key in the CRM.")
    name: str = column(account.c.name, "Its name.")
    industry: str | None = column(account.c.industry, "What it does for a living.")
    country: str | None = column(account.c.country, "Where it is.")
    parent: Account | None = one(account.c.parent_id, "The account that it belongs to.")
    children: Connection[Account] = account_page(account.c.parent_id, "The accounts that belong to it.")
    territories: list[LazyAccountTerritory] = many(
        account_territory.c.account_id,
        "The territories that it is in on a day.",
        where=f"{{effective}} @> {DAY}",
        order="{territory_id}",
        arguments=AS_OF,
    )


@node(product, "product")
class Product(Node):
    """Something that is sold."""

    external_id: str | None = column(product.c.external_id, "Its key in the CRM.")
    name: str = column(product.c.name, "Its name.")
    family: str | None = column(product.c.family, "The family of products that it belongs to.")
    list_price: Money | None = money(product.c.list_price, product.c.currency, "What one unit costs without a discount.")


@narrowing("Which products are wanted.")
class ProductWhere:
    """A filter: each field narrows it further."""

    family: list[str] | None = matches("{family} = any({value})", "Those of one of these families.")
    search: str | None = with_words()
    name_starts: str | None = matches("starts_with({name}, {value})", "Those whose name starts so.")


PRODUCT_ORDERS = orders(
    "ProductOrder",
    "How products can be ordered.",
    **NAMES,
    FAMILY=(
        "By family, and by name within it; those of no family come last.",
        rising("({family} is null)::integer", "bigint", (("coalesce({family}, '')", "text"), *BY_NAME.keys)),
    ),
    **RECORDED,
)
