"""Every table, by noun. The migrations create them; a test compares the two."""

from .accounts import account, product
from .activities import activity, activity_target
from .adjustments import adjustment, adjustment_decision, dispute
from .administration import api_key, company, fx_rate
from .credits import credit, credited, crediting_rule, measure, opening_balance
from .earnings import earned, earning, earning_credit, evaluation, posting
from .estimates import estimate, estimate_due, estimate_part, estimate_progress
from .events import audit, clock, event, event_horizon, once, tick, touch
from .metadata import metadata
from .opportunities import credited_deal, opportunity, split, stage_change
from .payments import acknowledgement, draw, hold, payment, payout, payout_line
from .periods import period
from .plans import component, component_version, plan, plan_acceptance, plan_assignment, plan_feedback, plan_title, plan_version
from .quotas import goal, quota, quota_part, target_variable
from .reps import oversight, pay_currency, rep, rep_title, reporting_line
from .runs import run, run_evaluation, run_line, run_plugin, run_problem
from .territories import account_territory, territory, territory_assignment, territory_rule
from .transactions import transaction
from .webhooks import webhook, webhook_attempt, webhook_progress, webhook_secret

__all__ = [
    "account",
    "account_territory",
    "acknowledgement",
    "activity",
    "activity_target",
    "adjustment",
    "adjustment_decision",
    "api_key",
    "audit",
    "clock",
    "company",
    "component",
    "component_version",
    "credit",
    "credited",
    "credited_deal",
    "crediting_rule",
    "dispute",
    "draw",
    "earned",
    "earning",
    "earning_credit",
    "estimate",
    "estimate_due",
    "estimate_part",
    "estimate_progress",
    "evaluation",
    "event",
    "event_horizon",
    "fx_rate",
    "goal",
    "hold",
    "measure",
    "metadata",
    "once",
    "opening_balance",
    "opportunity",
    "oversight",
    "pay_currency",
    "payment",
    "payout",
    "payout_line",
    "period",
    "plan",
    "plan_acceptance",
    "plan_assignment",
    "plan_feedback",
    "plan_title",
    "plan_version",
    "posting",
    "product",
    "quota",
    "quota_part",
    "rep",
    "rep_title",
    "reporting_line",
    "run",
    "run_evaluation",
    "run_line",
    "run_plugin",
    "run_problem",
    "split",
    "stage_change",
    "target_variable",
    "territory",
    "territory_assignment",
    "territory_rule",
    "tick",
    "touch",
    "transaction",
    "webhook",
    "webhook_attempt",
    "webhook_progress",
    "webhook_secret",
]
