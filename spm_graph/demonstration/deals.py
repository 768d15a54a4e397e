"""The demonstration company's deals: two years of them, each with the days on which it came into its stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from spm_graph.domain.terms import ForecastCategory, Outcome

from .cast import PRODUCTS, Customer, Person, Product

STAGES = {
    "Prospecting": (Decimal("0.1"), ForecastCategory.PIPELINE),
    "Qualified": (Decimal("0.25"), ForecastCategory.PIPELINE),
    "Proposal": (Decimal("0.5"), ForecastCategory.BEST_CASE),
    "Negotiation": (Decimal("0.75"), ForecastCategory.COMMIT),
}
"""The open stages in their order: how likely a deal in them is to be won, and how it is forecast."""

WON, LOST = "Closed Won", "Closed Lost"
DEALS_A_MONTH = 5
WIN_RATE = 0.42
SHORTEST, LONGEST = 20, 110
"""How many days a deal takes."""


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal as it is today; `path` are the stages that it came into, with the days, up to today."""

    key: str
    owner: Person
    customer: Customer
    product: Product
    quantity: int
    discount: Decimal
    path: tuple[tuple[str, date], ...]
    closes_on: date
    outcome: Outcome | None

    @property
    def list_amount(self) -> Decimal:
        """What it would cost without a discount."""
        return self.product.list_price * self.quantity

    @property
    def amount(self) -> Decimal:
        """What the customer pays, or would pay, in whole units of the currency."""
        return (self.list_amount * (1 - self.discount)).to_integral_value(ROUND_HALF_UP)


def deals(random: Random, sellers: Sequence[Person], customers: Sequence[Customer], first: date, today: date) -> Iterator[Deal]:
    """Every seller's deals, opened from `first` until today; those that would be decided later are open."""
    months = (today.year - first.year) * 12 + today.month - first.month + 1
    number = 0
    for seller in sellers:
        own = [customer for customer in customers if customer.territory == seller.territory]
        skill = random.uniform(0.75, 1.25)
        for _ in range(months * DEALS_A_MONTH):
            number += 1
            opened = first + timedelta(days=random.randrange((today - first).days))
            length = random.randrange(SHORTEST, LONGEST)
            sold = random.choices(PRODUCTS, [each.weight for each in PRODUCTS])[0]
            outcome = Outcome.WON if random.random() < WIN_RATE * skill else Outcome.LOST
            yield _deal(random, f"D-{number:05}", seller, random.choice(own), sold, opened, length, outcome, today)


def _deal(
    random: Random, key: str, owner: Person, customer: Customer, sold: Product, opened: date, length: int, outcome: Outcome, today: date
) -> Deal:
    closes_on = opened + timedelta(days=length)
    steps = [opened + timedelta(days=length * step // len(STAGES)) for step in range(len(STAGES))]
    path = [*zip(STAGES, steps, strict=True), (WON if outcome is Outcome.WON else LOST, closes_on)]
    quantity = random.choices((1, 2, 3, 5, 8), (8, 5, 3, 2, 1))[0]
    discount = random.choice((Decimal(0), Decimal(0), Decimal("0.05"), Decimal("0.1"), Decimal("0.2")))
    so_far = tuple((stage, day) for stage, day in path if day <= today)
    return Deal(key, owner, customer, sold, quantity, discount, so_far, closes_on, outcome if closes_on <= today else None)
