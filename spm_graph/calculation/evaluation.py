"""Evaluating windows: facts and incentive types in, lines or failures out. Nothing is read or written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby, islice
from typing import Any, NamedTuple, cast

from spm_graph.domain.earning import MOST_LINES, LineInvalid, StagedLine, awarded, staged
from spm_graph.domain.money import exactly
from spm_graph.domain.period import Span
from spm_graph.domain.problem import Problem, ProblemCode, Refused
from spm_graph.domain.written import UNSTORABLE
from spm_graph.incentive_types import IncentiveTypes, Read, reads
from spm_graph.plugin import Contest, IncentiveType, Line, Performance

from . import performing
from .earlier import Earlier, NotRead, Unread
from .facts import Facts
from .patience import TimeUp, Watch
from .precedence import Node, Place, Turn, turns
from .windows import Part, Window

LONGEST_MESSAGE = 2_000


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a window could not be evaluated."""

    code: ProblemCode
    message: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What came of a window: its lines, or why there are none."""

    window: Window
    lines: tuple[StagedLine, ...] = ()
    failure: Failure | None = None


class Settings(NamedTuple):
    """The settings of a form, what they were decoded from, and what they ask to be told."""

    config: Mapping[str, Any]
    instance: IncentiveType | Contest
    reads: Sequence[Read]


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds still from an earlier evaluation of facts that differ in few credits."""

    evaluated: Mapping[Window, Evaluated] = field(default_factory=dict)
    """Windows that nothing changed for."""
    performances: dict[tuple[Window, int], Performance] = field(default_factory=dict)
    """What contests are told of those of whom nothing else was read, by the form that judges."""
    settings: dict[int, Settings] = field(default_factory=dict)
    """The settings of forms."""


def evaluate(known: Facts, incentive_types: IncentiveTypes, standing: Standing | None = None) -> Iterator[Evaluated]:
    """Evaluate every window of the facts, in rounds, as the places of the components in their plans ask for.

    In even rounds, reps apart: components in plan order, shorter windows before longer ones. In odd ones, contests: all
    reps who are in one, of those that the facts are about, at once. What stands is not evaluated again. Raises NotRead for
    a contest that looks at what was not read of somebody.
    """
    with Watch(incentive_types.seconds) as watch:
        bench = _Bench(known, incentive_types, watch, standing or Standing())
        for number, windows in _rounds(known):
            settled = [bench.standing.evaluated[each] for each in windows if each in bench.standing.evaluated]
            due = [each for each in windows if each not in bench.standing.evaluated]
            for result in settled:
                bench.earlier[result.window.rep_id].add(result.window, result.lines)
            yield from settled
            for result in bench.judged(due) if number % 2 else map(bench.evaluated, due):
                bench.earlier[result.window.rep_id].add(result.window, result.lines)
                yield result


def _rounds(known: Facts) -> Iterator[tuple[int, Sequence[Window]]]:
    """The rounds in which windows are evaluated, in order, with the windows of each: rep by rep, each behind those that it reads.

    A contest has one place, also for those who left its plan before this took effect: judged in two rounds, its prizes would
    be given out twice.
    """
    forms = {window: parts[-1] for window in known.windows if (parts := known.parts(window))}
    found = turns(
        Place(Node(window.component_id, window.span, form.is_contest), form.version_id, form.order, form.round, form.during.starts)
        for window in forms
        for form in known.forms(window)
    )
    due: dict[Window, Turn] = dict.fromkeys(known.windows, Turn(0, 0))  # which is for those that nothing pays any more
    due |= {window: found[Node(window.component_id, window.span, form.is_contest)] for window, form in forms.items()}
    ordered = sorted(due, key=lambda each: (due[each].round, each.rep_id, due[each].number, each.component_id, each.span))
    for number, windows in groupby(ordered, key=lambda each: due[each].round):
        yield number, tuple(windows)


def _last_day(form: Part) -> date:
    """By which the later of two forms is known: an earlier one ends before a later one starts, whoever is paid by them."""
    return form.during.ends


