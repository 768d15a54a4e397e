"""The words and the numbers that an override is set with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated


class ThresholdIn(Enum):
    """What the threshold is counted in."""

    CREDITED = "What the team is credited with: money, or units if the measure counts units."
    ATTAINMENT = "What the team is credited with, divided by the manager's quota: 1 is on quota."


class OnceReached(Enum):
    """What is paid for once the threshold is reached."""

    ABOVE = "Only what is above it, of each seller in proportion."
    EVERYTHING = "Everything from the first sale on."


@dataclass(frozen=True)
class Level:
    """What those with a title are paid on the same deals."""

    title: Annotated[str, "The title, as in the directory on the day of the deal."]
    rate: Annotated[Decimal, "Their rate: 0.05 is 5 %."]
