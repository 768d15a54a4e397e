"""Who may see and do what: every root field and every mutation of the schema, by every kind of asker."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from spm_graph.actions import adjustments, disputes, holds, periods, webhooks
from spm_graph.actions import company as settings
from spm_graph.actions.refs import PeriodRef, Ref
from spm_graph.calculation.estimating import caught_up
from spm_graph.domain.terms import AdjustmentReason, Grant
from spm_graph.graph.mutations import MUTATIONS
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.api.conftest import Client, Serving, roomy
from tests.company import Company, Flat

from .asked import DEEP, SCHEMA, TEXT, arguments, inputs, roots, selection

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