class _Bench:
    """What is at hand while windows are evaluated: the facts, the settings decoded once, and what reps have earned so far."""

    def __init__(self, known: Facts, incentive_types: IncentiveTypes, watch: Watch, standing: Standing) -> None:
        self.known = known
        self.types = incentive_types
        self.watch = watch
        self.standing = standing
        self.earlier: Mapping[int, Earlier | Unread] = _Kept(lambda rep_id: Unread() if rep_id in known.unread else Earlier(known, rep_id))

    def evaluated(self, window: Window) -> Evaluated:
        """One rep's window of a component that pays reps apart."""
        # A contest that gave way to something else within its window was never decided.
        parts = [part for part in self.known.parts(window) if not part.is_contest]
        if not parts:
            return Evaluated(window)
        try:
            lines = self.watch.over(lambda: staged(self._earned(window, parts), parts[-1].rounding))
        except BaseException as error:  # a plugin may raise anything, and other reps go on
            return Evaluated(window, failure=self._failure(error, parts[-1], window))
        return Evaluated(window, tuple(lines))

    def _earned(self, window: Window, parts: Sequence[Part]) -> Iterator[tuple[Performance, Sequence[Line]]]:
        """What each part of a window earned; each is told what those before it did."""
        before: list[tuple[date, Decimal]] = []
        for part in parts:
            settings = self.settings(part)
            incentive_type = cast(IncentiveType, settings.instance)
            if part.during.starts == window.stretch(parts, part).starts:
                before.clear()
            for during in self.known.segments(window, part):
                performance = performing.in_part(self.known, window, part, during, settings.reads, self.earlier[window.rep_id])
                told = replace(performance, earned_before=self.known.total(window.rep_id, before, during.starts, units=False))
                with exactly():  # of its own: an incentive type may change the context that it runs in
                    lines = tuple(islice(incentive_type.earn(told), MOST_LINES + 1))
                if len(lines) > MOST_LINES:
                    raise LineInvalid(f"more than {MOST_LINES} lines")
                yield told, lines
                before += [(during.starts, line.amount) for line in lines]  # by now they are known to be fit

    def judged(self, windows: Sequence[Window]) -> Iterator[Evaluated]:
        """Contests, each with all of its entrants."""
        entrants: dict[tuple[int, Span], list[Window]] = defaultdict(list)
        for window in windows:
            entrants[window.component_id, window.span].append(window)
        for each in sorted(entrants.values(), key=lambda each: (self._form(each).order, each[0].span)):
            yield from self._contest(each)

    def _form(self, entrants: Sequence[Window]) -> Part:
        """The form of a contest by which all are judged."""
        return max((self.known.parts(window)[-1] for window in entrants), key=_last_day)

    def _contest(self, entrants: Sequence[Window]) -> Iterator[Evaluated]:
        """One contest, by the form in force last; who can't be told of is left out, and the others are judged."""
        form = self._form(entrants)
        performances: dict[str, tuple[Window, Performance]] = {}
        for window in entrants:
            try:
                with exactly():
                    told = self._entrant(window, form)
                performances[told.rep_id] = window, told
            except Exception as error:
                yield Evaluated(window, failure=self._failure(error, form, window))
        try:
            lines = self.watch.over(lambda: self._awarded(form, [told for _, told in performances.values()]))
        except NotRead:
            raise
        except BaseException as error:  # what was not judged whole was not judged for anybody
            for window, _ in performances.values():
                yield Evaluated(window, failure=self._failure(error, form, window))
        else:
            for rep_id, (window, _) in performances.items():
                yield Evaluated(window, tuple(lines[rep_id]))

    def _entrant(self, window: Window, form: Part) -> Performance:
        """What a contest is told of somebody; of those of whom nothing else was read, once."""
        place, kept = (window, form.form_id), self.standing.performances
        if place in kept:
            return kept[place]
        told = performing.in_contest(self.known, window, form, self.settings(form).reads, self.earlier[window.rep_id])
        if window.rep_id in self.known.unread:
            kept[place] = told
        return told

    def _awarded(self, form: Part, performances: Sequence[Performance]) -> Mapping[str, Sequence[StagedLine]]:
        return awarded(cast(Contest, self.settings(form).instance), performances, form.rounding) if performances else {}

    def settings(self, part: Part) -> Settings:
        """The settings of a form; raises Refused if they can't be decoded, or nobody can."""
        known = self.standing.settings.get(part.form_id)
        if known is None or known.config != part.config:
            instance = self.types.decode(part.incentive_type, part.config, ["settings"])
            known = Settings(part.config, instance, tuple(read for _, read in reads(instance)))
            self.standing.settings[part.form_id] = known
        return known

    def _failure(self, error: BaseException, part: Part, window: Window) -> Failure:
        """What went wrong, with whose package, in which component, and for whom."""
        installed = self.types.find(part.incentive_type)
        source = " ".join(filter(None, (installed.distribution, installed.version))) if installed else part.distribution
        where = (
            f"{part.name} ({part.incentive_type}{f' of {source}' if source else ''}) of {window.rep_name}, window from {window.span.starts}"
        )
        match error:
            case Refused() if installed is None:
                code, said = ProblemCode.PLUGIN_MISSING, f"no installed package brings {part.incentive_type}"
            case Refused():
                code, said = error.problems[0].code, "; ".join(_pathed(problem) for problem in error.problems)
            case LineInvalid():
                code, said = ProblemCode.LINE_INVALID, str(error)
            case TimeUp():
                code, said = ProblemCode.PLUGIN_FAILED, f"not done after {self.watch.seconds:g} seconds"
            case _:
                code, said = ProblemCode.PLUGIN_FAILED, _told(error)
        return Failure(code, UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", f"{where}: {said}")[:LONGEST_MESSAGE])


class _Kept(dict[int, Earlier | Unread]):
    """What is made when it is first asked for."""

    def __init__(self, make: Callable[[int], Earlier | Unread]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, rep_id: int) -> Earlier | Unread:
        self[rep_id] = made = self._make(rep_id)
        return made


def _pathed(problem: Problem) -> str:
    return f"{'.'.join(problem.path)}: {problem.message}" if problem.path else problem.message


def _told(error: BaseException) -> str:
    """An error in words, even if it fails to say what it is."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__
