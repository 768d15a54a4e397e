"""Who and what the demonstration company is made of: people, regions, customers and products. Names are made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from random import Random

from .export import ACCOUNT_ENDS, ACCOUNT_STARTS, FIRST_NAMES, LAST_NAMES

SELLERS_A_TEAM = 6
HEAD = "head"

REGIONS = {
    "Americas": ("North America", "Latin America"),
    "EMEA": ("Northern Europe", "Southern Europe"),
    "APAC": ("East Asia", "Pacific"),
}
"""Three regions with two territories each; every territory has a team."""

COUNTRIES = {
    "North America": ("Canada", "United States"),
    "Latin America": ("Brazil", "Chile", "Mexico"),
    "Northern Europe": ("Denmark", "Ireland", "Netherlands", "Sweden"),
    "Southern Europe": ("France", "Italy", "Spain"),
    "East Asia": ("Japan", "Singapore", "South Korea"),
    "Pacific": ("Australia", "New Zealand"),
}

INDUSTRIES = ("Aerospace", "Biotech", "Energy", "Logistics", "Manufacturing", "Retail")


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold: its list price, and how much of ten sales are of it."""

    name: str
    family: str
    list_price: Decimal
    weight: int


PRODUCTS = (
    Product("Gauge", "Instruments", Decimal(4_800), 4),
    Product("Gauge Pro", "Instruments", Decimal(11_500), 2),
    Product("Analyser", "Instruments", Decimal(38_000), 1),
    Product("Insight", "Cloud", Decimal(9_600), 2),
    Product("Insight Enterprise", "Cloud", Decimal(54_000), 1),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the company: `territory` is none for those who are over several."""

    key: str
    name: str
    title: str
    office: str
    manager: str | None
    territory: str | None


def people() -> list[Person]:
    """A head of sales, a vice president and a specialist for each region, and a manager with a team for each territory."""
    names = _names()
    found = [Person(HEAD, next(names), "Chief Revenue Officer", "Headquarters", None, None)]
    for region, territories in REGIONS.items():
        leader = f"vp-{region.lower()}"
        found.append(Person(leader, next(names), "Vice President", region, HEAD, None))
        found.append(Person(f"specialist-{region.lower()}", next(names), "Cloud Specialist", region, leader, None))
        for territory in territories:
            team = territory.lower().replace(" ", "-")
            found.append(Person(f"manager-{team}", next(names), "Sales Manager", region, leader, territory))
            found += [
                Person(f"{team}-{number}", next(names), "Account Executive", region, f"manager-{team}", territory)
                for number in range(1, SELLERS_A_TEAM + 1)
            ]
    return found


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, in the territory of its country."""

    key: str
    name: str
    industry: str
    country: str
    territory: str


def customers(random: Random) -> list[Customer]:
    """Eighty-five customers, each in a country of some territory."""
    names = [f"{start}{end}" for start, end in product(ACCOUNT_STARTS.split(), ACCOUNT_ENDS.split())]
    found = []
    for number, name in enumerate(names, start=1):
        territory = random.choice(sorted(COUNTRIES))
        country = random.choice(COUNTRIES[territory])
        found.append(Customer(f"A-{number:03}", name, random.choice(INDUSTRIES), country, territory))
    return found


def _names() -> Iterator[str]:
    first, last = FIRST_NAMES.split(), LAST_NAMES.split()
    for number in range(len(first) * len(last)):
        yield f"{first[number % len(first)]} {last[(number * 7 + number // len(first)) % len(last)]}"
