"""Plugins that misbehave: the run says whose, where and for whom, others are paid, and what was booked stays."""

from __future__ import annotations

import asyncio
import decimal
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from threading import Event
from typing import Any, cast

import pytest

from spm_graph.domain.problem import Refused
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Line, Performance, Step
from tests.company import Company, Flat

PATIENCE_SECONDS = 20
begun, released, ended = Event(), Event(), Event()
mood: list[Callable[[Performance], Iterable[Line]]] = []


@dataclass(frozen=True)
class Moody:
    """Do whatever the mood is."""

    rate: Decimal

    def __post_init__(self) -> None:
        if mood and mood[-1] is undecodable:
            raise ValueError("the rate is not what it was")

    def earn(self, performance: Performance) -> Iterable[Line]:
        """As the mood is."""
        return mood[-1](performance)


@dataclass(frozen=True)
class Thirds:
    """Pay a third of what is credited, three times over: 28 digits would not do."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line."""
        third = performance.credited / 3
        yield Line("thirds", (Step("three thirds", third * 3),))


def line(*steps: Step, key: str = "moody", **more: Any) -> Line:
    """A line of these steps."""
    return Line(key, steps, **more)


def fine(performance: Performance) -> Iterable[Line]:
    """What was paid before."""
    yield line(Step("fine", performance.credited))


def raises(performance: Performance) -> Iterable[Line]:
    """An error whose text can't be stored."""
    raise RuntimeError("bad \x00 luck")


def raises_unspeakably(performance: Performance) -> Iterable[Line]:
    """An error that fails to say what it is."""

    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise ValueError

    raise Unspeakable


def exits(performance: Performance) -> Iterable[Line]:
    """An end of the program."""
    raise SystemExit(3)


def loops(performance: Performance) -> Iterable[Line]:
    """A loop for ever, which catches what comes."""
    while True:
        try:
            while True:
                pass
        except Exception:
            continue


def loops_yielding(performance: Performance) -> Iterable[Line]:
    """Lines for ever."""
    return (line(Step("again", Decimal(1)), key=str(number)) for number in itertools.count())


def returns_nan(performance: Performance) -> Iterable[Line]:
    """No number."""
    return [line(Step("nan", Decimal("NaN")))]


def returns_infinity(performance: Performance) -> Iterable[Line]:
    """No end."""
    return [line(Step("endless", Decimal(1), Decimal("Infinity")))]


def returns_a_float(performance: Performance) -> Iterable[Line]:
    """No exact number."""
    return [line(Step("float", cast(Decimal, 0.1)))]


def returns_none(performance: Performance) -> Iterable[Line]:
    """Nothing that could be gone through."""
    return cast(Iterable[Line], None)


def duplicates_keys(performance: Performance) -> Iterable[Line]:
    """Two lines of one name."""
    return [line(Step("one", Decimal(1))), line(Step("two", Decimal(2)))]


def pays_strange_credits(performance: Performance) -> Iterable[Line]:
    """A line for somebody else's deal."""
    return [line(Step("one", Decimal(1)), credits=("transaction_999:DIRECT",))]


def undecodable(performance: Performance) -> Iterable[Line]:
    """Nothing: the settings are refused before."""
    return []


@pytest.fixture
async def company(company: Company) -> Company:
    """Ana and Bo, both paid 5 %, and Ana by moods, too: January is posted in a good one, and a deal came late."""
    mood[:] = [fine]
    company.incentive_types = IncentiveTypes.of([Flat, Moody, Thirds, Slow], seconds=0.4)
    await company.hire("ana", "bo")
    await company.assign(await company.plan("Commission", ("commission", Flat(Decimal("0.05")))), "ana", "bo")
    await company.assign(await company.plan("Moods", ("mood", Moody(Decimal(1)))), "ana")
    for name in ("ana", "bo"):
        await company.won("1000", rep=name, on="2026-01-10")
    await company.run_and_post("2026-01")
    for name in ("ana", "bo"):
        await company.won("100", rep=name, on="2026-01-11")
    return company


