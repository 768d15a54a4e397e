"""What one rep did, as a worked example says it.

- `credits`: each a number, or a table of what is known of it: `id`, `on`, `amount`, `units`, `corrects`, `product`, `opportunity`,
  `sourceRep`, `measure`, `role`, `share`, `attributes`.
- `[window]`: `starts`, `ends`, `currency`, `quota`, `targetVariable`, `units`, `creditedBefore`, `creditedAfter`, `earnedBefore`,
  `isLast`.
- `creditsBefore` and `creditsAfter`: as `credits`, of the other parts of a window that a change cut. What was credited before and
  after is their sum, unless `[window]` says so.
- `[attainments]`: what gates read. By measure, the attainment of the pay period, as `bookings = 1.1`, or a table by window, as
  `bookings = { QUARTER_TO_DATE = 0.8 }`. What is not there has no quota.
- `[creditedIn]`: by measure, what was credited in the pay period and in those before it, as `bookings = [120, 100]`, or a table
  of such lists by window. What is not there is zero.
- `[[goals]]`: `name`, `weight`, and `achieved` unless it is not judged yet.
- `[earned]`: what earlier components paid, as `base = { commission = 100 }`.
- `[earnedEarlier]`: what they paid in the earlier parts of a window that a change cut, as `base = 100`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from spm_graph.plugin import Credit, Goal, Line, Performance, Step, Window

PARTS = {"credits", "creditsBefore", "creditsAfter", "window", "attainments", "creditedIn", "goals", "earned", "earnedEarlier"}
KNOWN_OF_WINDOW = {
    *("starts", "ends", "currency", "quota", "targetVariable", "units"),
    *("creditedBefore", "creditedAfter", "earnedBefore", "isLast"),
}
KNOWN_OF_CREDIT = {
    *("id", "on", "amount", "units", "measure", "role", "share"),
    *("product", "opportunity", "sourceRep", "corrects", "attributes"),
}
KNOWN_OF_GOAL = {"name", "weight", "achieved"}

T = TypeVar("T")


class _Otherwise(defaultdict[Any, T]):
    """A mapping that answers for what is not in it, and does not grow by that."""

    def __missing__(self, key: Any) -> T:
        assert self.default_factory is not None, "it is always made with one"
        return self.default_factory()


def performance(rep_id: str, written: Mapping[str, Any]) -> Performance:
    """The performance that these parts of an example describe; raises ValueError for what is not as it should be."""
    window = written.get("window", {})
    require_known(window, KNOWN_OF_WINDOW, "window.")
    starts = window.get("starts", date(2026, 1, 1))
    units = bool(window.get("units", False))
    own = _credits(written.get("credits", []), "credit", starts, units)
    sooner = _credits(written.get("creditsBefore", []), "credit before", starts, units)
    later = _credits(written.get("creditsAfter", []), "credit after", starts, units)
    before, after = (sum((each.units if units else each.amount for each in beside), Decimal(0)) for beside in (sooner, later))
    return Performance(
        rep_id=rep_id,
        starts=starts,
        ends=window.get("ends", date(starts.year + starts.month // 12, starts.month % 12 + 1, 1)),
        currency=window.get("currency", "USD"),
        credits=own,
        credited_before=Decimal(window.get("creditedBefore", before)),
        credited_after=Decimal(window.get("creditedAfter", after)),
        credits_before=sooner,
        credits_after=later,
        quota=Decimal(window["quota"]) if "quota" in window else None,
        units=units,
        target_variable=Decimal(window["targetVariable"]) if "targetVariable" in window else None,
        earned_before=Decimal(window.get("earnedBefore", 0)),
        is_last=bool(window.get("isLast", True)),
        goals=tuple(_goal(each) for each in written.get("goals", [])),
        attainments=_told(lambda: None, _by_window("attainments", written)),
        credited_in=_told(lambda: Decimal(0), _by_ago(written)),
        earned={
            name: tuple(Line(key, (Step("earned before", Decimal(amount)),)) for key, amount in lines.items())
            for name, lines in written.get("earned", {}).items()
        },
        earned_earlier={name: Decimal(amount) for name, amount in written.get("earnedEarlier", {}).items()},
    )


def in_order(credits: Iterable[Credit]) -> tuple[Credit, ...]:  # noqa: A002 - the field is called so
    """Credits as the core hands them over: by date, and by id on the same day."""
    return tuple(sorted(credits, key=lambda credit: (credit.on, credit.id)))


def require_known(given: Mapping[str, Any], known: set[str], where: str) -> None:
    """Raise ValueError for the first name that nobody knows."""
    if strange := sorted(set(given) - known):
        raise ValueError(f"{where}{strange[0]} is unknown; known are {', '.join(sorted(known))}")


def _told(otherwise: Callable[[], T], told: Iterable[tuple[Any, T]]) -> Mapping[Any, T]:
    found: _Otherwise[T] = _Otherwise(otherwise)
    found.update(told)
    return found


def _by_window(part: str, written: Mapping[str, Any]) -> Iterator[tuple[tuple[str, Window], Any]]:
    for measure, said in written.get(part, {}).items():
        windows = said if isinstance(said, Mapping) else {Window.PERIOD.name: said}
        require_known(windows, set(Window.__members__), f"{part}.{measure}.")
        for window, value in windows.items():
            yield (measure, Window[window]), Decimal(value) if part == "attainments" else value


def _by_ago(written: Mapping[str, Any]) -> Iterator[tuple[tuple[str, Window, int], Decimal]]:
    for (measure, window), values in _by_window("creditedIn", written):
        for ago, value in enumerate(values if isinstance(values, list) else [values]):
            yield (measure, window, ago), Decimal(value)


def _goal(written: Mapping[str, Any]) -> Goal:
    require_known(written, KNOWN_OF_GOAL, "goals.")
    return Goal(written["name"], Decimal(written["weight"]), Decimal(written["achieved"]) if "achieved" in written else None)


def _credits(given: Iterable[Any], name: str, starts: date, units: bool) -> tuple[Credit, ...]:
    return in_order(_credit(f"{name} {number:03}", each, starts, units) for number, each in enumerate(given, start=1))


def _credit(name: str, given: Any, starts: date, units: bool) -> Credit:
    known: Mapping[str, Any] = {"units" if units else "amount": given} if isinstance(given, (int, Decimal)) else given
    require_known(known, KNOWN_OF_CREDIT, "credits.")
    return Credit(
        id=known.get("id", name),
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
