"""Which version of each incentive type's package a run calculates with, so that what an update changes is seen apart."""

from __future__ import annotations

from sqlalchemy import insert, select

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.store.database import Transaction
from spm_graph.store.tables import run_plugin


async def note(tx: Transaction, run_id: int, incentive_types: IncentiveTypes) -> None:
    """Write the versions down when a run starts; refuse to go on with others when it is calculated again."""
    installed = {each.name: (each.distribution, each.version) for each in incentive_types}
    rows = await tx.rows(select(run_plugin).where(run_plugin.c.run_id == run_id))
    known = {row["incentive_type"]: (row["package"], row["version"]) for row in rows}
    if not known and installed:
        values = [
            {"run_id": run_id, "incentive_type": name, "package": package, "version": version}
            for name, (package, version) in installed.items()
        ]
        await tx.execute(insert(run_plugin), values)
    changed = [name for name in known if known[name] != installed.get(name)] if known else []
    if changed:
        message = f"{changed[0]} is not what the run was started with, {' '.join(known[changed[0]])}: cancel the run and start another"
        raise refuse(ProblemCode.WRONG_STATE, message, ["run"])
