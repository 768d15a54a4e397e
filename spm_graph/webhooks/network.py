"""Connections to public addresses only: who registers a webhook must not reach what only this machine can.

A name is looked up once for each connection, every address that it stands for is checked, and the connection goes to one
of those: so a name can't stand for another address a moment later.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpcore

TRANSLATED = IPv6Network("64:ff9b::/96")
"""Addresses that a network translates to IPv4: RFC 6052."""

ASSIGNED = IPv6Network("2000::/3")
"""All that IPv6 assigns to the internet so far: other ranges wrap IPv4, or are a site's own."""

SERVICES = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""Special ranges that count as global, and are routed by the network that they are in."""


class NotPublic(Exception):
    """An address that is not one of the public internet."""


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """TCP to public addresses; raises NotPublic for a host that stands for any other."""

    def __init__(self) -> None:
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to one of the host's addresses."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} can't be found: {error.strerror or error}") from error
        addresses = [address[4][0] for address in found]
        for address in addresses:
            if not public(str(address)):
                raise NotPublic(f"{host} stands for {address}, which is no address of the public internet")
        failed: Exception = httpcore.ConnectError(f"{host} stands for no address")
        for address in dict.fromkeys(map(str, addresses)):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:  # as where there is no way to IPv6 from here
                failed = error
        raise failed

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._network.sleep(seconds)


def public(text: str) -> bool:
    """Whether an address is one of the public internet; one that wraps another is what it wraps."""
    address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if wrapped is None and address in TRANSLATED:
            wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is None and address not in ASSIGNED:
            return False
        address = wrapped or address
    return address.is_global and not address.is_multicast and not any(address in each for each in SERVICES)
