"""A worked example as a statement that people read: what was earned, step by step, and whether that is what it says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from spm_graph.domain.earning import StagedLine
from spm_graph.domain.money import quantum
from spm_graph.domain.written import plain
from spm_graph.plugin import Performance

from .examples import Example

Row = tuple[str, str, str]
"""What a row says, how it is calculated, and what it comes to."""


def shown(example: Example) -> str:
    """The statement of an example, of a contest each rep's: lines with their steps, the total, and what differs from what it says."""
    first = example.performance
    said = f"{example.name}: {type(example.incentive_type).__name__} from {first.starts} until {first.ends}"
    statements = [_statement(each, lines) for each, lines in zip(example.performances, example.evaluated_by_rep().values(), strict=True)]
    if example.is_contest:
        statements = [f"{each.rep_id}, {_quota(each)}\n{table}" for each, table in zip(example.performances, statements, strict=True)]
        heading = f"{said}, {len(statements)} entrants"
    else:
        heading = f"{said}, {_quota(first)}"
    differences = example.differences()
    verdict = "\n".join(["It does not pay what it says:", *(f"  {difference}" for difference in differences)])
    return "\n\n".join([heading, *statements, verdict if differences else "It pays what it says."])


def _quota(performance: Performance) -> str:
    return "no quota" if performance.quota is None else f"quota {plain(performance.quota)}"


def _statement(performance: Performance, lines: list[StagedLine]) -> str:
    total = sum((line.amount for line in lines), Decimal(0))
    rows = [*_rows(lines), ("total", "", f"{_money(total, performance.currency)} {performance.currency}")]
    said, how, amount = (max(len(row[column]) for row in rows) for column in range(3))
    return "\n".join(f"  {row[0]:{said}}  {row[1]:>{how}}  {row[2]:>{amount}}".rstrip() for row in rows)


def _rows(lines: list[StagedLine]) -> Iterator[Row]:
    for line in lines:
        yield line.key, "", f"{_money(line.amount, line.currency)} {line.currency}"
        for step in line.steps:
            how = "" if step.rate == 1 else f"{plain(step.base)} at {plain(step.rate)} ="
            yield f"  {step.says}", how, f"{_money(step.amount, line.currency)}    "
    if not lines:
        yield "nothing is earned", "", ""


def _money(amount: Decimal, currency: str) -> str:
    """An amount with the digits that its currency has, or all of its own where a step has more."""
    rounded = amount.quantize(quantum(currency))
    return plain(amount) if rounded != amount else f"{rounded:f}"
