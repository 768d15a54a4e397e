"""Products: what is sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from sqlalchemy import insert, select, update

from spm_graph.domain.money import quantum
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from spm_graph.store.tables import product
from spm_graph.store.visibility import Actor

from .accounts import require_named
from .crediting import recredit
from .refs import company_currency
from .result import IdempotencyKey, Result

SOLD = """
with recursive sold(id) as (
    select id from transaction where product_id = any(:products)
    union
    select correction.id from sold join transaction as correction on correction.corrects_id = sold.id
)
select id from sold
"""


@dataclass(frozen=True)
class ProductUpsert:
    """A product as it should be: made if the external id is new, changed otherwise."""

    external_id: Annotated[str, "The product's key in the company's CRM."]
    name: Annotated[str, "The product's name."]
    family: Annotated[str | None, "The family of products that it belongs to."] = None
    list_price: Annotated[Decimal | None, "What one unit costs without a discount, in the company's currency."] = None
    idempotency_key: IdempotencyKey = None


async def upsert(tx: Transaction, actor: Actor, command: ProductUpsert) -> Result:
    """Make or change a product; the command is the whole product. Deals of one that gets into another family are credited again."""
    actor.require(Grant.IMPORT)
    require_named("a product", command.external_id, command.name)
    currency = await company_currency(tx)
    if command.list_price is not None and (command.list_price < 0 or command.list_price % quantum(currency)):
        message = f"{command.list_price} is no price in {currency}; expected zero or more, in steps of {quantum(currency)}"
        raise refuse(ProblemCode.INVALID, message, ["listPrice"])
    position = await clock.tick(tx, actor.name, "productUpsert")
    values = {"name": command.name, "family": command.family, "list_price": command.list_price, "currency": currency}
    before = await tx.row(select(product).where(product.c.external_id == command.external_id))
    if before is None:
        known = await tx.scalar(insert(product).values(external_id=command.external_id, **values).returning(product.c.id))
    else:
        known = before["id"]
        await tx.execute(update(product).where(product.c.id == known).values(**values))
        if before["family"] != command.family:
            await recredit(tx, position, await sold(tx, [known]))
    return Result(position, {"product_id": known})


async def sold(tx: Transaction, products: Sequence[int]) -> list[int]:
    """The transactions of these products, and those that correct them."""
    return [row["id"] for row in await tx.rows(SOLD, {"products": products})]
