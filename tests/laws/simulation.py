"""Up to two years of a company in which anything happens: what must be true is checked of what each act touched, and each month of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from random import Random

from spm_graph.actions import periods, titles
from spm_graph.actions.crediting import recredit
from spm_graph.actions.refs import PeriodRef
from spm_graph.calculation.estimating import caught_up
from spm_graph.domain.period import Span
from spm_graph.store import clock, touches
from spm_graph.store.database import Database, Transaction
from spm_graph.store.predicates import VISIBLE_REP
from spm_graph.store.seeing import Lines, tells
from spm_graph.store.visibility import Actor, visible
from tests.company import Company

from . import crediting, paying, planning, selling, staffing
from .invariants import INVARIANTS, Archive, Broken, Touched, audited, require, told
from .world import BEGINS, ENDS, TYPES, World, month_of

Act = Callable[[World], Awaitable[None]]

ACTS: dict[Act, int] = {
    selling.deal: 30,
    selling.change_deal: 9,
    selling.move: 3,
    selling.split: 6,
    selling.import_deals: 3,
    selling.import_catalogue: 1,
    selling.refund: 8,
    selling.transaction: 7,
    selling.correct: 4,
    crediting.territory: 2,
    crediting.regions: 1,
    crediting.rule: 1,
    crediting.rate: 1,
    crediting.measure: 1,
    crediting.product: 1,
    staffing.leave: 1,
    staffing.employ: 2,
    staffing.manage: 3,
    staffing.pay_in: 1,
    staffing.import_people: 1,
    planning.join: 1,
    planning.quota: 7,
    planning.allocate: 2,
    planning.target: 2,
    planning.goal: 2,
    planning.version: 2,
    planning.assign: 3,
    planning.answer: 1,
    planning.settings: 1,
    paying.adjust: 4,
    paying.decide: 3,
    paying.draw: 2,
    paying.hold: 2,
    paying.release: 2,
    paying.forgive: 1,
    paying.opening: 1,
    paying.dispute: 2,
    paying.resolve: 1,
    paying.payout: 1,
    paying.run: 1,
    paying.go_on: 2,
}
"""What happens, and how often against the others."""

ACTS_A_DAY = 2
"""So much happens in a life that is too short for two years; in a longer one, more."""

LAST_ACTS = 40

BOOKED = """
select rep_id, component_id, sum(amount) as amount from earning join period on period.id = period_id
where period.name = :month and earning.currency = paid_in(rep_id, lower(effective)) group by 1, 2 having sum(amount) <> 0
"""
"""What the estimates tell: what is booked in the currency that the month is paid in."""

ESTIMATED = """
select part.rep_id, part.component_id, part.amount, estimate.problem
from estimate join period on period.id = estimate.period_id left join estimate_part as part using (rep_id, period_id)
where period.name = :month
"""
OPEN = "select name from period where kind = 'MONTH' and state = 'OPEN' and lower(effective) < :today order by lower(effective)"
CHANGES = "select * from run_change where run_id = :run and not rep_id = any(select unnest(excluded) from run where id = :run)"


def _lines(rows: Iterable[object]) -> str:
    return "\n".join(str(row) for row in list(rows)[:10])


class Simulation:
    """A world that `run` lives through; the same seed and number of acts live the same life."""

    def __init__(self, company: Company, seed: int, acts: int) -> None:
        self.world = World(company, Random(seed))
        self.seed = seed
        self.acts = acts
        self.number = 0
        self.checked = 0
        self.archive = Archive()
        self.problems: Counter[str] = Counter()

    @classmethod
    async def founded(cls, database: Database, seed: int, acts: int) -> Simulation:
        """A company on its first day."""
        company = await Company.founded(database, today=BEGINS.isoformat(), year=BEGINS.year)
        company.incentive_types = TYPES
        simulation = cls(company, seed, acts)
        database.today = lambda: simulation.world.today
        for year in (BEGINS.year + 1, BEGINS.year + 2):
            await simulation.world.do(periods.create, periods.PeriodsCreate(year))
        await crediting.founded(simulation.world)
        await staffing.founded(simulation.world)
        await planning.founded(simulation.world)
        return simulation

    async def run(self) -> None:
        """Live through it. Raises AssertionError with seed, number and last acts for an internal error or a broken invariant."""
        try:
            await self._live()
        except Exception as error:
            journal = "\n".join(self.world.journal[-LAST_ACTS:])
            replay = f"SPM_SEED={self.seed} SPM_ACTS={self.acts}"
            raise AssertionError(
                f"{replay} broke at act {self.number}: {error}\n\nProblems of runs: {dict(self.problems)}\n\nThe last acts were:\n{journal}"
            ) from error

    async def _live(self) -> None:
        world = self.world
        for number in range(1, self.acts + 1):
            self.number = number
            day = BEGINS + min(timedelta(days=1) / ACTS_A_DAY, (ENDS - BEGINS) / self.acts) * number
            if month_of(day) != month_of(world.today):
                await self._month_ends(month_of(world.today), day)
            world.today = day
            (act,) = world.dice.choices(list(ACTS), list(ACTS.values()))
            await act(world)
            async with world.company.database.transaction() as tx:
                await tx.execute("set local plan_cache_mode = force_generic_plan")  # to plan them takes longer than to look
                touched = await Touched.after(tx, self.checked)
                await require(tx, INVARIANTS, touched)
                await require(tx, told(touched.nouns), touched)
            self.checked = touched.until
        await self.look()

    async def _month_ends(self, month: str, day: object) -> None:
        """Settle a month, sometimes late, and look at everything."""
        world = self.world
        world.today = world.today.replace(day=1) + timedelta(days=32)
        world.today = world.today.replace(day=1)
        await titles.turn_of_day(world.company.database)
        foretold = await self.estimates_foretell(month)
        if world.chance(0.9):
            await paying.decide_all(world)
        if world.chance(0.7):
            for open_month in [row["name"] for row in await world.company.rows(OPEN, today=world.today)]:
                await world.do(periods.close, periods.PeriodClose(PeriodRef(name=open_month)))
        await self.nothing_changes_without_a_reason(month, foretold, in_full=month.endswith(("06", "12")))
        await self.look()

    async def look(self) -> None:
        """Check everything."""
        async with self.world.company.database.transaction() as tx:
            await require(tx, {**INVARIANTS, **told(await audited(tx))}, await Touched.after(tx, 0))
            await self.archive.unchanged(tx)
        await self.credits_follow_from_facts()
        await self.nobody_is_told_of_others()
        self.checked = self.archive.position

    async def estimates_foretell(self, month: str) -> bool:
        """What is estimated is what a run of the month books; whether one was posted that left nobody out."""
        world = self.world
        await caught_up(world.company.database, TYPES)
        rows = await world.company.rows(ESTIMATED, month=month)
        unknown = {row["rep_id"] for row in rows if row["problem"]}
        foreseen = {(row["rep_id"], row["component_id"]): row["amount"] for row in rows if row["amount"]}
        run_id = await paying.start(world, month)
        if run_id is None or await paying.post(world, run_id) is None:
            return False
        left_out = await self._apart(run_id)
        apart = unknown | left_out
        booked = {(row["rep_id"], row["component_id"]): row["amount"] for row in await world.company.rows(BOOKED, month=month)}
        differ = {key: (foreseen.get(key), booked.get(key)) for key in foreseen.keys() | booked.keys() if key[0] not in apart}
        if wrong := {key: pair for key, pair in sorted(differ.items()) if pair[0] != pair[1]}:
            raise Broken(f"estimates are what a run then books, but of {month} (rep, component): (estimated, booked) is {wrong}")
        return not left_out

    async def nothing_changes_without_a_reason(self, month: str, foretold: bool, in_full: bool) -> None:
        """Calculated again, in full, over other shards and however often it is posted, a month adds nothing."""
        world = self.world
        if in_full:
            async with world.company.database.transaction() as tx:
                position = await clock.tick(tx, "simulation", "touch")
                reps = [row["id"] for row in await tx.rows("select id from rep order by id")]
                await touches.record(tx, position, [(rep_id, Span(BEGINS, ENDS + timedelta(days=366))) for rep_id in reps])
        run_id = await paying.start(world, month)
        assert run_id is not None
        changes = await world.company.rows(CHANGES, run=run_id)
        if changes and foretold:
            raise Broken(f"calculated again, in full: {in_full}, {month} changes nothing, but:\n" + _lines(changes))
        if not in_full or await paying.post(world, run_id) is None:
            return
        again = await paying.start(world, month)
        assert again is not None
        apart = await self._apart(run_id) | await self._apart(again)
        changes = [row for row in await world.company.rows(CHANGES, run=again) if row["rep_id"] not in apart]
        if changes:
            raise Broken(f"{month} posted twice adds nothing, but:\n" + _lines(changes))

    async def _apart(self, run_id: int) -> set[int]:
        """Who is left out of a run, and who could not be calculated."""
        (row,) = await self.world.company.rows("select excluded from run where id = :run", run=run_id)
        failed = await self.world.company.rows("select rep_id, message from run_problem where run_id = :run", run=run_id)
        self.problems.update(row["message"] for row in failed)
        return {*row["excluded"], *(each["rep_id"] for each in failed)}

    async def credits_follow_from_facts(self) -> None:
        """Made again from the facts, every credit is what it is."""
        async with self.world.company.database.engine.connect() as connection, connection.begin() as undone:
            tx = Transaction(connection, self.world.today)
            position = await clock.tick(tx, "simulation", "recredit")
            ids = [row["id"] for row in await tx.rows("select id from transaction order by id")]
            changed = await recredit(tx, position, ids)
            rows = await tx.rows(
                "select * from credit where :position in (made_position, superseded_position) limit 10", {"position": position}
            )
            await undone.rollback()
        if changed:
            raise Broken(f"credits follow from the facts, but {changed} would be others:\n" + "\n".join(map(str, rows)))

    async def nobody_is_told_of_others(self) -> None:
        """Of a rep's events only those above it learn, by the database's rule, in memory, and by hand."""
        world = self.world
        rows = await world.company.rows(
            "select rep_id, manager_id from reporting_line where effective @> cast(:day as date)", day=world.today
        )
        manager_of = {row["rep_id"]: row["manager_id"] for row in rows}
        lines = await Lines.read(world.company.database)
        reps = [row["id"] for row in await world.company.rows("select id from rep order by id")]
        asked = world.dice.sample(reps, min(4, len(reps)))
        for rep_id in asked:
            actor = Actor("somebody", rep_id, frozenset())
            seen = VISIBLE_REP.format(rep=f"cast({rep_id} as bigint)", today=f"date '{world.today}'")
            rule = visible("event", actor.grants)
            assert rule is not None, "nobody without grants sees everything"
            rows = await world.company.rows(
                f"with {seen} select distinct rep_id from event where rep_id is not null and {rule.replace('{row}', 'event')}"
            )
            told = {row["rep_id"] for row in rows}
            wanted = {other for other in reps if self._is_above(rep_id, other, manager_of)}
            in_memory = {other for other in reps if tells(actor, "EarningsPosted", other, lines)}
            if not told <= wanted or in_memory != wanted:
                raise Broken(f"rep {rep_id} may see {sorted(wanted)}, but is told of {sorted(told)}, in memory of {sorted(in_memory)}")

    def _is_above(self, rep_id: int, other: int, manager_of: dict[int, int]) -> bool:
        at: int | None = other
        while at is not None and at != rep_id:
            at = manager_of.get(at)
        return at == rep_id
