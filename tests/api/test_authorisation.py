"""Who may see and do what: every root field and every mutation of the schema, by every kind of asker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from graphql import GraphQLArgument, GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from spm_graph.actions import adjustments, disputes, holds, periods, webhooks
from spm_graph.actions import company as settings
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.calculation.estimating import caught_up
from spm_graph.domain.terms import AdjustmentReason, Grant
from spm_graph.graph.mutations import MUTATIONS, mutation_type
from spm_graph.graph.schema import build, core
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.api.conftest import Client, Serving, roomy
from tests.company import Company, Flat

SCHEMA = core(build(IncentiveTypes.discover(), mutation_type))
DEEP = 3
TEXT = "You are paid 5 %."

# What only those who may see Ana may read: the names of her deal and her plan, her address, and amounts that nobody else has.
SECRETS = ("Ana's deal", "Ana's plan", "ana@secret.example", "1234.56", "61.73", "4321.00")


@dataclass
class World:
    """A company where Ana reports to Bo and sold something, Cleo stands apart, and all of them have tokens."""

    server: Serving
    company: Company
    ids: dict[str, str]
    askers: dict[str, Client]

    async def state(self) -> list[Any]:
        """All that a refused act must leave as it is."""
        tables = (
            "tick",
            "audit",
            "event",
            "rep",
            "rep_title",
            "territory",
            "territory_assignment",
            "account",
            "account_territory",
            "product",
            "opportunity",
            "stage_change",
            "activity",
            "activity_target",
            "transaction",
            "credit",
            "quota",
            "goal",
            "plan_version",
            "earning",
            "run",
            "draw",
            "hold",
            "payment",
            "payout",
            "acknowledgement",
            "api_key",
            "webhook",
            "webhook_secret",
            "webhook_progress",
            "once",
            "plan_acceptance",
            "plan_feedback",
            "adjustment_decision",
            "dispute",
        )
        counts = ", ".join(f"(select count(*) from {table})" for table in tables)
        return list(await self.server.database.pool.fetchrow(f"select position, {counts} from clock"))


@pytest.fixture
async def world(serve: Callable[[Settings], str], database: Database) -> World:
    """The world that everybody asks about."""
    company = await Company.founded(database, today="2026-03-15")
    server = Serving(serve(roomy("2026-03-15")), database)
    await company.hire("bo", "cleo")
    await company.hire("ana", manager="bo", email="ana@secret.example")
    await company.quota("ana", "2026-01", "4321")
    await company.territory("west")
    plan = await company.plan("Ana's plan", ("commission", Flat(Decimal("0.05"))), document=TEXT)
    await company.assign(plan, "ana")
    await company.deal("Ana's deal", "1234.56", rep="ana", on="2026-01-10")
    run = await company.run("2026-01")
    await company.post(run)
    spare = await company.run("2026-01")
    await caught_up(database, company.incentive_types)
    await company.do(periods.create, periods.PeriodsCreate(2025))
    await company.close("2025-12")
    deal = holds.HoldPlace("Ana's deal is looked at", opportunity=Ref(external_id="Ana's deal"))
    held = await company.do(holds.place, deal)
    rows = await company.rows(
        "select (select id from rep where name = 'Ana') as rep, (select id from opportunity) as opportunity, (select id from plan) as plan,"
        " (select id from plan_version) as version, (select id from earning) as earning"
    )
    ana = Actor("ana", rows[0]["rep"], frozenset())
    opened = await company.do(disputes.open_dispute, disputes.DisputeOpen("Too little.", opportunity=Ref(external_id="Ana's deal")), ana)
    await company.do(settings.set_company, settings.CompanySet(maker_checker=True))
    await company.do(
        adjustments.adjust,
        adjustments.EarningAdjust(Ref(external_id="ana"), PeriodRef(name="2026-02"), Decimal(1), AdjustmentReason.OTHER, "n"),
        Actor("somebody else", None, frozenset(Grant)),
    )
    await company.do(settings.set_company, settings.CompanySet(maker_checker=False))
    ids = {name: f"{name}_{number}" for name, number in rows[0].items()} | {"run": f"run_{spare}", "hold": f"hold_{held.values['hold_id']}"}
    ids |= {"dispute": f"dispute_{opened.values['dispute_id']}", "adjustment": "adjustment_1"}
    hook = webhooks.WebhookCreate("ours", "https://example.com/ana@secret.example", rep=Ref(external_id="ana"))
    ids["webhook"] = f"webhook_{(await company.do(webhooks.create, hook)).values['webhook_id']}"
    askers = {
        "stranger": await server.client(rep="cleo", name="cleo"),
        "self": await server.client(rep="ana", name="ana"),
        "manager": await server.client(rep="bo", name="bo"),
        "integrator": await server.client(Grant.IMPORT, rep="cleo", name="integrator"),
        "administrator": await server.administrator(),
    }
    return World(server, company, ids, askers)


def arguments(field: GraphQLField, ids: dict[str, str], parent: str) -> str:
    """Values for the arguments that a field needs."""
    known = {
        "PeriodRef": '{name: "2026-01"}',
        "Ref": '{externalId: "ana"}' if parent != "opportunity" else '{externalId: "Ana\'s deal"}',
        "Cursor": '"0"',
        "ID": f'"{ids.get(parent, ids["rep"])}"',
    }

    def value(argument: GraphQLArgument) -> str:
        named = get_named_type(argument.type).name
        return f"[{', '.join(json.dumps(each) for each in ids.values())}]" if str(argument.type).startswith("[") else known[named]

    given = [f"{name}: {value(argument)}" for name, argument in field.args.items() if is_required_argument(argument)]
    return f"({', '.join(given)})" if given else ""


def selection(type_: Any, ids: dict[str, str], depth: int) -> str:
    """Everything that can be selected of a type, so deep."""
    named = get_named_type(type_)
    if is_leaf_type(named):
        return ""
    if isinstance(named, GraphQLObjectType):
        return "{ __typename " + " ".join(_selected(named, ids, depth)) + " }"
    members = SCHEMA.get_possible_types(named)  # type: ignore[arg-type]
    # Members may have fields of the same name and other types: each gets a name of its own.
    parts = []
    for member in members:
        inside = " ".join(f"{member.name}_{index}: {field}" for index, field in enumerate(_selected(member, ids, depth)))
        parts.append(f"... on {member.name} {{ {inside} }}")
    return "{ __typename " + " ".join(parts) + " }"


def _selected(type_: GraphQLObjectType, ids: dict[str, str], depth: int) -> Iterator[str]:
    for name, field in type_.fields.items():
        if name in CALCULATED:
            continue
        if is_leaf_type(get_named_type(field.type)):
            yield name + arguments(field, ids, name)
        elif depth > 1:
            yield name + arguments(field, ids, name) + selection(field.type, ids, depth - 1)


def roots() -> Iterator[str]:
    """Every root field of reads."""
    assert SCHEMA.query_type is not None
    yield from SCHEMA.query_type.fields


CALCULATED = {
    "whatIf": "(scenario: {}) { before { amount } }",
    "bestDeals": '(period: {name: "2026-03"}) { opportunity { name } adds { amount } }',
}
"""What is calculated for one rep at a time, and what of it is asked here."""

OPEN_TO_ALL = {
    "creditingRules",
    "fxRates",
    "viewer",
    "account",
    "accounts",
    "products",
    "measures",
    "position",
    "period",
    "periods",
    "incentiveTypes",
    "company",
    "product",
    "territory",
    "territories",
    "territoryCoverage",
}
"""What has nothing of Ana in it."""

ADMINISTRATORS_ONLY = {"payout", "payouts", "run", "runs", "audit", "apiKeys", "webhooks"}
"""What neither a rep nor a manager sees anything of."""


async def test_every_root_field_shows_a_rep_only_to_itself_its_managers_and_those_who_see_all(world: World) -> None:
    assert SCHEMA.query_type is not None
    for root in roots():
        field = SCHEMA.query_type.fields[root]
        document = f"{{ {root}{arguments(field, world.ids, root)}{selection(field.type, world.ids, DEEP)} }}"
        answers = {name: (await client.answer(document)).json() for name, client in world.askers.items()}
        assert all("errors" not in answer for answer in answers.values()), (root, answers)
        shown = {name: {secret for secret in SECRETS if secret in json.dumps(answer)} for name, answer in answers.items()}
        assert shown["stranger"] == shown["integrator"] == set(), root
        if root in OPEN_TO_ALL:
            assert shown["administrator"] == set(), root
        elif root in ADMINISTRATORS_ONLY:
            assert shown["self"] == shown["manager"] == set(), root
        else:
            assert shown["administrator"], f"{root} shows nothing that could be hidden"
            assert shown["self"] == shown["manager"], root
            assert shown["self"], root
        response = await Client(world.server.url, None).answer(document)
        assert (response.status_code, "data" in response.json()) == (401, False)


def inputs(ids: dict[str, str]) -> dict[str, dict[str, Any]]:
    """For every mutation, an input that an administrator is not refused for lack of rights."""
    ana, deal = {"externalId": "ana"}, {"externalId": "Ana's deal"}
    component = {"name": "c", "measure": "bookings", "config": {"tieredCommission": {"tiers": [{"starts": "0", "rate": "0.1"}]}}}
    return {
        "companySet": {"name": "Evil"},
        "repUpsert": {"externalId": "ana", "name": "Evil"},
        "repLeave": {"rep": ana, "lastDay": "2027-01-31"},
        "territoryUpsert": {"externalId": "west", "name": "Evil"},
        "territoryAssign": {"territory": {"externalId": "west"}, "rep": ana, "starts": "2026-06-01"},
        "accountUpsert": {"externalId": "kappa", "name": "Evil"},
        "accountsAssignByRules": {"starts": "2026-06-01"},
        "productUpsert": {"externalId": "gtx", "name": "Evil"},
        "payCurrencySet": {"rep": ana, "currency": "USD", "starts": "2026-06-01"},
        "managerSet": {"rep": ana, "manager": {"externalId": "cleo"}, "starts": "2026-06-01"},
        "measureSet": {"name": "evil"},
        "periodsCreate": {"year": 2030},
        "quotaSet": {"rep": ana, "measure": "bookings", "period": {"name": "2026-02"}, "value": "1"},
        "goalSet": {"rep": ana, "period": {"name": "2026-02"}, "name": "evil", "weight": "1"},
        "goalAchieve": {"rep": ana, "period": {"name": "2026-02"}, "name": "evil", "achieved": "1"},
        "quotasAllocate": {
            "measure": "bookings", "period": {"name": "2026-02"}, "base": "TOTAL", "weights": "EQUAL", "total": "1", "reps": [{"rep": ana}],
        },
        "opportunityUpsert": {
            "externalId": "Ana's deal", "name": "Evil", "owner": ana, "stage": "Won", "forecastCategory": "CLOSED", "probability": "1",
            "amount": "1", "closedOn": "2026-01-10", "outcome": "WON",
        },
        "opportunityMove": {"opportunity": deal, "stage": "Lost", "outcome": "LOST"},
        "activityRecord": {"rep": ana, "kind": "CALL", "dated": "2026-01-10", "opportunity": deal},
        "activityTargetSet": {"rep": ana, "kind": "CALL", "monthly": 1, "starts": "2026-06-01"},
        "opportunitySplit": {"opportunity": deal, "shares": [{"rep": ana, "share": "1"}]},
        "transactionRecord": {"externalId": "t", "kind": "ORDER", "dated": "2026-01-10", "amount": "1", "rep": ana},
        "planCreate": {"name": "Evil", "starts": "2026-01-01", "components": [component]},
        "planRevise": {"version": ids["version"], "starts": "2026-01-01", "components": [component]},
        "planPreview": {"version": ids["version"], "first": {"name": "2026-01"}, "last": {"name": "2026-01"}},
        "planPublish": {"version": ids["version"]},
        "planAccept": {"version": ids["version"], "documentHash": sha256(TEXT.encode()).hexdigest()},
        "planFeedback": {"version": ids["version"], "score": 7},
        "disputeOpen": {"says": "Too little.", "earning": ids["earning"]},
        "disputeResolve": {"dispute": ids["dispute"], "accepted": False, "answer": "It is right."},
        "adjustmentApprove": {"adjustment": ids["adjustment"]},
        "runApprove": {"run": ids["run"]},
        "planAssign": {"plan": ids["plan"], "rep": ana, "starts": "2026-06-01"},
        "targetVariableSet": {"rep": ana, "annual": "1", "starts": "2026-01-01"},
        "earningAdjust": {"rep": ana, "period": {"name": "2026-02"}, "amount": "1", "reason": "OTHER", "note": "n"},
        "openingBalanceSet": {"rep": ana, "measure": "bookings", "starts": "2026-02-01", "ends": "2026-03-01", "credited": "1"},
        "recordsImport": {"reps": [{"externalId": "ana", "name": "Evil"}]},
        "fxRateSet": {"base": "EUR", "quote": "USD", "rate": "1.1", "starts": "2026-01-01"},
        "creditingRuleSet": {"name": "evil", "role": "OVERLAY", "rep": ana, "starts": "2026-01-01"},
        "periodClose": {"period": {"name": "2026-01"}},
        "runStart": {"period": {"name": "2026-01"}},
        "runRecalculate": {"run": ids["run"]},
        "runExclude": {"run": ids["run"], "rep": ana},
        "runPost": {"run": ids["run"]},
        "runCancel": {"run": ids["run"]},
        "drawSet": {"rep": ana, "monthly": "1", "starts": "2026-06-01"},
        "holdPlace": {"rep": ana, "reason": "evil"},
        "holdRelease": {"hold": ids["hold"]},
        "debtWriteOff": {"rep": ana, "debt": "CARRIED", "note": "evil"},
        "payoutApprove": {"period": {"name": "2025-12"}},
        "payoutExport": {"period": {"name": "2025-12"}},
        "statementAcknowledge": {"rep": ana, "period": {"name": "2025-12"}},
        "apiKeyCreate": {"name": "evil", "grants": ["ADMIN"]},
        "apiKeyRevoke": {"key": "key_1"},
        "webhookCreate": {"name": "evil", "url": "https://evil.example"},
        "webhookDisable": {"webhook": ids["webhook"]},
        "webhookEnable": {"webhook": ids["webhook"]},
        "webhookReplay": {"webhook": ids["webhook"], "after": "0"},
        "webhookSecretRotate": {"webhook": ids["webhook"]},
    }  # fmt: skip


OPEN_TO_REPS = {"activityRecord"}
"""What reps do without a grant, for themselves and their reports."""

OF_ONESELF = {"planAccept", "planFeedback", "disputeOpen", "statementAcknowledge"}
"""What only the rep whose plan or earning it is does: no manager, and no grant, in their name."""


OF_REPORTS = {"goalAchieve"}
"""What managers do without a grant for their reports, and nobody for themselves."""


async def test_every_mutation_without_its_grant_is_refused_and_changes_nothing(world: World) -> None:
    given = inputs(world.ids)
    assert given.keys() == MUTATIONS.keys()
    before = await world.state()
    for name, command in given.items():
        anonymous = await Client(world.server.url, None).answer(f"mutation {{ {name} }}")
        assert anonymous.status_code == 401
        for asker in ("stranger", "self", "manager"):
            if name in OPEN_TO_REPS and asker != "stranger":
                continue
            if name in OF_ONESELF and asker == "self":
                continue
            if name in OF_REPORTS and asker == "manager":
                continue
            payload = await world.askers[asker].attempt(name, "", command)
            unseen = name in OPEN_TO_REPS | OF_ONESELF or (name in OF_REPORTS and asker == "stranger")
            refusal = "NOT_FOUND" if unseen else "NOT_PERMITTED"
            assert [problem["code"] for problem in payload["problems"]] == [refusal], (name, asker)
        assert await world.state() == before, name


async def test_reps_do_what_is_open_to_them_for_themselves_and_their_reports(world: World) -> None:
    for name in OPEN_TO_REPS:
        for asker in ("self", "manager"):
            await world.askers[asker].do(name, "", inputs(world.ids)[name])


async def test_managers_judge_their_reports(world: World) -> None:
    await world.askers["administrator"].do("goalSet", "", inputs(world.ids)["goalSet"])
    await world.askers["manager"].do("goalAchieve", "goal { achieved rep { name } }", inputs(world.ids)["goalAchieve"])
    assert (await world.company.rows("select achieved from goal"))[0]["achieved"] == 1


async def test_a_rep_speaks_for_themselves_and_no_grant_does_it_for_them(world: World) -> None:
    for name in OF_ONESELF:
        payload = await world.askers["administrator"].attempt(name, "", inputs(world.ids)[name])
        assert [problem["code"] for problem in payload["problems"]] == ["NOT_PERMITTED"], name
        await world.askers["self"].do(name, "", inputs(world.ids)[name])


async def test_a_grant_reaches_no_further_than_what_its_holder_sees(world: World) -> None:
    planner = await world.server.client(Grant.PLAN, Grant.IMPORT, rep="cleo", name="planner")
    given = inputs(world.ids)
    before = await world.state()
    for name in (
        "repUpsert",
        "repLeave",
        "territoryAssign",
        "managerSet",
        "payCurrencySet",
        "quotaSet",
        "goalSet",
        "goalAchieve",
        "quotasAllocate",
        "opportunityUpsert",
        "opportunityMove",
        "opportunitySplit",
        "activityRecord",
        "activityTargetSet",
        "drawSet",
        "transactionRecord",
        "planAssign",
    ):
        payload = await planner.attempt(name, "", given[name])
        assert [problem["code"] for problem in payload["problems"]] == ["NOT_FOUND"], name
    for name in ("territoryUpsert", "accountsAssignByRules", "measureSet", "planCreate", "planRevise", "planPreview", "planPublish"):
        payload = await planner.attempt(name, "", given[name])
        assert [problem["code"] for problem in payload["problems"]] == ["NOT_PERMITTED"], name
    assert await world.state() == before


async def test_an_administrator_is_refused_none_of_them_for_lack_of_rights(world: World) -> None:
    for name, command in inputs(world.ids).items():
        if name in OF_ONESELF:
            continue
        payload = await world.askers["administrator"].attempt(name, "", command)
        assert not {"NOT_PERMITTED", "NOT_FOUND"} & {problem["code"] for problem in payload["problems"]}, (name, payload)
