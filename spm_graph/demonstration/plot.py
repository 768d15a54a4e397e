"""What happens in the demonstration: the people with their days, the customers, and the deals, as of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from spm_graph.domain.period import Span, quarter

from .cast import Customer, Person, customers, people
from .deals import Deal, deals

QUARTERS = 8
SEED = 7


@dataclass(frozen=True, slots=True)
class Plot:
    """What happens: the people with their days, the customers, and the deals; all follow from today."""

    today: date
    first: date
    changed: date
    this_quarter: Span
    people: Sequence[Person]
    customers: Sequence[Customer]
    deals: Sequence[Deal]
    joiner: Person
    leaver: Person
    left_on: date

    def starts(self, person: Person) -> date:
        """Somebody's first day: that of the company, but for who joins later."""
        return quarter_before(self.this_quarter, 2).starts if person is self.joiner else self.first

    @property
    def sellers(self) -> list[Person]:
        """Those who own deals."""
        return [person for person in self.people if person.title == "Account Executive"]


def plot(today: date) -> Plot:
    """The same for the same day, always."""
    random = Random(SEED)
    now = quarter(today.year, (today.month + 2) // 3)
    first = quarter_before(now, QUARTERS).starts
    cast = people()
    accounts = customers(random)
    sellers = [person for person in cast if person.title == "Account Executive"]
    joiner, leaver = sellers[3], sellers[10]
    left_on = quarter_before(now, 1).starts + timedelta(days=45)
    found = [
        deal
        for deal in deals(random, sellers, accounts, first, today)
        if not (deal.owner is leaver and deal.closes_on >= left_on)
        and not (deal.owner is joiner and deal.path[0][1] < quarter_before(now, 2).starts)
    ]
    return Plot(today, first, quarter_before(now, 3).starts, now, cast, accounts, found, joiner, leaver, left_on)


def quarter_before(span: Span, number: int) -> Span:
    """The quarter so many quarters before."""
    count = span.starts.year * 4 + (span.starts.month - 1) // 3 - number
    return quarter(count // 4, count % 4 + 1)
