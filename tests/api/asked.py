"""What is asked of rights: every root field with all that hangs on it, and an input for every mutation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from graphql import GraphQLArgument, GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from spm_graph.graph.mutations import mutation_type
from spm_graph.graph.schema import build, core
from spm_graph.incentive_types import IncentiveTypes

SCHEMA = core(build(IncentiveTypes.discover(), mutation_type))
DEEP = 3
TEXT = "You are paid 5 %."


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
