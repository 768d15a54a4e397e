"""A JSON Web Token that expires while its bearer follows: up to then everything is told, from then on nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from websockets.exceptions import ConnectionClosed

from spm_graph.auth import Authenticator
from spm_graph.domain.terms import Grant
from spm_graph.reading import edge
from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Client, roomy
from tests.company import Company

from .conftest import live
from .test_events_over_http import events

KEY = ECKey.generate_key("P-256", {"kid": "first", "use": "sig"})
EXPIRES = 1_800_000_000
LEEWAY_SECONDS = 30
MOVED = "subscription { opportunityMoved { opportunity { name } } }"


class Clock:
    """The wall clock of the server."""

    now: float = EXPIRES - 60

    def time(self) -> float:
        """The time."""
        return self.now


def issued(clock: Clock, monkeypatch: pytest.MonkeyPatch, folder: Path, subject: str, *grants: Grant) -> tuple[Settings, str]:
    """The settings of a server that goes by this clock, and a token for it."""
    monkeypatch.setattr(import_module("spm_graph.web.application"), "Authenticator", partial(Authenticator, now=clock.time))
    monkeypatch.setattr(edge, "time", SimpleNamespace(time=clock.time, monotonic=time.monotonic))
    jwks = folder / "jwks.json"
    jwks.write_text(json.dumps({"keys": [KEY.as_dict(private=False)]}), encoding="utf-8")
    settings = replace(roomy("2026-03-15"), jwt_issuer="https://id.example", jwt_audience="spm", jwt_jwks=str(jwks))
    claims = {"iss": "https://id.example", "aud": "spm", "sub": subject, "exp": EXPIRES, "spm_grants": list(grants)}
    return settings, jwt.encode({"alg": "ES256", "kid": "first"}, claims, KEY)


async def test_what_happens_after_a_token_expired_is_not_told(
    serve: Callable[[Settings], str], database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = Clock()
    settings, token = issued(clock, monkeypatch, tmp_path, "ana")
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("ana")
    ana = Client(serve(settings), token)
    async with live(ana) as socket, events(ana, MOVED) as sent:
        await socket.subscribe("1", MOVED)
        assert await socket.silent()
        clock.now = EXPIRES + LEEWAY_SECONDS - 1
        await company.won("100", "ana", "2026-01-10")
        assert (await socket.hear())["payload"]["data"]["opportunityMoved"]
        assert (await sent.next())["event"] == "next"
        assert await socket.silent()
        clock.now = EXPIRES + LEEWAY_SECONDS
        await company.won("200", "ana", "2026-01-11")
        with pytest.raises(ConnectionClosed) as closed:
            await socket.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4403
        said = json.loads((await sent.next())["data"])
        assert said == {"errors": [{"message": "the bearer token is expired", "extensions": {"code": "UNAUTHENTICATED"}}]}
        assert await sent.next() == {"event": "complete", "data": ""}
