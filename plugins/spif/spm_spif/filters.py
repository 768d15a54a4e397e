"""Which deals qualify."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from spm_graph.plugin import Credit

from .deals import Deal, deals


@dataclass(frozen=True)
class Attribute:
    """What must be known of a deal: that one of its attributes has one of some values."""

    name: Annotated[str, "The attribute, such as newBusiness."]
    values: Annotated[tuple[str, ...], "The values that qualify, exactly as they are written."]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a deal must be to qualify; all of it must hold."""

    products: Annotated[tuple[str, ...], "The names of the products that qualify; empty: all."] = ()
    accounts: Annotated[tuple[str, ...], "The names of the customers (accounts) that qualify; empty: all."] = ()
    attributes: Annotated[tuple[Attribute, ...], "What else must be known of a deal, such as new business; all of it must hold."] = ()
    smallest: Annotated[Decimal | None, "The least that a deal may be credited with, as an amount of money."] = None
    largest: Annotated[Decimal | None, "The most that a deal may be credited with, as an amount of money."] = None
    starts: Annotated[date | None, "The first day on which deals qualify."] = None
    ends: Annotated[date | None, "The first day on which deals no longer qualify."] = None

    def __post_init__(self) -> None:
        if self.smallest is not None and self.largest is not None and self.largest < self.smallest:
            raise ValueError("the largest deal must not be smaller than the smallest")
        if self.starts is not None and self.ends is not None and self.ends <= self.starts:
            raise ValueError("ends must be later than starts: it is the first day on which deals no longer qualify")
        if any(not attribute.values for attribute in self.attributes):
            raise ValueError("an attribute needs at least one value that qualifies")

    def qualifying(self, credits: Iterable[Credit]) -> list[Deal]:  # noqa: A002 - the field is called so
        """The deals that qualify and of which something is left, sales first, and then corrections of earlier ones."""
        return [deal for deal in deals(credits) if deal.size and self._qualifies(deal)]

    def _qualifies(self, deal: Deal) -> bool:
        first, size = deal.first, abs(deal.amount)
        return (
            (not self.products or first.product in self.products)
            and (not self.accounts or first.attributes.get("account") in self.accounts)
            and all(first.attributes.get(attribute.name) in attribute.values for attribute in self.attributes)
            and (self.smallest is None or size >= self.smallest)
            and (self.largest is None or size <= self.largest)
            and (self.starts is None or first.on >= self.starts)
            and (self.ends is None or first.on < self.ends)
        )
