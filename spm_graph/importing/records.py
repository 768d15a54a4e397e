"""Records given inline, by integrators who have no files: the same import, with problems that say which record and field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from spm_graph.actions.result import IdempotencyKey, Result
from spm_graph.domain.money import quantum
from spm_graph.domain.problem import Problem, ProblemCode
from spm_graph.domain.terms import ForecastCategory, Outcome
from spm_graph.incentive_types.shape import camel
from spm_graph.store.database import Transaction
from spm_graph.store.visibility import Actor

from .load import load_records
from .nouns import NOUNS, Noun
from .report import BadCell, Report
from .rows import BadRow, Batch, Row


@dataclass(frozen=True)
class RepRecord:
    """A rep as another system has them."""

    external_id: Annotated[str, "The rep's key there."]
    name: Annotated[str, "The rep's name."]
    email: Annotated[str | None, "Where the rep is written to."] = None
    title: Annotated[str | None, "The rep's job title."] = None
    office: Annotated[str | None, "The office that the rep works from."] = None
    hired_on: Annotated[date | None, "The first day of employment."] = None
    left_on: Annotated[date | None, "The first day no longer employed."] = None
    manager: Annotated[str | None, "The key of the rep whom they report to."] = None


@dataclass(frozen=True)
class AccountRecord:
    """An account as another system has it."""

    external_id: Annotated[str, "The account's key there."]
    name: Annotated[str, "The account's name."]
    industry: Annotated[str | None, "What it does for a living."] = None
    country: Annotated[str | None, "Where it is."] = None
    parent: Annotated[str | None, "The key of the account that it belongs to."] = None


@dataclass(frozen=True)
class ProductRecord:
    """A product as another system has it."""

    external_id: Annotated[str, "The product's key there."]
    name: Annotated[str, "The product's name."]
    family: Annotated[str | None, "The family of products that it belongs to."] = None
    list_price: Annotated[Decimal | None, "What one unit costs without a discount, in the company's currency."] = None


@dataclass(frozen=True)
class OpportunityRecord:
    """An opportunity as another system has it."""

    external_id: Annotated[str, "The opportunity's key there."]
    name: Annotated[str, "What the deal is called."]
    owner: Annotated[str, "The key of the rep who owns it."]
    stage: Annotated[str, "The sales stage that it is in."]
    forecast_category: Annotated[ForecastCategory, "How sure the owner is."]
    probability: Annotated[Decimal, "How likely it is to be won: 0.3 is 30 %."]
    account: Annotated[str | None, "The key of the customer's account."] = None
    product: Annotated[str | None, "The key of the product that is sold."] = None
    amount: Annotated[Decimal | None, "What the customer would pay, in the company's currency; needed to win."] = None
    list_amount: Annotated[Decimal | None, "What it would cost without a discount."] = None
    stage_since: Annotated[date | None, "The day on which it came into its stage, for the history of its stages."] = None
    opened_on: Annotated[date | None, "The day on which it was opened."] = None
    expected_close_on: Annotated[date | None, "The day on which it is expected to close."] = None
    closed_on: Annotated[date | None, "The day on which it closed."] = None
    outcome: Annotated[Outcome | None, "How it ended; none: it is open."] = None
    revision: Annotated[int | None, "The other system's revision of the record: an older one than stored is ignored."] = None


Record = RepRecord | AccountRecord | ProductRecord | OpportunityRecord


@dataclass(frozen=True)
class RecordsImport:
    """Records of other systems, each as it should be: made if the key is new, changed where it differs."""

    reps: Annotated[tuple[RepRecord, ...], "Reps; they may name each other as managers."] = ()
    accounts: Annotated[tuple[AccountRecord, ...], "Accounts; they may name each other as parents."] = ()
    products: Annotated[tuple[ProductRecord, ...], "Products."] = ()
    opportunities: Annotated[tuple[OpportunityRecord, ...], "Opportunities; they may name what is stored, or what is given here."] = ()
    strict: Annotated[bool, "Load nothing if any record is bad; without it, the good ones are loaded."] = False
    idempotency_key: IdempotencyKey = None


async def import_records(tx: Transaction, actor: Actor, command: RecordsImport) -> Result:
    """Load records; every bad one is a problem that says which and why. What says what is stored changes nothing."""
    currency = str(await tx.scalar("select currency from company"))
    given: dict[str, Sequence[Record]] = {name: getattr(command, name) for name in NOUNS}
    batches = [_batch(NOUNS[name], records, currency) for name, records in given.items() if records]
    # Whom reps report to and what they are called holds from their first day, however long ago that is.
    hired = min((each.hired_on for each in command.reps if each.hired_on), default=None)
    report = await load_records(tx, actor, batches, currency=currency, effective_from=hired, strict=command.strict)
    problems = tuple(_problem(cell) for cell in report.bad)
    return Result(report.position, {"counts": _counts(report)}, problems)


def _batch(noun: Noun, records: Sequence[Record], currency: str) -> Batch:
    names = [field.name for field in fields(records[0])]
    columns = {name: camel(name) for name in names}
    rows = [_row(noun, index, record, names, quantum(currency)) for index, record in enumerate(records)]
    return Batch(noun, noun.name, columns, tuple(names), rows)


def _row(noun: Noun, index: int, record: Record, names: Sequence[str], unit: Decimal) -> Row | BadRow:
    faults = tuple(BadCell(noun.name, index, camel(name), value, what, expected) for name, value, what, expected in _faults(record, unit))
    if faults:
        return BadRow(index, record.external_id or None, faults)
    return Row(index, tuple(getattr(record, name) for name in names))


def _faults(record: Record, unit: Decimal) -> Iterator[tuple[str, str, str, str]]:
    for name in ("external_id", "name", "stage"):
        if not str(getattr(record, name, "x")).strip():
            yield name, "", name.replace("_", " "), "a value"
    for name in ("amount", "list_amount", "list_price"):
        amount = getattr(record, name, None)
        if amount is not None and (amount < 0 or amount % unit):
            yield name, str(amount), "amount", f"zero or more, in steps of {unit}"
    if isinstance(record, RepRecord) and record.hired_on and record.left_on and record.left_on <= record.hired_on:
        yield "left_on", str(record.left_on), "day of leaving", f"a day after {record.hired_on}, the day of hiring"
    if isinstance(record, OpportunityRecord):
        if not 0 <= record.probability <= 1:
            yield "probability", str(record.probability), "probability", "0 to 1"
        if (record.outcome is None) != (record.closed_on is None):
            yield "closed_on", str(record.closed_on or ""), "day of closing", "one where there is an outcome, and none where there is none"
        if record.outcome is Outcome.WON and record.amount is None:
            yield "amount", "", "amount", "what was won, because the outcome is WON"


def _problem(cell: BadCell) -> Problem:
    path = (cell.file, str(cell.line), *([cell.column] if cell.column else []))
    return Problem(ProblemCode.INVALID, f'"{cell.value}" is no {cell.what}; expected {cell.expected}', path)


def _counts(report: Report) -> list[dict[str, Any]]:
    names = ("read", "new", "changed", "unchanged", "stale", "bad")
    return [{"noun": noun, **{name: getattr(count, name) for name in names}} for noun, count in report.counts.items() if count.read]
