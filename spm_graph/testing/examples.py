"""Worked examples: settings, what was credited, and what that pays, in a file that a compensation team can read and write.

    about = "5 % up to 10,000, 7 % up to 25,000, 10 % above"
    incentiveType = "TieredCommission"
    credits = [30000]

    [settings]
    tiers = [
        { starts = 0, rate = 0.05 },
        { starts = 10000, rate = 0.07 },
        { starts = 25000, rate = 0.1 },
    ]

    [pays]
    total = 2050.00
    lines = { commission = 2050.00 }
    steps = { commission = [500, 1050, 500] }

Settings have the names of the schema. A credit is a number, or a table of what is known of it: `id`, `on`, `amount`, `units`,
`corrects`, `product`, `opportunity`, `sourceRep`, `measure`, `role`, `share`, `attributes`. A table `[window]` can set `starts`,
`ends`, `currency`, `quota`, `targetVariable`, `units` and `creditedBefore`, and `[earned]` what earlier components paid, as
`base = { commission = 100 }`. Numbers are exact: no digit is lost.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from spm_graph.domain.earning import StagedLine, staged
from spm_graph.domain.problem import Refused
from spm_graph.domain.written import plain
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Credit, IncentiveType, Line, Performance, Step

KNOWN = {"about", "source", "incentiveType", "settings", "credits", "window", "earned", "pays"}
KNOWN_OF_WINDOW = {"starts", "ends", "currency", "quota", "targetVariable", "units", "creditedBefore"}
KNOWN_OF_CREDIT = {
    *("id", "on", "amount", "units", "measure", "role", "share"),
    *("product", "opportunity", "sourceRep", "corrects", "attributes"),
}
KNOWN_OF_PAYS = {"total", "lines", "steps"}


@dataclass(frozen=True)
class Example:
    """One worked example."""

    name: str
    incentive_type: IncentiveType
    types: IncentiveTypes
    performance: Performance
    pays: Mapping[str, Any]

    def evaluated(self) -> list[StagedLine]:
        """The lines as they would be booked."""
        return evaluated(self.incentive_type, self.performance)

    def differences(self) -> list[str]:
        """What is paid otherwise than the example says, a sentence each; none if all is as it should be."""
        lines = {line.key: line for line in self.evaluated()}
        found: list[str] = []
        total = sum((line.amount for line in lines.values()), Decimal(0))
        if "total" in self.pays and total != self.pays["total"]:
            found.append(f"the total is {total}, not {self.pays['total']}")
        expected = self.pays.get("lines")
        if expected is not None:
            found += [f"a line {key} of {lines[key].amount} is paid, too" for key in lines if key not in expected]
            found += [f"no line {key} is paid" for key in expected if key not in lines]
            both = [key for key in lines if key in expected]
            found += [f"line {key} is {lines[key].amount}, not {expected[key]}" for key in both if lines[key].amount != expected[key]]
        for key, amounts in self.pays.get("steps", {}).items():
            steps = [step.amount for step in lines[key].steps] if key in lines else []
            if steps != amounts:
                found.append(f"the steps of {key} are {_listed(steps) or 'missing'}, not {_listed(amounts)}")
        return found


def _listed(amounts: Iterable[int | Decimal]) -> str:
    return ", ".join(plain(Decimal(amount)) for amount in amounts)


def evaluated(incentive_type: IncentiveType, performance: Performance) -> list[StagedLine]:
    """What an incentive type earns with a performance, as it would be booked."""
    return staged((each, incentive_type.earn(each)) for each in [performance])


def read_example(path: Path, types: IncentiveTypes | None = None) -> Example:
    """The worked example of a TOML file, of an installed incentive type unless `types` are given.

    Raises ValueError, with the file's name, for what is not as it should be.
    """
    types = types or IncentiveTypes.discover()
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        _known(written, KNOWN, "")
        _known(written.get("pays", {}), KNOWN_OF_PAYS, "pays.")
        if not written.get("pays"):
            raise ValueError("[pays] must say a total, lines or steps")
        settings = types.decode(written["incentiveType"], written.get("settings", {}), ["settings"])
        return Example(path.stem, settings, types, _performance(written), written["pays"])
    except Refused as refused:
        said = "; ".join(f"{'.'.join(problem.path)}: {problem.message}" for problem in refused.problems)
        raise ValueError(f"{path.name}: {said}") from refused
    except KeyError as error:
        raise ValueError(f"{path.name}: {error.args[0]} is missing") from error
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _performance(written: Mapping[str, Any]) -> Performance:
    window = written.get("window", {})
    _known(window, KNOWN_OF_WINDOW, "window.")
    starts = window.get("starts", date(2026, 1, 1))
    units = bool(window.get("units", False))
    given = [_credit(number, each, starts, units) for number, each in enumerate(written.get("credits", []), start=1)]
    return Performance(
        rep_id="rep_1",
        starts=starts,
        ends=window.get("ends", date(starts.year + starts.month // 12, starts.month % 12 + 1, 1)),
        currency=window.get("currency", "USD"),
        credits=in_order(given),
        credited_before=Decimal(window.get("creditedBefore", 0)),
        quota=Decimal(window["quota"]) if "quota" in window else None,
        units=units,
        target_variable=Decimal(window["targetVariable"]) if "targetVariable" in window else None,
        earned={
            name: tuple(Line(key, (Step("earned before", Decimal(amount)),)) for key, amount in lines.items())
            for name, lines in written.get("earned", {}).items()
        },
    )


def in_order(credits: list[Credit]) -> tuple[Credit, ...]:  # noqa: A002 - the field is called so
    """Credits as the core hands them over: by date, and by id on the same day."""
    return tuple(sorted(credits, key=lambda credit: (credit.on, credit.id)))


def _credit(number: int, given: Any, starts: date, units: bool) -> Credit:
    known: Mapping[str, Any] = {"units" if units else "amount": given} if isinstance(given, (int, Decimal)) else given
    _known(known, KNOWN_OF_CREDIT, "credits.")
    return Credit(
        id=known.get("id", f"credit {number:03}"),
        on=known.get("on", starts),
        amount=Decimal(known.get("amount", 0)),
        units=Decimal(known.get("units", 0)),
        measure=known.get("measure", "bookings"),
        role=known.get("role", "DIRECT"),
        share=Decimal(known.get("share", 1)),
        product=known.get("product"),
        opportunity=known.get("opportunity"),
        source_rep=known.get("sourceRep"),
        corrects=known.get("corrects"),
        attributes=known.get("attributes", {}),
    )


def _known(given: Mapping[str, Any], known: set[str], where: str) -> None:
    if strange := sorted(set(given) - known):
        raise ValueError(f"{where}{strange[0]} is unknown; known are {', '.join(sorted(known))}")
