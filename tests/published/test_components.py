"""Arithmetic that vendors and textbooks have published, the whole way: GraphQL in, ledger out, to the cent.

What a single component pays, the plugins have as a worked example too; what is shown here is that nothing on the way changes it.
"""

from __future__ import annotations

import pytest

from tests.api.conftest import Client

from .documented import same_in_the_documentation, settings
from .story import Example, accelerator, bonus, earned, founded, lines, paid, sold, spif, tiers, told

ORACLE_EDGES = (("0", "0.0175"), ("1500000", "0.025"), ("3000000", "0.0325"), ("4500000", "0.0425"))
ORACLE_LUMPS = (("0", "10"), ("1000", "40"), ("3000", "100"), ("8000", "2000"), ("20000", "0"))
ORACLE_STEPS = (("0", "0.01"), ("1000", "0.02"), ("5000", "0.03"), ("10000", "0"))
ORACLE_FLAT = (("0", "0.01"), ("10000", "0.02"), ("50000", "0.03"), ("100000", "0.04"))
MULTIPLIERS = (("0", "1"), ("1", "1.5"), ("1.3", "2"))
ALONE = {"accumulated": "TRANSACTION"}
CURVE = [{"achieved": "0.5", "pays": "0.25"}, {"achieved": "1", "pays": "1"}, {"achieved": "1.5", "pays": "2"}]

PUBLISHED = (
    Example("TieredCommissionCalculator", (tiers(("0", "0.05"), ("10000", "0.07"), ("25000", "0.1")),), sold("30000"), "2050.00"),
    Example("SparrowGenie", (tiers(("0", "0.03"), ("300000", "0.05"), ("500000", "0.07")),), sold("600000"), "26000.00"),
    Example(
        "Oracle Fusion, interpolated amounts",
        (tiers(*ORACLE_LUMPS, rates="LUMP_SUM", **ALONE),),
        sold("200", "300", "1500", "1200", "2000", "4500"),
        "149.00",
    ),
    Example("Oracle Fusion, split rates", (tiers(*ORACLE_STEPS),), sold("2500"), "40.00"),
    Example("Oracle Fusion, not split", (tiers(*ORACLE_FLAT, method="WHOLE_AMOUNT", **ALONE),), sold("5000", "15000", "60000"), "2150.00"),
    Example("Oracle, edge to the upper tier", (tiers(*ORACLE_EDGES, method="WHOLE_AMOUNT"),), sold("1500000"), "37500.00"),
    Example("Oracle, edge to the lower tier", (tiers(*ORACLE_EDGES, method="WHOLE_AMOUNT", edge="LOWER"),), sold("1500000"), "26250.00"),
    Example("RevOps Masters, accelerator", (accelerator(*MULTIPLIERS),), sold("650000"), "145000.00", "500000", "1200000"),
    Example(
        "RevOps Masters, decelerator",
        (accelerator(("0", "0.5"), ("0.5", "1"), ("1", "1.5")),),
        sold("200000"),
        "20000.00",
        "500000",
        "1200000",
    ),
    Example("Prowi, SPIFF", (tiers(("0", "0.08")), spif(pays="PER_UNIT", reward="1000")), (("100000", "5"),), "13000.00"),
    Example("Bentega, fixed SPIF", (spif(pays="FIXED", reward="250"),), sold("1", "2", "3", "4"), "1000.00"),
    Example("Dokan, half a cent", (tiers(("0", "0.3")),), sold("6.45"), "1.94"),
)

OURS = (
    Example("units with a cap", (tiers(("0", "10"), ("100", "15"), cap="2000"),), (("1", "180"),), "2000.00", measure="units"),
    Example(
        "cliff at half of quota",
        (tiers(("0", "0"), ("0.5", "0.06"), method="WHOLE_AMOUNT", tiersIn="ATTAINMENT"),),
        sold("49999.99"),
        "0.00",
        "100000",
    ),
    Example(
        "base commission rate",
        (tiers(("0", "1"), ("1", "1.5"), rates="OF_BASE_RATE", tiersIn="ATTAINMENT"),),
        sold("600000"),
        "65000.00",
        "500000",
        "600000",
    ),
    Example("windfall", (tiers(("0", "0.05"), ("200000", "0.08"), largestCounted="250000"),), sold("100000", "900000"), "22000.00"),
    Example("soft cap", (tiers(("0", "0.1"), cap="5000", aboveCap="0.25"),), sold("70000"), "5500.00"),
    Example("payout curve", (bonus(bonus="5000", achieved="ATTAINMENT", payout=CURVE),), sold("90000"), "4250.00", "100000"),
    Example(
        "weighted goals",
        (bonus(bonus="10000", achieved="GOALS"),),
        (),
        "8050.00",
        goals=(("Launch", "40", "1"), ("Train", "35", "0.8"), ("Clean up", "25", "0.5")),
    ),
    Example(
        "cap over two components",
        (tiers(("0", "0.1")), spif(pays="FIXED", reward="500"), {"earningsCap": {"cap": "1200"}}),
        sold("10000"),
        "1200.00",
    ),
)


@pytest.mark.parametrize(("heading", "examples"), [("published", PUBLISHED), ("ours", OURS)])
async def test_what_an_example_says_comes_out_to_the_cent(administrator: Client, heading: str, examples: tuple[Example, ...]) -> None:
    await founded(administrator)
    await administrator.do("measureSet", "measure { name }", {"name": "units", "basis": "QUANTITY"})
    for number, example in enumerate(examples):
        await told(administrator, f"rep {number}", example)
    await paid(administrator)
    found = {example.source: await earned(administrator, f"rep {number}") for number, example in enumerate(examples)}
    assert found == {example.source: example.earned for example in examples}
    rows = [(example.source, settings(*example.configs), found[example.source]) for example in examples]
    same_in_the_documentation(heading, ("example", "settings", "earned"), rows)


async def test_each_tier_is_a_step_with_its_own_input_rate_and_part(administrator: Client) -> None:
    await founded(administrator)
    await told(administrator, "rep", PUBLISHED[3])
    await paid(administrator)
    (line,) = await lines(administrator, "rep")
    assert [(step["base"], step["rate"], step["amount"]) for step in line["steps"]] == [("1000", "0.01", "10"), ("1500", "0.02", "30")]
