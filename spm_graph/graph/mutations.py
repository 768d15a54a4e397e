"""The mutations: what each is called, what it takes, what carries it out, and what its answer shows."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from spm_graph.actions import (
    acceptance,
    accounts,
    activities,
    adjustments,
    allocations,
    company,
    currencies,
    disputes,
    draws,
    feedback,
    goals,
    holds,
    keys,
    measures,
    openings,
    opportunities,
    pay_currencies,
    payouts,
    periods,
    plan_assignments,
    plans,
    products,
    quotas,
    reps,
    rules,
    runs,
    statements,
    targets,
    territories,
    transactions,
    webhooks,
)
from spm_graph.actions.result import Result
from spm_graph.calculation import preview
from spm_graph.calculation import run as calculation
from spm_graph.importing import records

from .commands import Perform, calculated, transacted
from .inputs import input_type
from .nouns.accounts import Account, Product
from .nouns.activities import Activity
from .nouns.adjustments import Adjustment
from .nouns.administration import ApiKey, Company, FxRate
from .nouns.credits import OpeningBalance
from .nouns.disputes import Dispute
from .nouns.earnings import Posting, Step
from .nouns.goals import Goal
from .nouns.measures import Measure
from .nouns.opportunities import Opportunity
from .nouns.pages import Quantity
from .nouns.payments import Hold, Payout
from .nouns.periods import Period
from .nouns.plans import Plan, PlanVersion
from .nouns.previews import Preview
from .nouns.problems import ImportCount
from .nouns.quotas import Quota, QuotaAllocation
from .nouns.reps import Rep
from .nouns.runs import Run
from .nouns.territories import CreditingRule, Territory
from .nouns.transactions import Transaction
from .nouns.webhooks import Webhook
from .payloads import Told, columns, payload_type


@dataclass(frozen=True, slots=True)
class Mutation:
    """One mutation.

    Its payload has `problems` and `position`, and beside them `shows`, objects by their type, and `tells`, what is
    told only once.
    """

    name: str
    command: type
    perform: Perform
    description: str
    shows: Mapping[str, Any]
    tells: Mapping[str, Told]

    @property
    def payload_name(self) -> str:
        """The name of the payload's type."""
        return f"{self.name[:1].upper()}{self.name[1:]}Payload"

    def row(self, result: Result) -> dict[str, Any]:
        """The values that the payload is read from."""
        problems = [{"code": each.code, "message": each.message, "path": list(each.path)} for each in result.problems]
        shown = {column: result.values.get(column) for column in self.columns()}
        return {**shown, "position": result.position, "problems": problems}

    def columns(self) -> dict[str, str]:
        """The columns of the payload's row that name what it shows and tells, with their PostgreSQL types."""
        return columns(self.shows, self.tells)


TOKEN = Told(str, "text", "The bearer token, told this once.")
SECRET = Told(str, "text", "The secret that messages are signed with, told this once.")
ASSIGNED = Told(int, "bigint", "How many accounts were put in a territory.")
REMOVED = Told(int, "bigint", "How many accounts were taken out of one.")

ALLOCATED = {
    "allocations": Told(list[QuotaAllocation], "jsonb", "What everybody got, or would get: the full values sum to the target."),
    "target": Told(Quantity, "jsonb", "What was shared out."),
    "steps": Told(list[Step], "jsonb", "How that comes about: each base is the amount before it, and the last amount is the target."),
}

CSV = Told(str, "text", "The batch as CSV, for payroll.")
PREVIEW = Told(Preview, "jsonb", "What it would have cost. Null: it was refused.")
COUNTS = Told(list[ImportCount], "jsonb", "How many records there were, and what became of them, by noun.")


def _act(name: str, command: type, act: Any, tells: Mapping[str, Told] | None = None, **shows: Any) -> Mutation:
    return Mutation(name, command, transacted(act), _said(act), shows, tells or {})


def _calculation(name: str, command: type, act: Any, tells: Mapping[str, Told] | None = None, **shows: Any) -> Mutation:
    return Mutation(name, command, calculated(act), _said(act), shows, tells or {})


def _said(act: Any) -> str:
    return (inspect.getdoc(act) or "").split("\n\n")[0].replace("\n", " ")


