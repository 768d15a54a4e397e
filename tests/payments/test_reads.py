"""Who reads what of payments, and what is told of them: over HTTP."""

from __future__ import annotations

from collections.abc import Callable

from spm_graph.domain.terms import Grant
from spm_graph.settings import Settings
from tests.api.conftest import Client, Serving, roomy, serve

from .conftest import Payroll, ref

__all__ = ["serve"]

PAYMENTS = """{
  rep(ref: {externalId: "ana"}) {
    draws { monthly { amount } } holds { reason } drawBalance { amount }
    statement(period: {name: "2026-01"}) { paid { amount } payments { kind } acknowledgedAt }
  }
  holds { totalCount }
  payout(period: {name: "2026-01"}) { csv }
  events(after: "0") { nodes { ... on StatementPaid { rep { name } period { name } amount { amount currency } } } }
}"""


async def test_reps_and_their_managers_read_their_payments_and_hear_of_them(payroll: Payroll, serve: Callable[[Settings], str]) -> None:
    await payroll.company.hire("mia", "dee")
    await payroll.pays("ana")
    await payroll.company.managed("ana", "mia", "2026-01-01")
    await payroll.draw("ana", "2000")
    await payroll.hold("a complaint", rep=ref("ana"))
    await payroll.close("2026-01")
    server = Serving(serve(roomy("2027-01-15")), payroll.company.database)
    paid = {"rep": {"name": "Ana"}, "period": {"name": "2026-01"}, "amount": {"amount": "2000.00", "currency": "USD"}}

    async def seen(client: Client) -> list[object]:
        found = await client.ask(PAYMENTS)
        told = [each for each in found["events"]["nodes"] if each]
        return [found["rep"] is not None, found["holds"]["totalCount"], found["payout"] is not None, told]

    own = await server.client(rep="ana", name="ana")
    assert await seen(own) == await seen(await server.client(rep="mia")) == [True, 1, False, [paid]]
    assert await seen(await server.client(rep="dee")) == [False, 0, False, []]
    assert await seen(await server.client(Grant.SEE_ALL)) == [True, 1, True, [paid]]
    said = (await own.ask(PAYMENTS))["rep"]
    assert said["draws"] == [{"monthly": {"amount": "2000.00"}}]
    assert said["holds"] == [{"reason": "a complaint"}]
    assert said["drawBalance"] == {"amount": "2000.00"}
    assert said["statement"]["payments"] == [{"kind": "DRAWN"}, {"kind": "PAID"}]
    assert said["statement"]["acknowledgedAt"] is None
    read = {"rep": {"externalId": "ana"}, "period": {"name": "2026-01"}}
    await own.do("statementAcknowledge", "rep { id }", read)
    first = (await own.ask(PAYMENTS))["rep"]["statement"]["acknowledgedAt"]
    await own.do("statementAcknowledge", "rep { id }", read)
    assert first is not None
    assert (await own.ask(PAYMENTS))["rep"]["statement"]["acknowledgedAt"] == first


async def test_who_set_a_draw_and_placed_and_released_a_hold_is_in_the_audit(payroll: Payroll) -> None:
    await payroll.company.hire("ana")
    await payroll.draw("ana", "2000")
    await payroll.draw("ana", "2500", starts="2026-03-01")
    await payroll.release(await payroll.hold(rep=ref("ana")))
    found = await payroll.company.rows(
        "select action, noun, before is null as made from audit join tick using (position) where noun in ('draw', 'hold')"
        " order by position, ordinal"
    )
    assert [(row["action"], row["noun"], row["made"]) for row in found] == [
        ("drawSet", "draw", True),
        ("drawSet", "draw", False),
        ("drawSet", "draw", True),
        ("holdPlace", "hold", True),
        ("holdRelease", "hold", False),
    ]
