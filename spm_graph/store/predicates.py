"""What a row has to fulfil to be seen, in SQL over `visible_rep`: the reps that somebody sees."""

from __future__ import annotations

import re

SEEN = "in (select rep_id from visible_rep)"

FEW = "= any (array(select rep_id from visible_rep))"
"""The same, for an index to look the reps up in."""

VISIBLE_REP = """visible_rep(rep_id) as (
    select {rep}
    union
    select line.rep_id from visible_rep join reporting_line as line on line.manager_id = visible_rep.rep_id where line.effective @> {today}
)"""
"""The recursive table of the reps that somebody sees: itself, and everybody under it by the reporting lines of today."""

SEEN_BY = re.compile(rf"([^\s(]+) {re.escape(SEEN)}")

ABOVE = r"""exists (
    with recursive above(rep_id) as (
        select \1
        union
        select line.manager_id from above join reporting_line as line on line.rep_id = above.rep_id where line.effective @> {today}
    )
    select from above where above.rep_id = {rep}
)"""
"""The same of one rep, looked for among everybody above it: they are fewer than everybody under a manager."""


# OFFSET has what belongs to the row looked up: without it, all deals and credits of all reps that are seen are hashed, to check
# a page of rows. IS TRUE has the reps hashed once: without it, they are joined again for each row.
def credited(column: str, row: str) -> str:
    """Whether one of the reps is credited on the row, which `column` of credits names."""
    live = f"credit.{column} = {row}.id and credit.superseded_position is null"
    return f"exists (select from credit where {live} and (credit.rep_id {SEEN}) is true offset 0)"


def deal(row: str) -> str:
    """Whether an opportunity is owned by one of the reps, or credited to one."""
    return f"({row}.owner_id {SEEN} or {credited('opportunity_id', row)})"


def of_few(column: str) -> str:
    """What the reps are credited on, by the credits' `column`."""
    return f"select credit.{column} from credit where credit.superseded_position is null and credit.rep_id {FEW}"


# EXCEPT leaves the few deals that others own: looking up all that are credited one by one takes three times as long.
FEW_OWNED = f"select deal.id from opportunity as deal where deal.owner_id {FEW}"


FEW_CREDITED = f"any (array({of_few('opportunity_id')} except {FEW_OWNED}))"
FEW_DEALS = f"({{row}}.owner_id {FEW} or {{row}}.id = {FEW_CREDITED})"

FEW_TRANSACTIONS = (
    f"({{row}}.rep_id {FEW} or {{row}}.id = any (array({of_few('transaction_id')}))"
    f" or {{row}}.opportunity_id = any (array({FEW_OWNED})) or {{row}}.opportunity_id = {FEW_CREDITED})"
)


def assigned(plan: str) -> str:
    """Whether one of the reps is, was or will be on a plan."""
    return f"exists (select from plan_membership as given where given.plan_id = {plan} and given.rep_id {SEEN})"


def published(version: str) -> str:
    """Whether a plan version is more than a draft, and one of the reps on its plan."""
    return f"({version}.state <> 'DRAFT' and {assigned(f'{version}.plan_id')})"


DEAL_OF_ROW = f"exists (select from opportunity as deal where deal.id = {{row}}.opportunity_id and {deal('deal')} offset 0)"
