"""What was published of deals that several people share, of managers and of teams: GraphQL in, ledger out, to the cent."""

from __future__ import annotations

from decimal import Decimal

from tests.api.conftest import Client

from .story import (
    MONTH,
    Example,
    assigned,
    earned,
    expected,
    founded,
    hired,
    lines,
    paid,
    planned,
    promised,
    sells,
    shared,
    sold,
    spif,
    tiers,
    told,
)

TEN_PERCENT = (tiers(("0", "0.1")),)
TEAM = {"ann": "75000", "ben": "60000", "cleo": "67500", "dan": "52500", "eve": "45000"}


async def test_splits_come_out_to_the_cent(administrator: Client) -> None:
    await founded(administrator)
    for name in ("ann", "ben", "cleo", "dan"):
        await told(administrator, name, Example(name, TEN_PERCENT, (), ""))
    await shared(administrator, "Prowi: 60 and 40 %", "100000", ann="0.6", ben="0.4")
    await shared(administrator, "Carvd: 70 and 30 %", "80000", cleo="0.7", dan="0.3")
    await paid(administrator)
    assert [await earned(administrator, name) for name in ("ann", "ben", "cleo", "dan")] == ["6000.00", "4000.00", "5600.00", "2400.00"]


async def credited(administrator: Client, name: str) -> list[str]:
    """What a rep is credited with."""
    asked = "query ($rep: String!) { rep(ref: {externalId: $rep}) { credits { nodes { amount { amount } } } } }"
    found = await administrator.ask(asked, rep=name)
    return [credit["amount"]["amount"] for credit in found["rep"]["credits"]["nodes"]]


async def test_one_order_is_credited_to_two_people_and_what_they_get_sums_to_it(administrator: Client) -> None:
    await founded(administrator)
    for name in ("ann", "ben", "admin", "vendor"):
        await hired(administrator, name)
    await shared(administrator, "Xactly: order and credit", "1000", ann="0.5", ben="0.5")
    await shared(administrator, "Dokan: 30 % of 6.45", "6.45", admin="0.3", vendor="0.7")
    assert [await credited(administrator, name) for name in ("ann", "ben")] == [["500.00"], ["500.00"]]
    assert [await credited(administrator, name) for name in ("admin", "vendor")] == [["1.94"], ["4.51"]]


async def test_an_override_is_a_line_for_each_of_the_team(administrator: Client) -> None:
    await founded(administrator)
    await administrator.do("measureSet", "measure { name }", {"name": "team", "roles": ["ROLLUP"]})
    await told(administrator, "boss", Example("Prowi", ({"managerOverride": {"rate": "0.03"}},), (), "", measure="team"))
    for name, amount in TEAM.items():
        await told(administrator, name, Example("Prowi", TEN_PERCENT, sold(amount), ""), manager="boss")
    await paid(administrator)
    assert [await earned(administrator, name) for name in TEAM] == ["7500.00", "6000.00", "6750.00", "5250.00", "4500.00"]
    overrides = sorted((line["steps"][0]["says"], line["amount"]["amount"]) for line in await lines(administrator, "boss"))
    assert overrides == [
        ("3 % of what ann sold", "2250.00"),
        ("3 % of what ben sold", "1800.00"),
        ("3 % of what cleo sold", "2025.00"),
        ("3 % of what dan sold", "1575.00"),
        ("3 % of what eve sold", "1350.00"),
    ]
    assert await earned(administrator, "boss") == "9000.00"


async def test_a_team_s_pool_is_what_the_team_achieved_of_it(administrator: Client) -> None:
    await founded(administrator)
    pool = {"teamPool": {"pool": "10000"}}
    by_target = {"teamPool": {"pool": "10000", "shared": "BY_TARGET_VARIABLE"}}
    team = {"ann": ("60000", "50000", "10000"), "ben": ("30000", "20000", "20000"), "cleo": ("30000", "26000", "30000")}
    plan = await planned(
        administrator,
        "Bentega: pool times achievement",
        {"name": "pool", "measure": "bookings", "config": pool},
        {"name": "by target", "measure": "bookings", "config": by_target},
    )
    for name, (quota, amount, target) in team.items():
        await hired(administrator, name)
        await expected(administrator, name, quota)
        await promised(administrator, name, target)
        await assigned(administrator, plan, name)
        await sells(administrator, name, name, amount, f"{MONTH}-05")
    await paid(administrator)
    pays: dict[str, list[str]] = {"pool": [], "by target": []}
    for name in team:
        for line in await lines(administrator, name):
            pays[line["component"]["name"]].append(line["amount"]["amount"])
    # 96,000 of 120,000 are 80 %: a pool of 8,000.
    assert pays == {"pool": ["2666.67", "2666.67", "2666.66"], "by target": ["1333.33", "2666.67", "4000.00"]}
    assert sum(map(Decimal, pays["pool"])) == sum(map(Decimal, pays["by target"])) == 8000


async def test_a_contest_shares_the_prizes_of_those_who_tie(administrator: Client) -> None:
    await founded(administrator)
    contest = {"spifContest": {"prizes": ["1000", "500", "250"]}}
    plan = await planned(administrator, "contest", {"name": "contest", "measure": "bookings", "config": contest})
    for name, amount in {"ann": "9000", "ben": "7000", "cleo": "7000", "dan": "6999.99"}.items():
        await hired(administrator, name)
        await assigned(administrator, plan, name)
        await sells(administrator, name, name, amount, f"{MONTH}-05")
    await paid(administrator)
    assert [await earned(administrator, name) for name in ("ann", "ben", "cleo", "dan")] == ["1000.00", "375.00", "375.00", "0.00"]
    # A refund in the same month makes somebody else second; nobody keeps a prize that is not theirs.
    refund = {"externalId": "back", "kind": "REFUND", "dated": f"{MONTH}-20", "amount": "-1", "quantity": "-1"}
    await administrator.do("transactionRecord", "transaction { id }", {**refund, "corrects": {"externalId": "ben"}})
    await paid(administrator)
    assert [await earned(administrator, name) for name in ("ann", "ben", "cleo", "dan")] == ["1000.00", "0.00", "500.00", "250.00"]


async def test_what_a_spif_returns_can_be_read_from_ledger_and_margin(administrator: Client) -> None:
    """Ryan Consulting: twelve deals of 35,000 at a gross margin of 82 %, 2,500 each."""
    await founded(administrator)
    await administrator.do("measureSet", "measure { name }", {"name": "margin", "basis": "MARGIN"})
    await told(administrator, "rep", Example("Ryan Consulting", (spif(pays="FIXED", reward="2500"),), (), ""))
    for number in range(12):
        await sells(administrator, "rep", f"deal {number}", "35000", f"{MONTH}-{number + 1:02}", margin="28700")
    await paid(administrator)
    credited_ = {}
    for measure in ("bookings", "margin"):
        asked = (
            'query ($measure: String!) { rep(ref: {externalId: "rep"}) {'
            + f' attainment(period: {{name: "{MONTH}"}}, measure: $measure)'
            + " { credited { value } } } }"
        )
        credited_[measure] = Decimal((await administrator.ask(asked, measure=measure))["rep"]["attainment"]["credited"]["value"])
    cost = Decimal(await earned(administrator, "rep"))
    assert (cost, credited_["bookings"], credited_["margin"]) == (30_000, 420_000, 344_400)
    assert (credited_["margin"] - cost) / cost == Decimal("10.48")
