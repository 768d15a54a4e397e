"""The words that a SPIF is set with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated


class Described(Enum):
    """A choice whose values say what they mean."""

    @property
    def description(self) -> str:
        """What the schema says of it."""
        return str(self.value)


class Pays(Described):
    """What a deal that qualifies earns."""

    FIXED = "The reward, whatever the deal comes to: 250 is 250.00 for each deal."
    PERCENTAGE = "The reward as a share of the credited amount: 0.02 is 2 %."
    PER_UNIT = "The reward for each credited unit: 1000 is 1,000.00 a unit."


class Shared(Described):
    """What a fixed reward comes to for somebody who is credited with a part of the deal only."""

    BY_SHARE = "Their share of it: half a deal earns half the reward."
    WHOLE = "All of it, to each who is credited."


class Reaching(Described):
    """What is paid for once the minimum is reached."""

    EVERY_DEAL = "Every deal of the window from the first on."
    LATER_DEALS = "Only the deals after the one that reached it."


class EarlierSales(Described):
    """What becomes of a refund whose sale is in no window together with it, nor known to have been paid."""

    TAKE_BACK = "It takes back what a deal of its size earns, if it meets the filters itself."
    IGNORE = "Nothing."


@dataclass(frozen=True)
class Attribute:
    """What must be known of a deal: that one of its attributes has one of some values."""

    name: Annotated[str, "The attribute, such as newBusiness."]
    values: Annotated[tuple[str, ...], "The values that qualify, exactly as they are written."]
