"""An export of a CRM that never was, in the shape of Maven Analytics' "CRM Sales Opportunities" and with the same faults.

Its product `GTX Pro` is `GTXPro` in the pipeline, managers are only named by their teams, a sector and a country are
misspelt, and many open deals lack an account, some the day they were opened, all of them a close date and a value. Names
and numbers are made up. The same arguments write the same files.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

FULL_SIZE = 8_800
STAGES = {"Won": 4_238, "Lost": 2_473, "Engaging": 1_589, "Prospecting": 500}
WITHOUT_ACCOUNT = {"Engaging": 1_088, "Prospecting": 337}
"""How many opportunities of the full size are in each stage, and how many of those have no account."""

ACCOUNTS_HEADER = "account sector year_established revenue employees office_location subsidiary_of"
PIPELINE_HEADER = "opportunity_id sales_agent product account deal_stage engage_date close_date close_value"

IDLE_AGENTS = 5
TEAMS = (("Central", 5), ("Central", 6), ("East", 6), ("East", 6), ("West", 6), ("West", 6))
"""Each manager's office and number of agents."""

FIRST_NAMES = """
    Adaeze Anders Anouk Bashir Beatriz Bram Carmela Chidi Cosmo Dagny Dario Edda Elif Emeka Farah Fenno Gaia Goran Hanneke Hiro
    Ilse Ines Jorun Kaito Katya Laszlo Leila Lucio Maelle Mateo Mirjam Nadim Nils Odile Oksana Paavo Priya Rafael Saoirse Tariq Yuna
"""
LAST_NAMES = """
    Abendroth Achterberg Bellweather Birkeland Casavant Corvino Dalgaard Delacroix Eastlake Eberhart Fairweather Fontaine Galvani
    Greenhalgh Haldorsen Hartigan Ivarsson Jovanka Kestrel Kilbride Lindqvist Lockhart Maddalena Merriweather Nightingale Norling
    Okafor Ostrander Pellegrin Petrakis Quillfeather Ravenscroft Rosenqvist Sandoval Silvestri Thistlewood Tverberg Underhill
    Valtersson Wexford Zamora
"""
ACCOUNT_STARTS = "Alder Bright Cedar Copper Delta Ever Fern Granite Harbor Iron Juniper Kite Lumen Maple North Opal Pine"
ACCOUNT_ENDS = "bridge craft field works yard"
SECTORS = ("retail", "technolgy", "medical", "software", "finance", "marketing", "telecommunications", "services", "employment")
COUNTRIES = ("Philipines", "Canada", "Chile", "Denmark", "France", "Ghana", "India", "Ireland", "Mexico", "Portugal")


@dataclass(frozen=True, slots=True)
class _Product:
    name: str
    series: str
    price: int
    share: int
    """Of a hundred thousand deals, how many sell it."""

    @property
    def in_pipeline(self) -> str:
        return self.name.replace("GTX Pro", "GTXPro")


PRODUCTS = (
    _Product("GTX Pro", "GTX", 4_750, 17_000),
    _Product("Orbit Basic", "Orbit", 560, 21_000),
    _Product("Orbit Plus", "Orbit", 1_080, 16_000),
    _Product("Orbit Max", "Orbit", 5_400, 11_000),
    _Product("Spark Mini", "Spark", 60, 19_000),
    _Product("Spark Studio", "Spark", 3_350, 15_500),
    _Product("Vault 900", "Vault", 26_500, 500),
)


def write_export(folder: Path, *, year: int, opportunities: int = FULL_SIZE, seed: int = 1) -> None:
    """Write accounts.csv, products.csv, sales_teams.csv and sales_pipeline.csv into a folder.

    Deals close from January to December of `year`; the first were opened in October before. 35 agents under 6 managers in
    3 offices, of whom 30 have deals, 85 accounts and 7 products, whatever the number of opportunities.
    """
    random = Random(seed)
    teams = _teams()
    accounts = [f"{start}{end}" for start in ACCOUNT_STARTS.split() for end in ACCOUNT_ENDS.split()]
    _write(folder / "sales_teams.csv", ("sales_agent", "manager", "regional_office"), teams)
    _write(folder / "products.csv", ("product", "series", "sales_price"), ((item.name, item.series, item.price) for item in PRODUCTS))
    _write(folder / "accounts.csv", ACCOUNTS_HEADER.split(), _accounts(random, accounts))
    deals = _pipeline(random, [agent for agent, _, _ in teams], accounts, year, opportunities)
    _write(folder / "sales_pipeline.csv", PIPELINE_HEADER.split(), deals)


def _teams() -> list[tuple[str, str, str]]:
    people = [f"{first} {last}" for first, last in zip(FIRST_NAMES.split(), LAST_NAMES.split(), strict=True)]
    managers, agents = people[: len(TEAMS)], iter(people[len(TEAMS) :])
    return [(next(agents), manager, office) for manager, (office, size) in zip(managers, TEAMS, strict=True) for _ in range(size)]


def _accounts(random: Random, names: Sequence[str]) -> Iterable[tuple[object, ...]]:
    for index, name in enumerate(names):
        country = COUNTRIES[index // 6] if index % 6 == 5 and index // 6 < len(COUNTRIES) else "United States"
        parent = random.choice(names[:6]) if index % 6 == 3 and index > 6 else ""
        revenue = f"{random.uniform(10, 8_000):.2f}"
        yield name, SECTORS[index % len(SECTORS)], random.randint(1980, 2015), revenue, random.randint(10, 20_000), country, parent


def _pipeline(random: Random, agents: Sequence[str], accounts: Sequence[str], year: int, size: int) -> Iterable[tuple[object, ...]]:
    stages = _stages(random, size)
    selling = sorted(random.sample(range(len(agents)), len(agents) - IDLE_AGENTS))
    weights = [random.lognormvariate(0, 0.45) for _ in selling]
    keys = random.sample(range(36**7), size)
    for key, (stage, with_account) in zip(keys, stages, strict=True):
        agent = agents[random.choices(selling, weights)[0]]
        product = random.choices(PRODUCTS, [item.share for item in PRODUCTS])[0]
        account = random.choice(accounts) if with_account else ""
        opened, closed, value = "", "", ""
        if stage in ("Won", "Lost"):
            day = _closing_day(random, year)
            closed = str(day)
            opened = str(max(day - timedelta(days=random.randint(1, 138)), date(year - 1, 10, 20)))
            value = str(max(1, round(product.price * random.gauss(1, 0.1)))) if stage == "Won" else "0"
        elif stage == "Engaging":
            opened = str(date(year, 12, 27) - timedelta(days=random.randint(0, 420)))
        yield _key(key), agent, product.in_pipeline, account, stage, opened, closed, value


def _stages(random: Random, size: int) -> list[tuple[str, bool]]:
    """Each opportunity's stage and whether it has an account, in the proportions of the full size."""
    counts = {stage: size * count // FULL_SIZE for stage, count in STAGES.items()}
    counts["Won"] += size - sum(counts.values())
    found = [
        (stage, number >= size * WITHOUT_ACCOUNT.get(stage, 0) // FULL_SIZE) for stage, count in counts.items() for number in range(count)
    ]
    random.shuffle(found)
    return found


def _closing_day(random: Random, year: int) -> date:
    """A day of the year; quarters end busier than they begin."""
    month = random.choices(range(1, 13), [3, 3, 5] * 4)[0]
    first = date(year, month, 1)
    days = (date(year + month // 12, month % 12 + 1, 1) - first).days
    return first + timedelta(days=random.randrange(days))


def _key(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "D" + "".join(digits[number // 36**place % 36] for place in range(6, -1, -1))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
