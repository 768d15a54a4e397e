"""Load records: stage them, compare, tick once, and write only what differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from spm_graph.actions import crediting, periods, products, reps
from spm_graph.actions.deals import DESCRIBING
from spm_graph.actions.titles import Retitled, catch_up
from spm_graph.actions.titles import follow as retitle
from spm_graph.domain.problem import ProblemCode, refuse
from spm_graph.domain.terms import Grant, Role
from spm_graph.store import clock
from spm_graph.store.database import Database, Transaction
from spm_graph.store.visibility import Actor

from . import lines, orders, titles
from .changes import Comparison
from .mapping import Mapping
from .nouns import OPPORTUNITIES, PRODUCTS, REPS
from .report import Report
from .rows import Batch, batches
from .staging import Progress, Staged, stage


class _Undo(Exception):
    """Leaves the transaction so that nothing of it stays."""


def silent(phase: str, done: int) -> None:
    """Progress that nobody wants to know."""


async def load(
    database: Database,
    actor: Actor,
    mapping: Mapping,
    folder: Path,
    *,
    strict: bool = False,
    dry_run: bool = False,
    changes_from: date | None = None,
    progress: Progress = silent,
) -> Report:
    """Load an export's files, all in one transaction. `dry_run` does everything and then undoes it.

    Raises ExportUnreadable for missing files and wrong headers. For the rest see `load_records`.
    """
    prepared = batches(mapping, folder)
    try:
        async with database.transaction() as tx:
            report = await load_records(
                tx,
                actor,
                prepared,
                currency=mapping.currency,
                effective_from=mapping.effective_from,
                strict=strict,
                changes_from=changes_from,
                progress=progress,
            )
            if dry_run:
                raise _Undo
    except _Undo:
        report.dry_run, report.position = True, None
    return report


async def load_records(
    tx: Transaction,
    actor: Actor,
    given: Sequence[Batch],
    *,
    currency: str,
    effective_from: date | None = None,
    changes_from: date | None = None,
    strict: bool = False,
    progress: Progress = silent,
) -> Report:
    """Load records from anywhere. The good ones are loaded and the bad ones reported; `strict` loads none if any is bad.

    Records that say what is stored change nothing, and if none says anything else the clock does not tick. Records that
    are not given stay as they are, and so do fields that a batch doesn't have. Opportunities bring their orders and
    credits along, and the periods that these need.

    A rep's first reporting line holds from `effective_from`, or from the day of hiring if that is later; the default is
    the first of January of the earliest date of an opportunity given. A manager who changes does so from
    `changes_from` on, by default today; deals since then are credited to the new one. Titles begin and change alike.

    Refuses with NOT_PERMITTED an actor without the grants IMPORT and SEE_ALL, and PLAN where reps are given, with
    CURRENCY_MISMATCH another currency than the company's, and with CYCLE reps who would have reported to themselves.
    """
    for grant in (Grant.IMPORT, Grant.SEE_ALL, *([Grant.PLAN] if any(batch.noun is REPS for batch in given) else [])):
        actor.require(grant)
    company = await tx.scalar("select currency from company")
    if currency != company:
        message = f"the records are in {currency}, the company's currency is {company}, and there are no rates to convert by"
        raise refuse(ProblemCode.CURRENCY_MISMATCH, message, ["currency"])
    report = Report(currency)
    staged = await stage(tx, given, report, progress)
    deals = next((item.table for item in staged if item.batch.noun is OPPORTUNITIES), None)
    if deals:
        won = f"from {deals} where outcome = 'WON'"
        report.won_deals = await tx.scalar(f"select count(*) {won}")
        report.won_amount = await tx.scalar(f"select coalesce(sum(amount), 0) {won}")
    if strict and report.bad:
        report.refused = True
        return report
    progress("comparing", 0)
    comparisons = [(item.batch.noun, Comparison.of(item)) for item in staged]
    since = effective_from or await _first_year(tx, deals), changes_from or tx.today
    if (
        any([await comparison.anything(tx) for _, comparison in comparisons])
        or await _lines_due(tx, staged, *since)
        or await _titles_due(tx, staged, *since)
    ):
        report.position = await clock.tick(tx, actor.name, "recordsImport")
        # From here on, what is compared with is what others committed while this transaction waited for the clock.
        regrouped: list[int] = []
        described: set[int] = set()
        rehired: set[int] = set()
        for noun, comparison in comparisons:
            progress(f"writing {noun.name}", 0)
            if noun is OPPORTUNITIES:
                await orders.remember(tx, comparison)
                described = {deal for name in DESCRIBING for deal in await comparison.changing(tx, name)}
            if noun is REPS:
                rehired = {*await comparison.changing(tx, "hired_on"), *await comparison.changing(tx, "left_on")}
            if noun is PRODUCTS:
                regrouped = await comparison.changing(tx, "family")
            await comparison.write(tx, currency, report.counts[noun.name])
        await reps.employed_otherwise(tx, report.position, rehired)
        retitled = await _titles_due(tx, staged, *since)
        report.titles_set = len(retitled)
        await retitle(tx, report.position, retitled)
        await catch_up(tx)
        due = await _lines_due(tx, staged, *since)
        report.reporting_lines_set = len(due)
        moved = set(await lines.follow(tx, due)) if due else set()
        touched = set(moved)
        touched |= set(await products.sold(tx, regrouped)) if regrouped else set()
        if deals:
            touched |= await orders.follow(tx, report)
            await orders.announce(tx, report.position)
        await _credit(tx, report, touched, progress)
        await crediting.described_otherwise(tx, report.position, moved, [Role.ROLLUP])
        if described:
            await crediting.described_otherwise(tx, report.position, await orders.sold(tx, described))
    return report


async def _first_year(tx: Transaction, deals: str | None) -> date:
    """The first of January of the earliest date of a deal, or of this year."""
    earliest = await tx.scalar(f"select min(least(opened_on, expected_close_on, closed_on)) from {deals}") if deals else None
    return (earliest or tx.today).replace(month=1, day=1)


async def _lines_due(tx: Transaction, staged: Sequence[Staged], effective_from: date, changes_from: date) -> list[lines.Due]:
    tables = [item.table for item in staged if item.batch.noun is REPS and "manager" in item.batch.fields]
    return [found for table in tables for found in await lines.due(tx, table, effective_from, changes_from)]


async def _titles_due(tx: Transaction, staged: Sequence[Staged], effective_from: date, changes_from: date) -> list[Retitled]:
    tables = [item.table for item in staged if item.batch.noun is REPS and "title" in item.batch.fields]
    return [found for table in tables for found in await titles.due(tx, table, effective_from, changes_from)]


async def _credit(tx: Transaction, report: Report, touched: set[int], progress: Progress) -> None:
    assert report.position is not None, "the clock has ticked"
    progress("crediting", len(touched))
    # Year by year, so that one deal dated far away by mistake does not fill the calendar up to there.
    years = "select distinct date_trunc('year', dated)::date as starts from transaction where id = any(:ids) order by 1"
    for year in await tx.rows(years, {"ids": sorted(touched)}):
        report.periods += await periods.ensure(tx, year["starts"], year["starts"])
    report.credits_changed = await crediting.recredit(tx, report.position, touched)
