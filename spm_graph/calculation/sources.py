"""Where the facts come from: the windows of a shard or of a question, and the statements that read all they are calculated from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping

from spm_graph.store import paid_in
from spm_graph.store.database import Transaction

from . import levels
from .facts import Facts, Row, Rows
from .windows import part_of

# What a run covers is written down after the snapshot was taken, so it is read beside it.
WINDOWS = """
select rep_id, component_id, lower(span) as starts, upper(span) as ends, through, run_id, round
from run_evaluation where run_id = :run_id and shard = :shard
"""

# In the rounds of the same run before this one: these lines will be booked in the place of what is.
COVERED = """
select rep_id, component_id, lower(span) as starts, upper(span) as ends
from run_evaluation where run_id = :run_id and round < :round and rep_id = any(:reps)
"""

# Window by window: a run of today is in no statistics, and would compare all lines with all windows where they are joined.
STAGED = """
select looked.rep_id, looked.component_id, lower(looked.span) as starts, upper(looked.span) as ends, line.*
from run_evaluation as looked
cross join lateral (
    select key, currency, amount, credits from run_line
    where run_line.run_id = looked.run_id and run_line.rep_id = looked.rep_id
      and run_line.component_id = looked.component_id and run_line.span = looked.span
    offset 0
) as line
where looked.run_id = :run_id and looked.round < :round and looked.rep_id = any(:reps)
order by looked.rep_id, looked.component_id, looked.span, line.key, line.currency
"""

PARTS = """
select assigned.rep_id, part.id as form_id, part.component_id, version.plan_id, version.id as version_id, part.ordinal, part.name,
       part.incentive_type, part.distribution, part.config, part.quota_basis, part.carry, part.rounding, part.round,
       part.reads_window, part.reads_ago, part.window_kind, part.measure_id, measure.name as measure, measure.kind as measure_kind,
       lower(assigned.effective * version.effective) as starts,
       coalesce(upper(assigned.effective * version.effective), 'infinity') as ends
from plan_membership as assigned
join plan_version as version on version.plan_id = assigned.plan_id and version.state = 'PUBLISHED'
                            and version.effective && assigned.effective
join component_version as part on part.plan_version_id = version.id
join measure on measure.id = part.measure_id
where assigned.rep_id = any(:reps) and (cast(:components as bigint[]) is null or part.component_id = any(:components))
order by assigned.rep_id, version.plan_id, part.ordinal, starts
"""

# Ties are broken by the keys of the source systems, never by the order in which the facts arrived.
CREDITS = """
select credit.rep_id, credit.source_rep_id, credit.measure_id, credit.transaction_id, credit.role, credit.dated,
       credit.amount, credit.units, credit.share,
       credit.currency, transaction.corrects_id, measure.name as measure, product.name as product, opportunity.external_id as opportunity,
       opportunity.name as opportunity_name, account.name as account, transaction.kind, source.external_id as source_rep,
       case when transaction.attributes <> '[]' or opportunity.attributes <> '[]'
            then coalesce(opportunity.attributes, '[]') || transaction.attributes end as attributes,
       round(transaction.margin / nullif(transaction.amount, 0), 6) as margin_rate,
       coalesce(transaction.external_id, opportunity.external_id) as source
from credit
join measure on measure.id = credit.measure_id
join transaction on transaction.id = credit.transaction_id
left join opportunity on opportunity.id = credit.opportunity_id
left join product on product.id = transaction.product_id
left join account on account.id = transaction.account_id
left join rep as source on source.id = credit.source_rep_id
where credit.rep_id = any(:reps) and credit.superseded_position is null and credit.dated >= :starts and credit.dated < :ends
  and (cast(:measures as bigint[]) is null or credit.measure_id = any(:measures))
order by credit.rep_id, credit.measure_id, credit.dated, coalesce(transaction.external_id, opportunity.external_id) collate "C",
         transaction.kind, credit.role, credit.transaction_id
"""

QUOTAS = """
select part.rep_id, part.measure_id, lower(period.effective) as starts, part.value, lower(quota.effective) as since
from quota_part as part join period on period.id = part.period_id join quota on quota.id = part.quota_id
where part.rep_id = any(:reps) and part.value > 0 and (cast(:measures as bigint[]) is null or part.measure_id = any(:measures))
"""

OPENINGS = """
select rep_id, measure_id, lower(effective) as starts, upper(effective) as ends, credited from opening_balance where rep_id = any(:reps)
"""

# What is asked of earlier dates than those of the windows is only ever a sum.
EARLIER = """
select rep_id, measure_id, date_trunc('month', dated)::date as starts, currency, sum(amount) as amount, sum(units) as units
from credit
where rep_id = any(:reps) and superseded_position is null and dated >= :reads_from and dated < :starts
  and (cast(:measures as bigint[]) is null or measure_id = any(:measures))
