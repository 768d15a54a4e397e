"""The words that a SPIF, a contest and a pool are set with."""

from __future__ import annotations

from enum import Enum


class Pays(Enum):
    """What a deal that qualifies earns."""

    FIXED = "The reward, whatever the deal comes to: 250 is 250.00 for each deal."
    PERCENTAGE = "The reward as a share of the credited amount: 0.02 is 2 %."
    PER_UNIT = "The reward for each credited unit: 1000 is 1,000.00 a unit."


class Shared(Enum):
    """What a fixed reward comes to for somebody who is credited with a part of the deal only."""

    BY_SHARE = "Their share of it: half a deal earns half the reward."
    WHOLE = "All of it, to each who is credited."


class Reaching(Enum):
    """What is paid for once the minimum is reached."""

    EVERY_DEAL = "Every deal of the window from the first on."
    LATER_DEALS = "Only the deals after the one that reached it."


class EarlierSales(Enum):
    """What becomes of a refund whose sale is in no window together with it, nor known to have been paid."""

    TAKE_BACK = "It takes back what a deal of its size earns, if it meets the filters itself."
    IGNORE = "Nothing."


class RankedBy(Enum):
    """What says who is first."""

    CREDITED = "What the deals that qualify are credited with: money, or units if the measure counts units."
    DEALS = "How many deals qualify."
    ATTAINMENT = "What the deals that qualify are credited with, divided by the rep's quota: small and large quotas alike."


class Ties(Enum):
    """What those get who share a place."""

    SHARE_PRIZES = "The prizes of all the places that they take up together, in equal parts: two second ones share second and third."
    SAME_PRIZE = "The prize of their place, each of them; the places after it that they take up are not awarded."


class PoolShared(Enum):
    """How a pool is shared out."""

    EQUALLY = "In equal parts."
    BY_CREDITED = "In proportion to what each is credited with; nobody who is below zero."
    BY_TARGET_VARIABLE = "In proportion to target variable pay."
