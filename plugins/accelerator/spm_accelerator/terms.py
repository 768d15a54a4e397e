"""The words and the numbers that an accelerator is set with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated


class Method(Enum):
    """How attainment meets the bands. A band that isn't marginal takes in everything below it."""

    MARGINAL = "Each part of attainment at the multiplier of its own band: what lies below quota stays as it is."
    WHOLE_AMOUNT = "Everything up to the band's end at the multiplier of the band that was reached (retroactive, first dollar)."


class Pays(Enum):
    """Which part of the multiplied pay is paid here."""

    DIFFERENCE = "What the multiplier adds to pay that is paid already: at 1.5, half of it. A multiplier below 1 takes away."
    EVERYTHING = "All of it: at 1.5, one and a half times."


class Edge(Enum):
    """Which band an attainment exactly on the edge between two belongs to."""

    UPPER = "The band that starts there."
    LOWER = "The band that ends there."


@dataclass(frozen=True)
class Band:
    """One band of attainment: it ends where the next one starts, and the last never ends."""

    starts: Annotated[Decimal, "The attainment where it starts: 1 is on quota, 1.3 is 130 %."]
    multiplier: Annotated[Decimal, "What pay is multiplied by: above 1 it accelerates, below 1 it decelerates, 0 pays nothing."]
    method: Annotated[Method | None, "Its method, where it differs from the accelerator's."] = None
