"""What must be true of the database whatever happened: each a statement that finds what is not as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from spm_graph.store.database import Transaction

CHEAP = {
    "the clock has every position once": """
        select number from generate_series(1, (select position from clock)) as number left join tick on tick.position = number
        where tick.position is null
        union all
        select tick.position from tick, clock where tick.position > clock.position
    """,
    "events are numbered without gaps": """
        select position, count(*), min(ordinal), max(ordinal) from event where position > :since
        group by 1 having min(ordinal) <> 0 or max(ordinal) <> count(*) - 1
        union all
        select event.position, 0, 0, 0 from event, clock where event.position > clock.position
    """,
    "audits are numbered without gaps": """
        select position, count(*), min(ordinal), max(ordinal) from audit where position > :since
        group by 1 having min(ordinal) <> 0 or max(ordinal) <> count(*) - 1
    """,
    "what is earned is the sum of the earnings": """
        select rep_id, period_id, component_id, currency, kept.amount as kept, summed.amount as summed
        from earned as kept
        full join (select rep_id, period_id, component_id, currency, sum(amount) as amount from earning group by 1, 2, 3, 4) as summed
          using (rep_id, period_id, component_id, currency)
        where coalesce(kept.amount, 0) <> coalesce(summed.amount, 0)
    """,
    "what is credited is the sum of the credits": """
        select rep_id, measure_id, period_id, kept.value as kept, summed.value as summed
        from credited as kept
        full join (
            select credit.rep_id, credit.measure_id, period.id as period_id,
                   sum(case when measure.kind = 'UNITS' then units else amount end) as value
            from credit join measure on measure.id = credit.measure_id
            join period on period.kind = 'MONTH' and period.effective @> credit.dated
            where superseded_position is null group by 1, 2, 3
        ) as summed using (rep_id, measure_id, period_id)
        where coalesce(kept.value, 0) <> coalesce(summed.value, 0)
    """,
    "the parts of a quota sum to it": """
        select quota.id, quota.value, quota.full_value, parts.value as parts, parts.full_value as full_parts
        from quota
        left join lateral (
            select sum(value) as value, sum(quota_part.full_value) as full_value, count(*) as number,
                   bool_and(period.effective <@ quota.effective and quota_part.rep_id = quota.rep_id
                            and quota_part.measure_id = quota.measure_id) as mine
            from quota_part join period on period.id = quota_part.period_id where quota_part.quota_id = quota.id
        ) as parts on true
        where parts.value is distinct from quota.value or parts.full_value is distinct from quota.full_value or not mine
           or number <> (select count(*) from period where period.kind = 'MONTH' and period.effective <@ quota.effective)
    """,
}
"""Checked after each act; `:since` is the position at which all was checked last."""

THOROUGH = {
    "nothing is booked in a month after its close": """
        select booked.* from (
            select 'earning' as ledger, id, period_id, position from earning
            union all select 'adjustment', id, period_id, position from adjustment
            union all select 'payment', id, period_id, position from payment
            union all select 'adjustment_decision', adjustment_id, period_id, position from adjustment_decision
        ) as booked join period on period.id = booked.period_id
        where booked.position > period.closed_position or period.kind <> 'MONTH'
    """,
    "the steps of an earning sum to its amount": """
        select id, amount, steps from earning
        where amount <> (select coalesce(sum((step ->> 'amount')::numeric), 0) from jsonb_array_elements(steps) as step)
    """,
    "the parts of an earning by deal sum to it": """
        select rep_id, component_id, span, key, currency, sum(earning.amount) as amount, sum(parts.amount) as parts
        from earning
        left join lateral (
            select sum(amount) as amount from earning_credit where earning_id = earning.id
        ) as parts on true
        group by 1, 2, 3, 4, 5
        having sum(parts.amount) <> sum(earning.amount) and exists (
            select from earning as one join earning_credit as part on part.earning_id = one.id
            where one.rep_id = earning.rep_id and one.component_id = earning.component_id and one.span = earning.span
              and one.key = earning.key and one.currency = earning.currency
            group by part.transaction_id, part.role having sum(part.amount) <> 0
        )
    """,
    "what is split is shared out whole": """
        select opportunity_id, sum(share) as shares from split where role = 'SPLIT' group by 1 having sum(share) <> 1
    """,
    "owner and split are credited with all that was sold": """
        select credit.transaction_id, credit.measure_id, sum(credit.sold_amount) as credited, sold.amount, sold.margin
        from credit join transaction as sold on sold.id = credit.transaction_id join measure on measure.id = credit.measure_id
        where superseded_position is null and credit.role in ('DIRECT', 'SPLIT') and measure.roles @> array['DIRECT', 'SPLIT']
          and measure.basis = 'AMOUNT'
        group by credit.transaction_id, credit.measure_id, sold.amount, sold.margin having sum(credit.sold_amount) <> sold.amount
    """,
    "the last attainment that was announced is what it is": """
        with announced as (
            select distinct on (rep_id, payload ->> 'measure', payload -> 'period' ->> 'id')
                   rep_id, payload ->> 'measure' as measure, payload -> 'period' ->> 'id' as period,
                   (payload -> 'credited' ->> 'value')::numeric as credited, (payload -> 'quota' ->> 'value')::numeric as quota
            from event where kind = 'AttainmentChange' order by 1, 2, 3, position desc, ordinal desc
        ),
        counted as (
            select rep_id, measure_id, period_id, sum(credited) as credited, sum(quota) as quota
            from (
                select credit.rep_id, credit.measure_id, period.id as period_id,
                       case when measure.kind = 'UNITS' then units else amount end as credited, cast(null as numeric) as quota
                from credit join measure on measure.id = credit.measure_id join period on period.effective @> credit.dated
                where superseded_position is null
                union all
                select opening.rep_id, opening.measure_id, period.id, opening.credited, null
                from opening_balance as opening join period on opening.effective <@ period.effective
                union all
                select part.rep_id, part.measure_id, period.id, 0, part.value
                from quota_part as part join period as month on month.id = part.period_id
                join period on month.effective <@ period.effective
            ) as counting group by 1, 2, 3
        )
        select announced.*, counted.credited as counted, counted.quota as quotas
        from announced
        full join (
            select counted.*, measure.name as measure, 'period_' || period_id as period from counted
            join measure on measure.id = measure_id
        ) as counted using (rep_id, measure, period)
        where coalesce(announced.credited, 0) <> coalesce(counted.credited, 0) or announced.quota is distinct from counted.quota
    """,
    "nothing is held below zero": """
        select rep_id, component_id, opportunity_id, transaction_id, currency,
               sum(case kind when 'HELD' then amount else -amount end) as held
        from payment where kind in ('HELD', 'RELEASED') group by 1, 2, 3, 4, 5
        having sum(case kind when 'HELD' then amount else -amount end) < 0
    """,
    "what rep and company owe each other is what was earned, paid, held and drawn": """
        with ledger as (
            select rep_id, currency,
                   sum(amount) filter (where kind = 'PAID') as paid,
                   sum(case kind when 'HELD' then amount when 'RELEASED' then -amount end) as held,
                   sum(amount) filter (where debt = 'CARRIED') as forgiven,
                   sum(amount) filter (where debt = 'DRAW') as given,
                   sum(case kind when 'DRAWN' then amount when 'RECOVERED' then -amount end) as drawn
            from payment group by 1, 2
        ),
        due as (
            select rep_id, currency, sum(amount) as entitled
            from entitled join period on period.id = period_id where period.state = 'CLOSED' group by 1, 2
        )
        select rep_id, currency, entitled, paid, held, forgiven, given, ledger.drawn, debt.carried, debt.drawn as owed
        from ledger full join due using (rep_id, currency) cross join lateral debt_of(rep_id, currency) as debt
        where coalesce(entitled, 0) - coalesce(paid, 0) - coalesce(held, 0) + coalesce(ledger.drawn, 0) + coalesce(forgiven, 0)
              <> -debt.carried
           or debt.drawn <> coalesce(ledger.drawn, 0) - coalesce(given, 0)
           or debt.carried < 0 or debt.drawn < 0
    """,
    "a closed month paid what its statement came to, and no less than nothing": """
        with lately as (select id, name from period where kind = 'MONTH' and state = 'CLOSED' order by lower(effective) desc limit 2)
        select rep.external_id, lately.name, said.*, coalesce(paid.amount, 0) as paid
        from lately cross join rep cross join lateral statement_of(rep.id, rep.currency, lately.id) as said
        left join payment as paid on paid.rep_id = rep.id and paid.period_id = lately.id and paid.kind = 'PAID'
        where coalesce(paid.amount, 0)
              <> greatest(0, opening + earned + adjustments - held + released + drawn - recovered + said.written_off)
    """,
    "a batch pays what its month paid": """
        select payment.id from payment full join payout_line on payout_line.payment_id = payment.id
        left join payout on payout.id = payout_line.payout_id
        where (payment.kind = 'PAID' and payout.period_id is distinct from payment.period_id)
           or (payment.kind <> 'PAID' and payout_line.payment_id is not null)
    """,
    "nobody reports to themselves": """
        with recursive above(rep_id, manager_id, during) as (
            select rep_id, manager_id, effective from reporting_line
            union
            select above.rep_id, line.manager_id, above.during * line.effective
            from above join reporting_line as line on line.rep_id = above.manager_id and line.effective && above.during
            where above.manager_id <> above.rep_id
        )
        select rep_id, during from above where rep_id = manager_id
    """,
}
"""Checked after each month, with those above."""

AUDITED = """
select event_object_table as name from information_schema.triggers
where trigger_schema = current_schema() and trigger_name = event_object_table || '_audit' group by 1
"""

# Nothing is audited of rows that a migration made, until they change.
TOLD = """
select '{name}' as noun, coalesce(stored.id, told.row_id) as row_id, stored.row as stored, told.after as told
from (select coalesce(to_jsonb(given) ->> 'id', 'only') as id, to_jsonb(given) as row from {name} as given) as stored
full join (
    select distinct on (row_id) row_id, after from audit where noun = '{name}' order by row_id, position desc, ordinal desc
) as told on told.row_id = stored.id
where stored.row is distinct from told.after and not (told.row_id is null and '{name}' in ('company', 'event_horizon'))
"""

KEPT = ("tick", "audit", "touch", "stage_change", "posting", "earning", "earning_credit", "adjustment", "payment", "payout_line", "event")
"""What is only ever added to."""

AS_IT_WAS = """
select count(*) as number, coalesce(sum(hashtextextended(given::text, 0)), 0) as sum from {name} as given where {position} <= :position
"""
POSITIONS = {
    "earning_credit": "(select earning.position from earning where earning.id = earning_id)",
    "payout_line": "(select payment.position from payment where payment.id = payment_id)",
}


class Broken(AssertionError):
    """An invariant that does not hold."""


async def require(tx: Transaction, invariants: Mapping[str, str], since: int = 0) -> None:
    """Raise `Broken` for the first invariant that something breaks, with what it is."""
    for name, statement in invariants.items():
        parameters = {"since": since} if ":since" in statement else {}
        if rows := await tx.rows(f"select * from ({statement}) as found limit 10", parameters):
            raise Broken(f"{name}, but:\n" + "\n".join(map(str, rows)))


async def audited(tx: Transaction) -> dict[str, str]:
    """For each audited table: the audit's last word on every row is what the row is."""
    names = [row["name"] for row in await tx.rows(AUDITED)]
    return {f"the audit knows every {name} as it is": TOLD.format(name=name) for name in sorted(names)}


class Archive:
    """What ledgers, audit and events were when it was last looked at: they are only ever added to."""

    def __init__(self) -> None:
        self.position = 0
        self.known: dict[str, tuple[int, Decimal]] = {}

    async def unchanged(self, tx: Transaction) -> None:
        """Raise `Broken` if something that was there is another now, or gone; remember what there is."""
        for name, before in self.known.items():
            now = await self._sums(tx, name)
            if now != before:
                raise Broken(f"what is only ever added to changed: {name} had {before} up to {self.position}, and has {now}")
        self.position = await tx.scalar("select position from clock")
        self.known = {name: await self._sums(tx, name) for name in KEPT}

    async def _sums(self, tx: Transaction, name: str) -> tuple[int, Decimal]:
        statement = AS_IT_WAS.format(name=name, position=POSITIONS.get(name, "given.position"))
        row = await tx.row(statement, {"position": self.position})
        assert row is not None, "a sum has a row"
        return row["number"], row["sum"]