MUTATIONS = {
    mutation.name: mutation
    for mutation in (
        _act("companySet", company.CompanySet, company.set_company, company=Company),
        _act("repUpsert", reps.RepUpsert, reps.upsert, rep=Rep),
        _act("repLeave", reps.RepLeave, reps.leave, rep=Rep),
        _act("managerSet", reps.ManagerSet, reps.set_manager, rep=Rep),
        _act("territoryUpsert", territories.TerritoryUpsert, territories.upsert, territory=Territory),
        _act("territoryAssign", territories.TerritoryAssign, territories.assign, territory=Territory, rep=Rep, account=Account),
        _act("accountUpsert", accounts.AccountUpsert, accounts.upsert, account=Account),
        _act(
            "accountsAssignByRules",
            territories.AccountsAssignByRules,
            territories.assign_by_rules,
            {"assigned": ASSIGNED, "removed": REMOVED},
        ),
        _act("productUpsert", products.ProductUpsert, products.upsert, product=Product),
        _act("measureSet", measures.MeasureSet, measures.set_measure, measure=Measure),
        _act("creditingRuleSet", rules.CreditingRuleSet, rules.set_rule, crediting_rule=CreditingRule),
        _act("payCurrencySet", pay_currencies.PayCurrencySet, pay_currencies.set_pay_currency, rep=Rep),
        _act("fxRateSet", currencies.FxRateSet, currencies.set_rate, fx_rate=FxRate),
        _act("periodsCreate", periods.PeriodsCreate, periods.create, period=Period),
        _act("quotaSet", quotas.QuotaSet, quotas.set_quota, quota=Quota, rep=Rep),
        _act("quotasAllocate", allocations.QuotasAllocate, allocations.allocate, ALLOCATED, period=Period),
        _act("targetVariableSet", targets.TargetVariableSet, targets.set_target_variable, rep=Rep),
        _act("goalSet", goals.GoalSet, goals.set_goal, goal=Goal, rep=Rep),
        _act("goalAchieve", goals.GoalAchieve, goals.achieve, goal=Goal, rep=Rep),
        _act("opportunityUpsert", opportunities.OpportunityUpsert, opportunities.upsert, opportunity=Opportunity),
        _act("opportunityMove", opportunities.OpportunityMove, opportunities.move, opportunity=Opportunity),
        _act("opportunitySplit", opportunities.OpportunitySplit, opportunities.share, opportunity=Opportunity),
        _act("transactionRecord", transactions.TransactionRecord, transactions.record, transaction=Transaction),
        _act("activityRecord", activities.ActivityRecord, activities.record, activity=Activity, rep=Rep),
        _act("activityTargetSet", activities.ActivityTargetSet, activities.set_target, rep=Rep),
        _act("planCreate", plans.PlanCreate, plans.create, plan=Plan, version=PlanVersion),
        _act("planRevise", plans.PlanRevise, plans.revise, plan=Plan, version=PlanVersion),
        _calculation("planPreview", preview.PlanPreview, preview.preview, {"preview": PREVIEW}),
        _act("planPublish", plans.PlanPublish, plans.publish, plan=Plan, version=PlanVersion),
        _act("planAssign", plan_assignments.PlanAssign, plan_assignments.assign, plan=Plan, rep=Rep),
        _act("planAccept", acceptance.PlanAccept, acceptance.accept, version=PlanVersion, rep=Rep),
        _act("planFeedback", feedback.PlanFeedback, feedback.give, version=PlanVersion),
        _act("recordsImport", records.RecordsImport, records.import_records, {"counts": COUNTS}),
        _act("periodClose", periods.PeriodClose, periods.close, period=Period),
        _calculation("runStart", calculation.RunStart, calculation.start, run=Run),
        _calculation("runRecalculate", calculation.RunRecalculate, calculation.recalculate, run=Run),
        _act("runExclude", runs.RunExclude, runs.exclude, run=Run),
        _act("runApprove", runs.RunApprove, runs.approve, run=Run),
        _act("runPost", runs.RunPost, runs.post, run=Run, posting=Posting),
        _act("runCancel", runs.RunCancel, runs.cancel, run=Run),
        _act("openingBalanceSet", openings.OpeningBalanceSet, openings.set_opening_balance, opening_balance=OpeningBalance, rep=Rep),
        _act("earningAdjust", adjustments.EarningAdjust, adjustments.adjust, adjustment=Adjustment, rep=Rep),
        _act("adjustmentApprove", adjustments.AdjustmentApprove, adjustments.approve, adjustment=Adjustment, rep=Rep),
        _act("disputeOpen", disputes.DisputeOpen, disputes.open_dispute, dispute=Dispute),
        _act("disputeResolve", disputes.DisputeResolve, disputes.resolve, dispute=Dispute),
        _act("drawSet", draws.DrawSet, draws.set_draw, rep=Rep),
        _act("holdPlace", holds.HoldPlace, holds.place, hold=Hold),
        _act("holdRelease", holds.HoldRelease, holds.release, hold=Hold),
        _act("payoutApprove", payouts.PayoutApprove, payouts.approve, payout=Payout),
        _act("payoutExport", payouts.PayoutExport, payouts.export, {"csv": CSV}, payout=Payout),
        _act("debtWriteOff", payouts.DebtWriteOff, payouts.write_off, rep=Rep),
        _act("statementAcknowledge", statements.StatementAcknowledge, statements.acknowledge, rep=Rep),
        _act("apiKeyCreate", keys.ApiKeyCreate, keys.create, {"token": TOKEN}, key=ApiKey),
        _act("apiKeyRevoke", keys.ApiKeyRevoke, keys.revoke, key=ApiKey),
        _act("webhookCreate", webhooks.WebhookCreate, webhooks.create, {"secret": SECRET}, webhook=Webhook),
        _act("webhookDisable", webhooks.WebhookDisable, webhooks.disable, webhook=Webhook),
        _act("webhookEnable", webhooks.WebhookEnable, webhooks.enable, webhook=Webhook),
        _act("webhookReplay", webhooks.WebhookReplay, webhooks.replay, webhook=Webhook),
        _act("webhookSecretRotate", webhooks.WebhookSecretRotate, webhooks.rotate, {"secret": SECRET}, webhook=Webhook),
    )
}


def mutation_type(config: Any) -> Any:
    """The root type of mutations; `config` is the input of a component's settings."""
    fields = {name: _field(mutation, config) for name, mutation in MUTATIONS.items()}
    annotations = {name: payload_type(name, mutation.payload_name, mutation.shows, mutation.tells) for name, mutation in MUTATIONS.items()}
    cls = type("Mutation", (), {"__annotations__": annotations, "__module__": __name__, **fields})
    return strawberry.type(cls, description="Every act. Each is a transaction of its own, and those of one document are done in order.")


def _field(mutation: Mutation, config: Any) -> Any:
    made: Any = strawberry.field(description=mutation.description, name=mutation.name)
    annotation = StrawberryAnnotation(input_type(mutation.command, config))
    made.arguments = [StrawberryArgument("input", "input", annotation, description="What is to be done.")]
    return made