group by 1, 2, 3, 4
"""

MEASURES = "select id, name, kind from measure"

GOALS = """
select goal.rep_id, lower(period.effective) as starts, upper(period.effective) as ends, goal.name, goal.weight, goal.achieved
from goal join period on period.id = goal.period_id
where goal.rep_id = any(:reps)
order by goal.rep_id, starts, ends, goal.name collate "C"
"""

TARGETS = """
select rep_id, lower(effective) as starts, coalesce(upper(effective), 'infinity') as ends, annual,
       coalesce(promised_on, lower(effective)) as since, proration, hired_on, left_on
from target_variable join rep on rep.id = rep_id where rep_id = any(:reps)
"""

BOOKED = """
select rep_id, component_id, lower(span) as starts, upper(span) as ends, key, currency, sum(amount) as amount
from earning
where rep_id = any(:reps) and lower(span) >= :starts
group by 1, 2, 3, 4, 5, 6 having sum(amount) <> 0 order by 1, 2, 3, 5, 6
"""

# Only for reps with a window that a change cut: what a line earned on either side of it is what the credits there earned.
BOOKED_SHARES = """
select earning.rep_id, component_id, lower(span) as starts, upper(span) as ends, key, earning.currency, shared.transaction_id, shared.role,
       sum(shared.amount) as amount
from earning join earning_credit as shared on shared.earning_id = earning.id
where rep_id = any(:reps) and lower(span) >= :starts
group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(shared.amount) <> 0 order by 1, 2, 3, 5, 6, 7, 8
"""


async def windows(tx: Transaction, run_id: int, shard: int) -> Sequence[RowMapping]:
    """The windows of a shard."""
    return await tx.rows(WINDOWS, {"run_id": run_id, "shard": shard})


async def staged(tx: Transaction, covered: Sequence[Row]) -> Rows:
    """What a run staged for the reps of a shard in the rounds before the shard's: `read` wants it for later rounds than the first."""
    if not covered[0]["round"]:
        return {}
    of = {"run_id": covered[0]["run_id"], "round": covered[0]["round"], "reps": sorted({row["rep_id"] for row in covered})}
    return {"covered": await tx.rows(COVERED, of), "staged": await tx.rows(STAGED, of)}


async def read(snapshot: Transaction, covered: Sequence[Row], before: Rows | None = None) -> Facts:
    """Everything that these windows, at least one, are calculated from; `before` is what `staged` found."""
    return Facts({**await read_rows(snapshot, covered), **(before or {})})


async def read_rows(snapshot: Transaction, covered: Sequence[Row], supposed: Sequence[Row] = ()) -> Rows:
    """The rows that `Facts` are made of, and of titles and reporting lines those that supposed credits ask for as well."""
    reps = sorted({row["rep_id"] for row in covered})
    parts = await snapshot.rows(PARTS, {"reps": reps, "components": None})
    paid = await snapshot.rows(paid_in.PAID_IN, {"reps": reps})
    forms = Counter((row["rep_id"], row["component_id"]) for row in parts)
    cut = sorted({rep_id for (rep_id, _), number in forms.items() if number > 1} | {row["id"] for row in paid if row["starts"]})
    booked = {"starts": min(row["starts"] for row in covered)}
    return {
        **await counting(snapshot, covered, parts, None, supposed),
        "reps": paid,
        "booked": await snapshot.rows(BOOKED, {"reps": reps, **booked}),
        "booked_shares": await snapshot.rows(BOOKED_SHARES, {"reps": cut, **booked}) if cut else [],
    }


async def counting(
    snapshot: Transaction, covered: Sequence[Row], parts: Sequence[Row], measures: Collection[int] | None, supposed: Sequence[Row] = ()
) -> Rows:
    """What counts in some windows by forms of their components, of some measures or of all; of what was booked, nothing."""
    reps = sorted({row["rep_id"] for row in covered})
    starts, ends = min(row["starts"] for row in covered), max(row["through"] for row in covered)
    reads_from = min((part_of(row).reads_from(starts) for row in parts), default=starts)
    of = {"reps": reps, "measures": sorted(measures) if measures is not None else None}
    credit_rows = await snapshot.rows(CREDITS, {**of, "starts": starts, "ends": ends})
    earlier = {**of, "starts": starts, "reads_from": reads_from}
    lines, titles = await levels.read(snapshot, [*credit_rows, *supposed])
    return {
        "windows": covered,
        "covered": [],
        "staged": [],
        "booked": [],
        "booked_shares": [],
        "parts": parts,
        "measures": await snapshot.rows(MEASURES),
        "credits": credit_rows,
        "lines": lines,
        "titles": titles,
        "earlier": await snapshot.rows(EARLIER, earlier) if reads_from < starts else [],
        "quotas": await snapshot.rows(QUOTAS, of),
        "openings": await snapshot.rows(OPENINGS, {"reps": reps}),
        "targets": await snapshot.rows(TARGETS, {"reps": reps}),
        "goals": await snapshot.rows(GOALS, {"reps": reps}),
    }
