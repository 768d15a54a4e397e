"""Every table, by noun. The migrations create them; a test compares the two."""

from .measuring import credit, credited, measure, period, quota, quota_part
from .metadata import metadata
from .paying import (
    component,
    component_version,
    earned,
    earning,
    earning_credit,
    evaluation,
    payment,
    plan,
    plan_assignment,
    plan_version,
    posting,
    run,
    run_evaluation,
    run_line,
    run_problem,
)
from .people import api_key, rep, reporting_line
from .record import audit, clock, company, event, once, tick, touch
from .selling import account, opportunity, product, split, transaction

__all__ = [
    "account",
    "api_key",
    "audit",
    "clock",
    "company",
    "component",
    "component_version",
    "credit",
    "credited",
    "earned",
    "earning",
    "earning_credit",
    "evaluation",
    "event",
    "measure",
    "metadata",
    "once",
    "opportunity",
    "payment",
    "period",
    "plan",
    "plan_assignment",
    "plan_version",
    "posting",
    "product",
    "quota",
    "quota_part",
    "rep",
    "reporting_line",
    "run",
    "run_evaluation",
    "run_line",
    "run_problem",
    "split",
    "tick",
    "touch",
    "transaction",
]
