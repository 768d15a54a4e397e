"""The company: its name, its reporting currency, and the rules that hold for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import update

from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, LeaderboardAudience, Proration, RefundDating
from spm_graph.store import clock
from spm_graph.store.database import Transaction
from spm_graph.store.tables import company
from spm_graph.store.visibility import Actor

from .crediting import recredit
from .result import Result

CURRENCY_LENGTH = 3


@dataclass(frozen=True)
class CompanySet:
    """The company as it should be. What is not given stays."""

    name: Annotated[str | None, "The company's name."] = None
    currency: Annotated[str | None, "The reporting currency (ISO 4217), as in EUR. It stays once there is anything in it."] = None
    refund_dating: Annotated[RefundDating | None, "Which date refunds are credited on."] = None
    leaderboard: Annotated[LeaderboardAudience | None, "Who finds whom in the ranking of attainments."] = None
    proration: Annotated[
        Proration | None,
        "What quotas and target variables lose for days on which a rep is not employed, from now on: those that are set already stay.",
    ] = None
    maker_checker: Annotated[
        bool | None, "Whether what one starts or enters needs another's approval: runs before they are posted, and adjustments."
    ] = None


async def set_company(tx: Transaction, actor: Actor, command: CompanySet) -> Result:
    """Set what holds for the whole company. Another way of dating refunds makes their credits again."""
    actor.require(Grant.ADMIN)
    values = {column: value for column, value in vars(command).items() if value is not None}
    if command.name is not None and not command.name.strip():
        raise refuse(ProblemCode.INVALID, "a company needs a name", ["name"])
    if command.currency is not None and not (
        len(command.currency) == CURRENCY_LENGTH and command.currency.isascii() and command.currency.isupper()
    ):
        raise refuse(ProblemCode.INVALID, f'"{command.currency}" is no currency; expected three capital letters, as in EUR', ["currency"])
    position = await clock.tick(tx, actor.name, "companySet")
    before = await tx.row(company.select())
    assert before is not None, "the migration makes the company"
    if command.currency not in (None, before["currency"]) and await tx.scalar(
        "select exists (select from rep) or exists (select from product)"
    ):
        message = f"amounts in {before['currency']} are stored: the currency stays"
        raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["currency"])
    if values:
        await tx.execute(update(company).values(**values))
    if command.refund_dating not in (None, before["refund_dating"]):
        await recredit(tx, position, [row["id"] for row in await tx.rows("select id from transaction where kind = 'REFUND'")])
    return Result(position, {"company_id": 1})
