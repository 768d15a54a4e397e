"""What a row has to fulfil to be seen, in SQL over `visible_rep`: the reps that somebody sees."""

from __future__ import annotations

import re

SEEN = "in (select rep_id from visible_rep)"

FEW = "= any (array(select rep_id from visible_rep))"
"""The same, for an index to look the reps up in."""

# COALESCE has half of those expected who ever were below a manager: of @> alone, PostgreSQL expects one in two hundred, and plans as if
# nobody had anybody. SELECT has as many expected of each manager, so that a statement has one plan for all, which is kept: without it,
# one for somebody with few looks better each time than the one for anybody, and each time it is made anew.
BELOW = "select rep_id from oversight where manager_id = (select {rep}) and coalesce(effective @> {today}, false)"
"""Everybody below a rep, directly or not, by the reporting lines of a day."""

UNDER = f"select {{rep}} union all {BELOW}"
"""The same with the rep."""

VISIBLE_REP = f"visible_rep(rep_id) as ({UNDER})"
"""The table of the reps that somebody sees: itself, and everybody below it today."""

SEEN_BY = re.compile(rf"([^\s(]+) {re.escape(SEEN)}")

# OFFSET has the one pair probed: without it, PostgreSQL may hash everybody under the manager.
ABOVE = (
    r"(\1 = {rep} or exists (select from oversight as above"
    r" where above.manager_id = {rep} and above.rep_id = \1 and above.effective @> {today} offset 0))"
)
"""The same of one rep, whoever else is seen."""


# OFFSET has what belongs to the row looked up: without it, all deals and credits of all reps that are seen are hashed, to check
# a page of rows. IS TRUE has the reps hashed once: without it, they are joined again for each row.
def credited(sale: str) -> str:
    """Whether one of the reps is credited on a transaction."""
    live = f"credit.transaction_id = {sale}.id and credit.superseded_position is null"
    return f"exists (select from credit where {live} and (credit.rep_id {SEEN}) is true offset 0)"


def deal(row: str) -> str:
    """Whether an opportunity is owned by one of the reps, or credited to one."""
    listed = (
        f"exists (select from credited_deal as listed where listed.opportunity_id = {row}.id and (listed.rep_id {SEEN}) is true offset 0)"
    )
    return f"({row}.owner_id {SEEN} or {listed})"


DEALS_OF_OTHERS = (
    f"select listed.opportunity_id from credited_deal as listed where listed.rep_id {FEW} and (listed.owner_id {SEEN}) is not true"
)
"""The deals that the reps are credited on and that none of them owns."""

FEW_DEALS = (f"{{row}}.owner_id {FEW}", f"{{row}}.id = any (array({DEALS_OF_OTHERS}))")

FEW_CREDITED = f"select credit.transaction_id from credit where credit.superseded_position is null and credit.rep_id {FEW}"

FEW_TRANSACTIONS = (
    f"({{row}}.rep_id {FEW} or {{row}}.id = any (array({FEW_CREDITED}))"
    f" or {{row}}.opportunity_id = any (array(select deal.id from opportunity as deal where deal.owner_id {FEW}))"
    f" or {{row}}.opportunity_id = any (array({DEALS_OF_OTHERS})))"
)


def assigned(plan: str) -> str:
    """Whether one of the reps is, was or will be on a plan."""
    return f"exists (select from plan_membership as given where given.plan_id = {plan} and given.rep_id {SEEN})"


def published(version: str) -> str:
    """Whether a plan version is more than a draft, and one of the reps on its plan."""
    return f"({version}.state <> 'DRAFT' and {assigned(f'{version}.plan_id')})"


DEAL_OF_ROW = f"exists (select from opportunity as deal where deal.id = {{row}}.opportunity_id and {deal('deal')} offset 0)"
