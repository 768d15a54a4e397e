"""Territories, titles and leaving over HTTP: what each act answers, and what the reads say next."""

from __future__ import annotations

from tests.api.conftest import Client


async def test_a_territory_is_filled_by_its_rules_worked_and_left(administrator: Client) -> None:
    """It is 15 January 2018."""
    iberia = {"externalId": "iberia"}
    await administrator.do("repUpsert", "rep { title }", {"externalId": "ana", "name": "Ana", "title": "Junior", "hiredOn": "2017-01-01"})
    rules = [{"attribute": "COUNTRY", "values": ["PT", "ES"]}]
    made = await administrator.do(
        "territoryUpsert", "territory { name rules { attribute values } }", {**iberia, "name": "Iberia", "rules": rules}
    )
    assert made["territory"] == {"name": "Iberia", "rules": rules}
    for key, country in (("kappa", "PT"), ("lambda", "DE")):
        account = {"externalId": key, "name": key.title(), "country": country, "idempotencyKey": key}
        assert await administrator.do("accountUpsert", "account { id name }", account) == await administrator.do(
            "accountUpsert", "account { id name }", account
        )
    await administrator.do("productUpsert", "product { id }", {"externalId": "gtx", "name": "GTX", "listPrice": "12.50"})
    applied = await administrator.do("accountsAssignByRules", "assigned removed", {"starts": "2018-02-01"})
    assert (applied["assigned"], applied["removed"]) == (1, 0)
    assigned = await administrator.do(
        "territoryAssign",
        "territory { name } rep { name } account { name }",
        {"territory": iberia, "rep": {"externalId": "ana"}, "starts": "2018-01-15"},
    )
    assert (assigned["territory"], assigned["rep"], assigned["account"]) == ({"name": "Iberia"}, {"name": "Ana"}, None)
    await administrator.do(
        "repUpsert",
        "rep { title }",
        {"externalId": "ana", "name": "Ana", "title": "Senior", "titleFrom": "2018-03-01", "hiredOn": "2017-01-01"},
    )
    left = await administrator.do("repLeave", "rep { title leftOn }", {"rep": {"externalId": "ana"}, "lastDay": "2018-03-31"})
    assert left["rep"] == {"title": "Junior", "leftOn": "2018-04-01"}
    shown = await administrator.ask(
        """{
          rep(ref: {externalId: "ana"}) {
            titles { title effective { starts ends } }
            territories { effective { ends } } accounts(asOf: "2018-02-01") { nodes { name } } then: territories(asOf: "2018-04-01") { id }
          }
          product(ref: {externalId: "gtx"}) { listPrice { amount currency } }
          territoryCoverage(asOf: "2018-04-01") { uncovered { nodes { name } } vacant { nodes { name } } }
        }"""
    )
    assert shown == {
        "rep": {
            "titles": [
                {"title": "Junior", "effective": {"starts": "2017-01-01", "ends": "2018-03-01"}},
                {"title": "Senior", "effective": {"starts": "2018-03-01", "ends": "2018-04-01"}},
            ],
            "territories": [{"effective": {"ends": "2018-04-01"}}],
            "accounts": {"nodes": [{"name": "Kappa"}]},
            "then": [],
        },
        "product": {"listPrice": {"amount": "12.50", "currency": "USD"}},
        "territoryCoverage": {"uncovered": {"nodes": [{"name": "Kappa"}, {"name": "Lambda"}]}, "vacant": {"nodes": [{"name": "Iberia"}]}},
    }


async def test_a_plan_is_given_to_a_title_and_tells_which(administrator: Client) -> None:
    await administrator.do("periodsCreate", "period { name }", {"year": 2018})
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})
    await administrator.do("repUpsert", "rep { title }", {"externalId": "ana", "name": "Ana", "title": "Junior"})
    component = {"name": "c", "measure": "bookings", "config": {"tieredCommission": {"tiers": [{"starts": "0", "rate": "0.1"}]}}}
    plan = await administrator.do("planCreate", "plan { id }", {"name": "P", "starts": "2018-01-01", "components": [component]})
    given = {"plan": plan["plan"]["id"], "title": "Junior", "starts": "2018-01-01"}
    shows = "plan { titles { title effective { starts ends } } assignments { nodes { rep { name } effective { starts } } } } rep { name }"
    assigned = await administrator.do("planAssign", shows, given)
    assert assigned["rep"] is None
    assert assigned["plan"] == {
        "titles": [{"title": "Junior", "effective": {"starts": "2018-01-01", "ends": None}}],
        "assignments": {"nodes": [{"rep": {"name": "Ana"}, "effective": {"starts": "2018-01-15"}}]},
    }
    refused = await administrator.attempt("planAssign", shows, {**given, "rep": {"externalId": "ana"}})
    assert [(problem["code"], problem["path"]) for problem in refused["problems"]] == [("INVALID", ["rep"])]
