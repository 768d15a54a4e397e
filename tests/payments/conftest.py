"""A company whose payments are told as stories: Ana is paid a tenth of what she sells, in monthly periods of 2026."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.actions import adjustments, draws, holds, payouts, periods, transactions
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.actions.result import Result
from spm_graph.domain.ids import global_id
from spm_graph.domain.terms import AdjustmentReason, Debt, TransactionKind
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.company import ADMINISTRATOR, Company, Flat

CREDITED = """
select exists (select from credit, (select coalesce(max(position), 0) as position from posting) as last
               where greatest(made_position, superseded_position) > last.position
                  or dated <@ (select effective from period where name = :month)) as lately
"""
TENTH = Flat(Decimal("0.1"))


def ref(name: str) -> Ref:
    """Somebody, or a deal, by the name that the story uses."""
    return Ref(external_id=name)


@dataclass
class Payroll:
    """The acts of the payment ledger, and what it says."""

    company: Company

    async def pays(self, *names: str, plan: str = "Tenth", **parts: Flat) -> int:
        """Hire people who are paid by these components, a tenth unless said otherwise; the plan's key."""
        await self.company.hire(*names)
        made = await self.company.plan(plan, *(parts or {"commission": TENTH}).items())
        await self.company.assign(made, *names)
        return made

    async def sells(self, name: str, amount: str, month: str, day: int = 10) -> str:
        """Somebody wins a deal; its external id. It is earned once the month is settled."""
        return await self.company.won(amount, rep=name, on=f"{month}-{day:02}")

    async def cash(self, deal: str, amount: str, on: str, **more: Any) -> None:
        """The customer pays for a deal."""
        await self.transaction(TransactionKind.PAYMENT, amount, on, opportunity=ref(deal), **more)

    async def transaction(self, kind: TransactionKind, amount: str, on: str, **more: Any) -> str:
        """A transaction; its external id."""
        self.company.numbers += 1
        key = f"{kind.lower()} {self.company.numbers}"
        command = transactions.TransactionRecord(key, kind, date.fromisoformat(on), Decimal(amount), **more)
        await self.company.do(transactions.record, command)
        return key

    async def post(self, month: str) -> None:
        """Book what a month earned."""
        await self.company.run_and_post(month)

    async def close(self, *months: str) -> None:
        """Book what each month earned, if anything was credited in it or since the last posting, and close it."""
        for month in months:
            (found,) = await self.company.rows(CREDITED, month=month)
            if found["lately"]:
                await self.post(month)
            await self.company.close(month)

    async def draw(self, name: str, monthly: str | None, starts: str = "2026-01-01", **more: Any) -> Result:
        """Set a draw."""
        days = {key: date.fromisoformat(more.pop(key)) for key in ("ends", "recovery_starts", "forgiven_on") if key in more}
        amount = Decimal(monthly) if monthly else None
        if "recovery_share" in more:
            more["recovery_share"] = Decimal(more["recovery_share"])
        return await self.company.do(draws.set_draw, draws.DrawSet(ref(name), amount, date.fromisoformat(starts), **days, **more))

    async def hold(self, reason: str = "as agreed", actor: Actor = ADMINISTRATOR, **what: Any) -> str:
        """Place a hold; its id."""
        placed = await self.company.do(holds.place, holds.HoldPlace(reason, **what), actor)
        return global_id("hold", placed.values["hold_id"])

    async def release(self, hold: str) -> None:
        """End a hold."""
        await self.company.do(holds.release, holds.HoldRelease(hold))  # type: ignore[arg-type]

    async def adjust(self, name: str, month: str, amount: str, deal: str | None = None) -> None:
        """Pay or take back by hand."""
        about = ref(deal) if deal else None
        command = adjustments.EarningAdjust(
            ref(name), PeriodRef(name=month), Decimal(amount), AdjustmentReason.OTHER, "as agreed", opportunity=about
        )
        await self.company.do(adjustments.adjust, command)

    async def forgive(self, name: str, debt: Debt, amount: str | None = None, note: str = "uncollectable") -> None:
        """Write off a debt."""
        command = payouts.DebtWriteOff(ref(name), debt, note, Decimal(amount) if amount else None)
        await self.company.do(payouts.write_off, command)

    async def approve(self, month: str, actor: Actor = ADMINISTRATOR) -> Result:
        """Approve a month's payout."""
        return await self.company.do(payouts.approve, payouts.PayoutApprove(PeriodRef(name=month)), actor)

    async def export(self, month: str) -> str:
        """A month's payout for payroll."""
        result = await self.company.do(payouts.export, payouts.PayoutExport(PeriodRef(name=month)))
        return str(result.values["csv"])

    async def closes(self, month: str, actor: Actor) -> None:
        """Somebody closes a month."""
        await self.company.do(periods.close, periods.PeriodClose(PeriodRef(name=month)), actor)

    async def statement(self, name: str, month: str, *wanted: str) -> list[str]:
        """What a statement says under these names, as it is written: without zeros, as "1500"."""
        (found,) = await self.company.rows(
            "select summed.*, opening + earned + adjustments - held + released + drawn - recovered + written_off as due"
            " from rep, period, statement_of(rep.id, rep.currency, period.id) as summed"
            " where rep.external_id = :rep and period.name = :month",
            rep=name,
            month=month,
        )
        said = {**found, "payable": max(found["due"], 0), "carried": min(found["due"], 0)}
        return [format(Decimal(said[each]).normalize(), "f") for each in wanted]

    async def paid(self, name: str, *months: str) -> list[str]:
        """What was paid in each of these months."""
        return [format((await self.company.paid(name, month)).normalize(), "f") for month in months]

    async def ledger(self, name: str, month: str) -> list[tuple[str, Decimal]]:
        """The lines of the payment ledger that a month has, in their order."""
        rows = await self.company.rows(
            "select payment.kind, amount from payment join rep on rep.id = rep_id join period on period.id = period_id"
            " where rep.external_id = :rep and period.name = :month order by payment.id",
            rep=name,
            month=month,
        )
        return [(row["kind"], row["amount"]) for row in rows]

    async def owes(self, name: str) -> list[str]:
        """What is carried, and what is owed of draws, after the closed months."""
        (row,) = await self.company.rows(
            "select carried, drawn from rep, debt_of(rep.id, rep.currency) where rep.external_id = :rep", rep=name
        )
        return [format(Decimal(row[each]).normalize(), "f") for each in ("carried", "drawn")]

    async def component(self, name: str) -> str:
        """The id of a component."""
        (row,) = await self.company.rows("select max(component_id) as id from component_version where name = :name", name=name)
        return global_id("component", row["id"])


def months(last: int) -> Sequence[str]:
    """The months of 2026 up to one."""
    return [f"2026-{number:02}" for number in range(1, last + 1)]


@pytest.fixture
async def payroll(database: Database) -> Payroll:
    """A company in 2026 with nobody in it yet."""
    return Payroll(await Company.founded(database))
