"""A token opens what it was made for, until it expires or is revoked, and tells nobody else anything."""

from __future__ import annotations

import hmac
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from spm_graph import auth
from spm_graph.actions import keys
from spm_graph.actions.keys import ApiKeyCreate, ApiKeyRevoke
from spm_graph.actions.refs import Ref
from spm_graph.auth import Authenticator, Issuer, Unauthenticated, bearer
from spm_graph.domain.problem import ProblemCode, Refused
from spm_graph.domain.terms import Grant
from spm_graph.incentive_types import Id
from spm_graph.store import clock
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

ADMIN = Actor("admin", None, frozenset(Grant))
NOW = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
FIRST, SECOND = (ECKey.generate_key("P-256", {"kid": kid, "use": "sig"}) for kid in ("first", "second"))


@pytest.fixture
async def people(database: Database) -> dict[str, int]:
    """Ana, Ben and Bea, of whom the last two share an address."""
    async with database.transaction() as tx:
        await clock.tick(tx, "test", "people")
        for name, email in (("ana", "Ana@x.example"), ("ben", "b@x.example"), ("bea", "b@x.example")):
            await tx.execute(
                "insert into rep (external_id, name, email, currency) values (:name, :name, :email, 'USD')", {"name": name, "email": email}
            )
        return {row["name"]: row["id"] for row in await tx.rows("select name, id from rep")}


async def made(database: Database, command: ApiKeyCreate, actor: Actor = ADMIN) -> tuple[Id, str]:
    async with database.transaction() as tx:
        outcome = await keys.create(tx, actor, command)
    return Id(f"key_{outcome.values['api_key_id']}"), outcome.values["token"]


async def revoked(database: Database, key: Id, actor: Actor = ADMIN) -> int | None:
    async with database.transaction() as tx:
        return (await keys.revoke(tx, actor, ApiKeyRevoke(key))).position


