"""Measures: which credits count together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy.dialects.postgresql import insert

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, MeasureBasis, MeasureKind, Role, TransactionKind
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from spm_graph.store.tables import measure, product
from spm_graph.store.visibility import Actor

from .crediting import recredit
from .refs import Ref, by_ref
from .result import Result


@dataclass(frozen=True)
class MeasureSet:
    """A named slice of credits, to be measured against quota and paid on."""

    name: Annotated[str, "The name that plans and quotas call it by, as in bookings."]
    basis: Annotated[MeasureBasis, "Which number of a transaction it counts."] = MeasureBasis.AMOUNT
    transaction_kinds: Annotated[tuple[TransactionKind, ...], "The transactions that count."] = (
        TransactionKind.ORDER,
        TransactionKind.REFUND,
    )
    roles: Annotated[tuple[Role, ...], "The roles that are credited."] = (Role.DIRECT, Role.SPLIT, Role.OVERLAY)
    products: Annotated[tuple[Ref, ...], "The products that count. Without any, nor families, all sales count."] = ()
    product_families: Annotated[tuple[str, ...], "The families whose products count, beside `products`."] = ()
    rollup_levels: Annotated[
        int | None, "How many managers above a deal's people are credited with it, the nearest first; all of them, unless given."
    ] = None


async def set_measure(tx: Transaction, actor: Actor, command: MeasureSet) -> Result:
    """Make a measure, or change what it counts: then all its credits are made again, and runs find who is touched."""
    actor.require(Grant.PLAN)
    if not actor.sees_all:
        raise refuse(ProblemCode.NOT_PERMITTED, "A measure is everybody's: setting one needs the grant SEE_ALL beside PLAN.")
    for field, given in (("name", command.name.strip()), ("transactionKinds", command.transaction_kinds), ("roles", command.roles)):
        if not given:
            raise refuse(ProblemCode.INVALID, f"a measure needs {field}: nothing was given", [field])
    if command.rollup_levels is not None and (command.rollup_levels < 1 or Role.ROLLUP not in command.roles):
        raise refuse(ProblemCode.INVALID, "levels are one or more, and for a measure that counts ROLLUP", ["rollupLevels"])
    position = await clock.tick(tx, actor.name, "measureSet")
    found = [await by_ref(tx, product, each, ["products", str(index)]) for index, each in enumerate(command.products)]
    values = {
        "kind": MeasureKind.UNITS if command.basis is MeasureBasis.QUANTITY else MeasureKind.MONEY,
        "basis": command.basis,
        "transaction_kinds": list(dict.fromkeys(command.transaction_kinds)),
        "roles": list(dict.fromkeys(command.roles)),
        "product_ids": sorted({row["id"] for row in found}),
        "product_families": list(dict.fromkeys(command.product_families)),
        "rollup_levels": command.rollup_levels,
    }
    before = await tx.row(measure.select().where(measure.c.name == command.name))
    if before is not None and before["kind"] != values["kind"]:
        raise refuse(ProblemCode.INVALID, f"{command.name} counts {before['kind'].lower()}: quotas are set in it", ["basis"])
    statement = insert(measure).values(name=command.name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    measure_id = await tx.scalar(statement.returning(measure.c.id))
    await recredit(tx, position, [row["id"] for row in await tx.rows("select id from transaction")])
    return Result(position, {"measure_id": measure_id})
