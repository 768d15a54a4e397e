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

Settings have the names of the schema. A `rounding` beside `incentiveType` is that of the component: HALF_UP unless it is there.
What a rep did can say more, in any of these parts; `spm_graph.testing.performing` says
what is in each: `credits`, `[window]`, `[attainments]`, `[creditedIn]`, `[[goals]]` and `[earned]`, and of a window that a
change cut, `creditsBefore`, `creditsAfter` and `[earnedEarlier]`.

A contest has several reps. What is said outside of them holds for each, unless they say otherwise:

    [[entrants]]
    rep = "ana"
    credits = [300]

    [[entrants]]
    rep = "bo"
    credits = [200]

    [pays]
    reps = { ana = 1000, bo = 0 }

Numbers are exact: no digit is lost.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from spm_graph.domain.earning import StagedLine, awarded, staged
from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Rounding
from spm_graph.domain.written import plain
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.plugin import Contest, IncentiveType, Performance

from .performing import PARTS, performance, require_known

KNOWN = {"about", "source", "incentiveType", "rounding", "settings", "entrants", "pays", *PARTS}
KNOWN_OF_PAYS = {"total", "lines", "steps", "reps"}


@dataclass(frozen=True)
class Example:
    """One worked example: of one rep, or of all who are in a contest."""

    name: str
    incentive_type: IncentiveType | Contest
    types: IncentiveTypes
    performances: tuple[Performance, ...]
    pays: Mapping[str, Any]
    rounding: Rounding = Rounding.HALF_UP

    @property
    def performance(self) -> Performance:
        """What the rep did, or the first one in a contest."""
        return self.performances[0]

    @property
    def is_contest(self) -> bool:
        """Whether reps are judged against each other."""
        return hasattr(self.incentive_type, "award")

    def evaluated(self) -> list[StagedLine]:
        """The lines as they would be booked: of all, in order of rep."""
        return [line for lines in self.evaluated_by_rep().values() for line in lines]

    def evaluated_by_rep(self, performances: Sequence[Performance] | None = None) -> dict[str, list[StagedLine]]:
        """By rep, the lines as they would be booked, for what these did instead of what the example says if they are given."""
        told = self.performances if performances is None else performances
        if self.is_contest:
            return awarded(cast(Contest, self.incentive_type), told, self.rounding)
        apart = cast(IncentiveType, self.incentive_type)
        return {each.rep_id: staged(((one, apart.earn(one)) for one in [each]), self.rounding) for each in told}

    def differences(self) -> list[str]:
        """What is paid otherwise than the example says, a sentence each; none if all is as it should be."""
        by_rep = self.evaluated_by_rep()
        lines = {line.key: line for staged_lines in by_rep.values() for line in staged_lines}
        found: list[str] = []
        total = _total(line for staged_lines in by_rep.values() for line in staged_lines)
        if "total" in self.pays and total != self.pays["total"]:
            found.append(f"the total is {total}, not {self.pays['total']}")
        for rep, amount in self.pays.get("reps", {}).items():
            if _total(by_rep[rep]) != amount:
                found.append(f"{rep} is paid {_total(by_rep[rep])}, not {amount}")
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


def _total(lines: Iterable[StagedLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def _listed(amounts: Iterable[int | Decimal]) -> str:
    return ", ".join(plain(Decimal(amount)) for amount in amounts)


def read_example(path: Path, types: IncentiveTypes | None = None) -> Example:
    """The worked example of a TOML file, of an installed incentive type unless `types` are given.

    Raises ValueError, with the file's name, for what is not as it should be.
    """
    types = types or IncentiveTypes.discover()
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        require_known(written, KNOWN, "")
        require_known(written.get("pays", {}), KNOWN_OF_PAYS, "pays.")
        if not written.get("pays"):
            raise ValueError("[pays] must say a total, lines, steps or reps")
        settings = types.decode(written["incentiveType"], written.get("settings", {}), ["settings"])
        return Example(path.stem, settings, types, _performances(written, settings), written["pays"], _rounding(written))
    except Refused as refused:
        said = "; ".join(f"{'.'.join(problem.path)}: {problem.message}" for problem in refused.problems)
        raise ValueError(f"{path.name}: {said}") from refused
    except KeyError as error:
        raise ValueError(f"{path.name}: {error.args[0]} is missing") from error
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _rounding(written: Mapping[str, Any]) -> Rounding:
    given = written.get("rounding", Rounding.HALF_UP.name)
    require_known({given: None}, set(Rounding.__members__), "rounding ")
    return Rounding[given]


def _performances(written: Mapping[str, Any], settings: IncentiveType | Contest) -> tuple[Performance, ...]:
    shared = {name: written[name] for name in PARTS if name in written}
    if not hasattr(settings, "award"):
        if several := {"entrants", "reps"} & (written.keys() | written["pays"].keys()):
            raise ValueError(f"{sorted(several)[0]} are for contests, and {type(settings).__name__} is none")
        return (performance("rep_1", shared),)
    if by_key := {"lines", "steps"} & written["pays"].keys():
        raise ValueError(f"pays.{sorted(by_key)[0]} can't say whose they are in a contest: give reps")
    found = []
    for entrant in written["entrants"]:
        require_known(entrant, {"rep", *PARTS}, "entrants.")
        window = {**shared.get("window", {}), **entrant.get("window", {})}
        found.append(performance(entrant["rep"], {**shared, **entrant, "window": window}))
    if strange := written["pays"].get("reps", {}).keys() - {each.rep_id for each in found}:
        raise ValueError(f"pays.reps: {sorted(strange)[0]} is not among the entrants")
    return tuple(found)