async def refusal(authenticator: Authenticator, token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await authenticator.actor(token)
    return refused.value.reason


class Counted:
    """A pool that counts what it is asked."""

    def __init__(self, pool: Any) -> None:
        self.pool, self.asked = pool, 0

    async def fetchrow(self, *arguments: Any) -> Any:
        self.asked += 1
        return await self.pool.fetchrow(*arguments)

    async def fetch(self, *arguments: Any) -> Any:
        self.asked += 1
        return await self.pool.fetch(*arguments)


@pytest.mark.parametrize("header", [None, b"", b"Bearer", b"Bearer  ", b"Basic abc", b"spm_abc"])
def test_without_a_bearer_token_it_is_missing(header: bytes | None) -> None:
    with pytest.raises(Unauthenticated) as refused:
        bearer(header)
    assert refused.value.reason == "missing"


def test_the_scheme_is_read_whatever_its_case_and_a_token_is_short_ascii() -> None:
    assert bearer(b"bEaReR  spm_abc ") == "spm_abc"
    for header in (b"Bearer \xff", b"Bearer " + b"a" * 8_193):
        with pytest.raises(Unauthenticated, match="invalid"):
            bearer(header)


async def test_a_key_opens_its_rep_and_its_grants(database: Database, people: dict[str, int]) -> None:
    key, token = await made(database, ApiKeyCreate("  payroll ", Ref(external_id="ana"), (Grant.RUN, Grant.RUN)))
    assert await Authenticator(database.pool).actor(token) == Actor(f"{key} payroll", people["ana"], frozenset({Grant.RUN}))


async def test_a_key_is_told_once_and_only_its_hash_is_stored(database: Database) -> None:
    (_, one), (_, other) = [await made(database, ApiKeyCreate("sync", grants=(Grant.IMPORT,))) for _ in range(2)]
    assert keys.KEY.fullmatch(one) and keys.KEY.fullmatch(other) and one != other
    for table in ("api_key", "audit", "event", "once"):
        stored = await database.pool.fetchval(f"select string_agg({table}::text, ' ') from {table}")
        assert one not in (stored or "")
    assert await database.pool.fetchval("select count(*) from tick where action = 'apiKeyCreate'") == 2


async def test_a_warm_token_asks_the_database_nothing(database: Database, people: dict[str, int]) -> None:
    _, token = await made(database, ApiKeyCreate("ana", Ref(external_id="ana")))
    pool = Counted(database.pool)
    authenticator = Authenticator(pool)  # type: ignore[arg-type]
    assert len({id(await authenticator.actor(token)) for _ in range(10)}) == 1
    assert pool.asked == 1


async def test_a_revoked_key_stops_at_once_here_and_within_seconds_elsewhere(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    key, token = await made(database, ApiKeyCreate("sync", grants=(Grant.IMPORT,)))
    here, elsewhere = Authenticator(database.pool), Authenticator(database.pool)
    await here.actor(token), await elsewhere.actor(token)
    await revoked(database, key)
    here.forget()
    assert await refusal(here, token) == "invalid"
    assert await elsewhere.actor(token)
    later = auth.time.monotonic() + auth.REMEMBERED_SECONDS
    monkeypatch.setattr(auth.time, "monotonic", lambda: later)
    assert await refusal(elsewhere, token) == "invalid"
    assert auth.REMEMBERED_SECONDS <= 5


async def test_an_answer_from_before_a_revocation_is_not_remembered(database: Database) -> None:
    key, token = await made(database, ApiKeyCreate("sync", grants=(Grant.IMPORT,)))

    class Slow(Counted):
        async def fetchrow(self, *arguments: Any) -> Any:
            row = await super().fetchrow(*arguments)
            if self.asked == 1:
                await revoked(database, key)
                authenticator.forget()
            return row

    authenticator = Authenticator(Slow(database.pool))  # type: ignore[arg-type]
    await authenticator.actor(token)
    assert await refusal(authenticator, token) == "invalid"


async def test_a_key_expires_while_it_is_remembered(database: Database) -> None:
    expires = datetime.now(UTC) + timedelta(hours=1)
    _, token = await made(database, ApiKeyCreate("sync", grants=(Grant.IMPORT,), expires_at=expires))
    now = expires.timestamp() - 1
    authenticator = Authenticator(database.pool, now=lambda: now)
    assert await authenticator.actor(token)
    now += 1
    assert await refusal(authenticator, token) == "expired"
    assert await refusal(authenticator, token) == "expired"


async def test_what_is_remembered_is_bounded_and_the_oldest_goes_first(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "REMEMBERED_TOKENS", 2)
    tokens = [(await made(database, ApiKeyCreate("sync", grants=(Grant.IMPORT,))))[1] for _ in range(3)]
    pool = Counted(database.pool)
    authenticator = Authenticator(pool)  # type: ignore[arg-type]
    for token in (*tokens, tokens[2], tokens[1], tokens[0]):
        await authenticator.actor(token)
    assert pool.asked == 4


@pytest.mark.parametrize(
    "token",
    [keys.new(), "spm_short", "a.b.c", "", "x" * 5_000, keys.new() + "a"],
    ids=["of nobody", "too short", "no JWT", "empty", "far too long", "a letter too long"],
)
async def test_a_token_that_is_none_is_invalid(database: Database, token: str) -> None:
    assert await refusal(Authenticator(database.pool), token) == "invalid"


@pytest.mark.parametrize(
    ("command", "code", "path"),
    [
        (ApiKeyCreate("", grants=(Grant.RUN,)), ProblemCode.INVALID, ("name",)),
        (ApiKeyCreate("a\nb", grants=(Grant.RUN,)), ProblemCode.INVALID, ("name",)),
        (ApiKeyCreate("x" * 101, grants=(Grant.RUN,)), ProblemCode.INVALID, ("name",)),
        (ApiKeyCreate("nothing"), ProblemCode.INVALID, ("grants",)),
        (ApiKeyCreate("late", grants=(Grant.RUN,), expires_at=datetime(2020, 1, 1, tzinfo=UTC)), ProblemCode.INVALID, ("expiresAt",)),
        (ApiKeyCreate("nobody", Ref(external_id="zoe")), ProblemCode.NOT_FOUND, ("rep", "externalId")),
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(
    database: Database, command: ApiKeyCreate, code: ProblemCode, path: tuple[str, ...]
) -> None:
    with pytest.raises(Refused) as refused:
        await made(database, command)
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [(code, path)]
    assert await database.pool.fetchval("select (select position from clock) + (select count(*) from api_key)") == 0


async def test_only_an_administrator_makes_keys_and_no_wider_ones_than_their_own(database: Database, people: dict[str, int]) -> None:
    rep = Actor("ana", people["ana"], frozenset({Grant.PLAN}))
    clerk = Actor("clerk", people["ana"], frozenset({Grant.ADMIN, Grant.PLAN}))
    key, _ = await made(database, ApiKeyCreate("own", Ref(external_id="ana"), (Grant.PLAN,)), clerk)
    for actor, command in (
        (rep, ApiKeyCreate("own", Ref(external_id="ana"))),
        (clerk, ApiKeyCreate("wider", grants=(Grant.SEE_ALL,))),
        (clerk, ApiKeyCreate("another's", Ref(external_id="ben"))),
    ):
        with pytest.raises(Refused):
            await made(database, command, actor)
    with pytest.raises(Refused):
        await revoked(database, key, rep)
    assert await database.pool.fetchval("select count(*) from api_key where revoked_at is null") == 1


async def test_revoking_twice_changes_nothing_and_a_strange_key_is_not_found(database: Database) -> None:
    key, _ = await made(database, ApiKeyCreate("sync", grants=(Grant.IMPORT,)))
    assert await revoked(database, key) == 2
    assert await revoked(database, key) is None
    for strange in ("key_99", "rep_1", "key_x", ""):
        with pytest.raises(Refused, match="there is no API key"):
            await revoked(database, Id(strange))


class Keys(BaseHTTPRequestHandler):
    """Serves the public keys of `current`, or nothing."""

    current: list[ECKey] | None = None
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(200 if self.current else 500)
        self.end_headers()
        self.wfile.write(json.dumps({"keys": [key.as_dict(private=False) for key in self.current or []]}).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def keys_url() -> Iterator[str]:
    Keys.current, Keys.asked = [FIRST], 0
    with HTTPServer(("127.0.0.1", 0), Keys) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/keys"
        server.shutdown()
        thread.join()


@pytest.fixture
async def trusting(database: Database, people: dict[str, int], keys_url: str) -> AsyncIterator[Authenticator]:
    yield Authenticator(database.pool, Issuer("https://id.example", "spm", keys_url), now=lambda: NOW)


def signed(key: Any = FIRST, algorithm: str = "ES256", **claims: Any) -> str:
    given = {"iss": "https://id.example", "aud": ["spm", "other"], "sub": "ana", "exp": int(NOW) + 60} | claims
    kept = {name: value for name, value in given.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": key.kid}, kept, key, algorithms=[algorithm])


async def test_a_jwt_stands_for_the_rep_that_its_subject_names(trusting: Authenticator, people: dict[str, int]) -> None:
    assert await trusting.actor(signed()) == Actor("user ana", people["ana"], frozenset())
    assert (await trusting.actor(signed(sub="ANA@x.example"))).rep_id == people["ana"]
    assert await refusal(trusting, signed(sub="b@x.example")) == "invalid"
    assert await refusal(trusting, signed(sub="zoe")) == "invalid"


async def test_a_jwts_grants_are_taken_and_unknown_ones_are_ignored(trusting: Authenticator) -> None:
    service = await trusting.actor(signed(sub="payroll", spm_grants=["RUN", "FLY"]))
    assert service == Actor("user payroll", None, frozenset({Grant.RUN}))
    assert await refusal(trusting, signed(sub="payroll", spm_grants=["FLY"])) == "invalid"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a\x00b"},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": int(NOW) + 60},
        {"spm_grants": "RUN"},
        {"spm_grants": [1]},
    ],
)
async def test_a_jwt_for_another_purpose_is_invalid(trusting: Authenticator, claims: dict[str, Any]) -> None:
    assert await refusal(trusting, signed(**claims)) == "invalid"


async def test_a_jwt_expires_after_the_leeway(trusting: Authenticator) -> None:
    assert await trusting.actor(signed(exp=int(NOW) - 29))
    assert await refusal(trusting, signed(exp=int(NOW) - 30)) == "expired"


async def test_only_signatures_of_the_issuers_private_keys_count(trusting: Authenticator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Keys, "current", [FIRST, OctKey.import_key("0" * 32, {"kid": "shared"})])
    stranger = ECKey.generate_key("P-256", {"kid": "first"})
    shared = OctKey.import_key("0" * 32, {"kid": "shared"})
    rsa = RSAKey.generate_key(2048, {"kid": "first"})
    for token in (signed(stranger), confused(), signed(shared, "HS256"), signed(rsa, "RS256"), unsigned(), signed()[:-4] + "AAAA"):
        assert await refusal(trusting, token) == "invalid"
    assert await trusting.actor(signed())


def unsigned() -> str:
    _, claims, _ = signed().split(".")
    return f"eyJhbGciOiJub25lIiwia2lkIjoiZmlyc3QifQ.{claims}."


def confused() -> str:
    """Signed by HMAC with the public key's text as the secret: what a library that believes `alg` would take."""
    _, claims, _ = signed().split(".")
    text = f"{urlsafe_b64encode(json.dumps({'alg': 'HS256', 'kid': 'first'}).encode()).rstrip(b'=').decode()}.{claims}"
    return f"{text}.{urlsafe_b64encode(hmac.digest(FIRST.as_pem(private=False), text.encode(), 'sha256')).rstrip(b'=').decode()}"


async def test_a_new_key_of_the_issuer_is_fetched_when_a_token_names_it_but_not_for_every_stranger(
    trusting: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = auth.time.monotonic()
    monkeypatch.setattr(auth.time, "monotonic", lambda: at)
    assert await trusting.actor(signed())
    Keys.current = [SECOND]
    for _ in range(5):
        assert await refusal(trusting, signed(SECOND)) == "invalid"
    assert Keys.asked == 1
    at += auth.KEYS_REFETCHED_SECONDS + 1
    assert await trusting.actor(signed(SECOND))
    assert await refusal(trusting, signed()) == "invalid"
    assert Keys.asked == 2


async def test_the_last_keys_stay_while_the_issuer_is_down(trusting: Authenticator, monkeypatch: pytest.MonkeyPatch) -> None:
    at = auth.time.monotonic()
    monkeypatch.setattr(auth.time, "monotonic", lambda: at)
    Keys.current = None
    for _ in range(3):
        with pytest.raises(ConnectionError, match="can't be read"):
            await trusting.actor(signed())
    assert Keys.asked == 1
    Keys.current = [FIRST]
    at += auth.KEYS_REFETCHED_SECONDS + 1
    assert await trusting.actor(signed())
    Keys.current = None
    at += auth.KEYS_STAY_SECONDS + 1
    assert await trusting.actor(signed())
    assert Keys.asked == 3


async def test_keys_are_read_from_a_file_too(database: Database, people: dict[str, int], tmp_path: Path) -> None:
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [FIRST.as_dict(private=False)]}))
    authenticator = Authenticator(database.pool, Issuer("https://id.example", "spm", str(tmp_path / "jwks.json")), now=lambda: NOW)
    assert (await authenticator.actor(signed())).rep_id == people["ana"]


async def test_without_an_issuer_no_jwt_is_taken(database: Database, people: dict[str, int]) -> None:
    assert await refusal(Authenticator(database.pool), signed()) == "invalid"
