"""Where messages are sent to, and where never: not to private addresses, however a name or a receiver leads there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpcore
import pytest

from spm_graph.webhooks.network import NotPublic, PublicNetwork, public

from .conftest import QUICKLY, Receiver, World, listening


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("192.0.0.8", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fd00::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:808:808::80ff:fffe", False),
    ],
)
def test_what_is_an_address_of_the_internet(address: str, known: bool) -> None:
    assert public(address) is known


PRIVATE = [
    "https://127.0.0.1:1/",
    "https://localhost:1/",
    "https://2130706433:1/",
    "https://0x7f000001:1/",
    "https://0177.0.0.1:1/",
    "https://127.1:1/",
    "https://0:1/",
    "https://0.0.0.0:1/",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]:1/",
    "https://[::]:1/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
]


async def test_private_addresses_are_not_sent_to_however_they_are_written(world: World) -> None:
    for url in PRIVATE:
        await world.hook(url)
    await world.hook("http://8.8.8.8:1/")
    async with world.sent(private=False, schedule=(timedelta(hours=2),)):
        await world.until("select count(*) from webhook_attempt", len(PRIVATE) + 1)
    rows = await world.database.pool.fetch("select url, status, problem from webhook_attempt join webhook on webhook.id = webhook_id")
    problems = {row["url"]: row["problem"] for row in rows}
    assert {row["status"] for row in rows} == {None}
    assert problems.pop("http://8.8.8.8:1/") == "only https addresses are sent to; SPM_WEBHOOKS_PRIVATE allows others"
    assert problems["https://127.0.0.1:1/"] == "NotPublic: 127.0.0.1 stands for 127.0.0.1, which is no address of the public internet"
    assert {url for url, problem in problems.items() if problem.endswith("which is no address of the public internet")} == set(PRIVATE)


async def test_a_name_that_stands_for_a_private_address_is_not_connected_to(world: World, receiver: Receiver) -> None:
    port = receiver.url.split(":")[2].split("/")[0]
    await world.hook(f"https://localhost:{port}/")
    async with world.sent(private=False, schedule=(timedelta(hours=2),)):
        await world.until("select count(*) from webhook_attempt", 1)
    assert receiver.messages == []


async def test_who_is_sent_elsewhere_does_not_go_there(world: World, receiver: Receiver) -> None:
    async with listening() as other:
        receiver.location, receiver.statuses = other.url, [301, 302, 307, 308]
        await world.hook(receiver.url)
        async with world.sent(schedule=QUICKLY[:3]):
            await world.until("select state from webhook", "DISABLED")
        assert len(receiver.messages) == 4
        assert other.messages == []


@dataclass
class Names:
    """What a name stands for at each look-up, and where connections went; some addresses can't be reached."""

    answers: list[list[str]]
    unreachable: tuple[str, ...] = ()
    connected: list[str] = field(default_factory=list)

    async def getaddrinfo(self, host: str, port: int, **more: object) -> list[Any]:
        """The next answer."""
        return [(None, None, None, "", (address, port)) for address in self.answers.pop(0)]

    async def connect_tcp(self, address: str, *given: object) -> Any:
        """Note where to."""
        self.connected.append(address)
        if address in self.unreachable:
            raise httpcore.ConnectError("no way there")

    async def reached(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The addresses that a message to the name is tried at."""
        network = PublicNetwork()
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", self.getaddrinfo)
        monkeypatch.setattr(network, "_network", self)
        await network.connect_tcp("hooks.example", 443)
        return self.connected


async def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names([["93.184.215.14"], ["127.0.0.1"]])
    assert await names.reached(monkeypatch) == ["93.184.215.14"]
    assert names.answers == [["127.0.0.1"]], "what it stands for a moment later was not asked"


async def test_a_name_that_stands_for_a_private_address_besides_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names([["93.184.215.14", "10.0.0.7"]])
    with pytest.raises(NotPublic, match=r"^hooks.example stands for 10\.0\.0\.7, which is no address of the public internet$"):
        await names.reached(monkeypatch)
    assert names.connected == []


async def test_where_one_address_of_a_name_can_not_be_reached_the_next_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names([["2606:4700::1111", "93.184.215.14"]], unreachable=("2606:4700::1111",))
    assert await names.reached(monkeypatch) == ["2606:4700::1111", "93.184.215.14"]
    nowhere = Names([["2606:4700::1111"]], unreachable=("2606:4700::1111",))
    with pytest.raises(httpcore.ConnectError, match="no way there"):
        await nowhere.reached(monkeypatch)
