"""The words and the numbers that a tiered commission is set with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated


class Method(Enum):
    """How what is credited meets the tiers. A tier that isn't marginal takes in everything below it."""

    MARGINAL = "Each part at the rate of its own tier."
    WHOLE_AMOUNT = "Everything up to the tier's end at the rate of the tier that was reached (retroactive, first dollar)."
    INTERPOLATED = "Everything up to the tier's end at a rate between this tier's and the next one's, by how far the tier was filled."


class TiersIn(Enum):
    """What the tiers' starts are counted in."""

    CREDITED = "What is credited: money, or units if the measure counts units."
    ATTAINMENT = "What is credited divided by quota: 1 is on quota. Without a quota nothing is earned."
    ATTRIBUTE = (
        "A number that each deal has as an attribute, such as its discount or its `marginRate`: all of the deal is paid at the "
        "rate of the tier that it reaches. A deal without it earns nothing."
    )


class Rates(Enum):
    """What the tiers' rates are."""

    OF_CREDITED = "What each unit of the measure earns: 0.05 is 5 % of money, and 12.5 is 12.50 for each unit sold."
    OF_BASE_RATE = (
        "A multiple of the base commission rate, which is target variable pay divided by quota: 1 pays the target variable "
        "for exactly quota, and 1.5 one and a half times as much."
    )
    LUMP_SUM = (
        "An amount of money. Marginal: for filling the tier, and in proportion for a part of it. "
        "Whole amount: for having reached it. Interpolated: at its start, and on a line from there to the next tier's."
    )


class Accumulated(Enum):
    """What goes through the tiers together."""

    WINDOW = "Everything credited in the window."
    TRANSACTION = "Each transaction alone, together with what corrects it."


class Split(Enum):
    """Whether a shared deal is split before or after the rate."""

    BEFORE_RATE = "The rep's own share goes through the tiers."
    AFTER_RATE = "The whole deal goes through the tiers, and the rep is paid their share of what it pays."


class Edge(Enum):
    """Which tier an amount exactly on the edge between two belongs to."""

    UPPER = "The tier that starts there."
    LOWER = "The tier that ends there."


@dataclass(frozen=True)
class Tier:
    """One tier: it ends where the next one starts, and the last never ends."""

    starts: Annotated[Decimal, "Where it starts."]
    rate: Annotated[Decimal, "What it pays."]
    method: Annotated[Method | None, "Its method, where it differs from the plan's."] = None