@pytest.mark.parametrize(
    ("misbehaviour", "code", "said"),
    [
        (raises, "PLUGIN_FAILED", "RuntimeError: bad \N{REPLACEMENT CHARACTER} luck"),
        (raises_unspeakably, "PLUGIN_FAILED", "Unspeakable"),
        (exits, "PLUGIN_FAILED", "SystemExit: 3"),
        (loops, "PLUGIN_FAILED", "not done after 0.4 seconds"),
        (loops_yielding, "LINE_INVALID", "more than 100000 lines"),
        (returns_nan, "LINE_INVALID", 'line 1 "moody", step 1: its base is NaN, not a number of at most 20 digits before the point'),
        (
            returns_infinity,
            "LINE_INVALID",
            'line 1 "moody", step 1: its rate is Infinity, not a number of at most 20 digits before the point',
        ),
        (returns_a_float, "LINE_INVALID", 'line 1 "moody", step 1: its base is a float, not a Decimal'),
        (returns_none, "PLUGIN_FAILED", "TypeError: 'NoneType' object is not iterable"),
        (duplicates_keys, "LINE_INVALID", 'line 2 "moody": an earlier line has the same key'),
        (pays_strange_credits, "LINE_INVALID", "line 1 \"moody\": 'transaction_999:DIRECT' is no credit of the window"),
        (undecodable, "INVALID", "settings: the rate is not what it was"),
    ],
)
async def test_the_run_says_what_went_wrong_and_the_others_are_paid(company: Company, misbehaviour: Any, code: str, said: str) -> None:
    mood.append(misbehaviour)
    if misbehaviour is loops_yielding:
        company.incentive_types.seconds = 60
    run_id = await company.run("2026-01")
    problems = await company.rows("select code, message from run_problem where run_id = :run", run=run_id)
    where = f"mood (Moody of {__name__}) of Ana, window from 2026-01-01: "
    assert [tuple(row.values()) for row in problems] == [(code, where + said)]
    with pytest.raises(Refused, match="1 problems are open, of Ana"):
        await company.post(run_id)
    await company.exclude(run_id, "ana")
    await company.post(run_id)
    assert [await company.earned(name, "2026-01") for name in ("ana", "bo")] == [Decimal("1050.00"), Decimal("55.00")]
    mood.append(fine)
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("1155.00")


async def test_a_package_that_is_removed_leaves_what_it_paid(company: Company) -> None:
    installed = company.incentive_types
    company.incentive_types = IncentiveTypes.of([Flat])
    run_id = await company.run("2026-01")
    (problem,) = await company.rows("select code, message from run_problem")
    where = f"mood (Moody of {__name__}) of Ana, window from 2026-01-01"
    assert tuple(problem.values()) == ("PLUGIN_MISSING", f"{where}: no installed package brings Moody")
    await company.exclude(run_id, "ana")
    await company.post(run_id)
    assert [await company.earned(name, "2026-01") for name in ("ana", "bo")] == [Decimal("1050.00"), Decimal("55.00")]
    company.incentive_types = installed
    await company.run_and_post("2026-01")
    assert await company.earned("ana", "2026-01") == Decimal("1155.00")


async def test_a_context_that_a_plugin_changes_is_its_own(company: Company) -> None:
    def careless(performance: Performance) -> Iterable[Line]:
        decimal.getcontext().prec = 2
        decimal.getcontext().rounding = decimal.ROUND_UP
        return [line(Step("careless", performance.credited, Decimal("1.234")))]

    mood.append(careless)
    await company.assign(await company.plan("Thirds", ("thirds", Thirds())), "ana")
    await company.run_and_post("2026-01")
    # The steps are multiplied as they are, and who comes behind has sixty digits.
    booked = await company.rows("select key, sum(amount) as amount from earning join rep on rep.id = rep_id where name = 'Ana' group by 1")
    assert {row["key"]: row["amount"] for row in booked} == {
        "commission": Decimal("55.00"),
        "moody": Decimal("1357.40"),
        "thirds": Decimal("1100.00"),
    }


async def test_what_it_is_given_can_not_be_changed(company: Company) -> None:
    def meddling(performance: Performance) -> Iterable[Line]:
        cast(dict[str, str], performance.credits[0].attributes)["account"] = "mine"
        return []

    mood.append(meddling)
    await company.run("2026-01")
    (problem,) = await company.rows("select message from run_problem")
    assert problem["message"].endswith("TypeError: 'mappingproxy' object does not support item assignment")


@dataclass(frozen=True)
class Slow:
    """Pay 5 % of what is credited, once it is let."""

    def earn(self, performance: Performance) -> Iterable[Line]:
        """One line."""
        begun.set()
        released.wait(PATIENCE_SECONDS)
        ended.set()
        yield Line("commission", (Step("5 %", performance.credited, Decimal("0.05")),))


async def test_a_query_is_answered_while_a_plugin_calculates(company: Company) -> None:
    company.incentive_types.seconds = 60
    await company.assign(await company.plan("Slow", ("commission", Slow())), "bo")
    running = asyncio.create_task(company.run_and_post("2026-01"))
    while not begun.is_set():
        await asyncio.sleep(0.01)
    assert await company.database.pool.fetchval("select 1") == 1
    assert not ended.is_set()
    released.set()
    await running
    assert await company.earned("bo", "2026-01") == Decimal("110.00")
