"""Estimates from end to end: a server keeps them, and tells them to those who may know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal

from spm_tiered_commission import Tier, TieredCommission

from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Serving, roomy, serve
from tests.company import Company
from tests.live.conftest import live

__all__ = ["serve"]

CHANGED = """subscription ($after: Cursor, $reps: [ID!]) { estimateChanged(after: $after, reps: $reps) {
    cursor rep { name } period { name } total { amount currency } byComponent { name amount { amount } } reflects problem } }"""

READ = """{ rep(ref: {externalId: "ana"}) { estimate(period: {name: "2026-03"}) {
    total { amount } upToDate position problem byComponent { component { name } amount { amount } } } } }"""


async def told_of(company: Company, server: Serving) -> None:
    """Ana sells under Bo, who may know; Cleo may not."""
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo")
    plan = await company.plan("Commission", ("base", TieredCommission((Tier(Decimal(0), Decimal("0.05")),))))
    await company.assign(plan, "ana")


async def test_a_deal_is_estimated_by_the_server_and_told_to_those_who_may_know(
    serve: Callable[[Settings], str], database: Database
) -> None:
    company = await Company.founded(database, today="2026-03-15")
    server = Serving(serve(roomy("2026-03-15", estimates=True)), database)
    await told_of(company, server)
    clients = [await server.client(rep=name, name=name) for name in ("ana", "bo", "cleo")]
    async with live(clients[0]) as ana, live(clients[1]) as bo, live(clients[2]) as cleo:
        for socket in (ana, bo, cleo):
            await socket.subscribe("1", CHANGED, after="0")
        await company.won("1000", rep="ana", on="2026-03-10")
        event = (await ana.hear())["payload"]["data"]["estimateChanged"]
        assert (event["rep"], event["period"]) == ({"name": "Ana"}, {"name": "2026-03"})
        assert event["total"] == {"amount": "50.00", "currency": "USD"}
        assert event["byComponent"] == [{"name": "base", "amount": {"amount": "50.00"}}]
        assert event["problem"] is None
        assert (await bo.hear())["payload"]["data"]["estimateChanged"] == event
        assert await cleo.silent()
        await bo.subscribe("2", CHANGED, after="0", reps=["rep_999"])
        assert await bo.silent()
    found = (await clients[0].ask(READ))["rep"]["estimate"]
    assert found == {
        "total": {"amount": "50.00"},
        "upToDate": True,
        "position": event["reflects"],
        "problem": None,
        "byComponent": [{"component": {"name": "base"}, "amount": {"amount": "50.00"}}],
    }
    assert (await clients[2].ask(READ)) == {"rep": None}


async def test_a_server_that_starts_later_catches_up(serve: Callable[[Settings], str], database: Database) -> None:
    company = await Company.founded(database, today="2026-03-15")
    silent = Serving(serve(roomy("2026-03-15")), database)
    await told_of(company, silent)
    administrator = await silent.administrator()
    await company.won("1000", rep="ana", on="2026-03-10")
    assert (await administrator.ask(READ))["rep"] == {"estimate": None}
    serve(roomy("2026-03-15", estimates=True))
    async with asyncio.timeout(60):
        while (found := (await administrator.ask(READ))["rep"]["estimate"]) is None:
            await asyncio.sleep(0.05)
    assert (found["total"], found["upToDate"]) == ({"amount": "50.00"}, True)
