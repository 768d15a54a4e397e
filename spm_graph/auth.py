"""From a bearer token to the actor who asks.

Two kinds of token are taken: API keys of ours, of which only a hash is stored, and JWTs of one trusted issuer. What a token
came to is remembered for three seconds, so that a warm request asks the database nothing: a key revoked in this process stops
at once (`forget`), and one revoked elsewhere, or a change of a rep that a JWT names, counts three seconds later at most.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from spm_graph.actions.keys import KEY, hashed
from spm_graph.domain.terms import Grant
from spm_graph.settings import SettingsError
from spm_graph.store.pool import Pool
from spm_graph.store.seeing import Standing
from spm_graph.store.visibility import Actor

log = logging.getLogger(__name__)

REMEMBERED_SECONDS = 3
REMEMBERED_TOKENS = 10_000
LONGEST_TOKEN = 8_192

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
"""Signatures by a private key that only the issuer has; a shared secret or none at all is never taken."""

ADDRESS = ("https://", "http://")
UNREADABLE = (OSError, ValueError, KeyError, TypeError, JoseError)
KEYS_STAY_SECONDS = 300
KEYS_REFETCHED_SECONDS = 10
KEYS_BYTES = 1_000_000
KEYS_TIMEOUT_SECONDS = 5


class Unauthenticated(Exception):
    """No actor: there is no token, it has expired, or it is not valid. Nothing more is said about what is wrong with it."""

    def __init__(self, reason: Literal["missing", "invalid", "expired"]) -> None:
        super().__init__(f"the bearer token is {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose JWTs are taken: their `iss` and `aud`, where the public keys are (a JWKS file or URL), and how far clocks may differ."""

    issuer: str
    audience: str
    jwks: str
    leeway_seconds: int = 30

    def check(self) -> None:
        """Raise SettingsError for a file of keys that can't be read. An address is asked when a token comes: it may be away for a while."""
        if not self.jwks.startswith(ADDRESS):
            try:
                _fetched(self.jwks)
            except UNREADABLE as error:
                raise SettingsError(f"SPM_JWT_JWKS={self.jwks!r} can't be used: {error}") from error


class Remembered(NamedTuple):
    """Who a token stands for; `until` is on the monotonic clock."""

    standing: Standing
    until: float


def bearer(authorization: bytes | None) -> str:
    """The token of an Authorization header."""
    scheme, _, token = (authorization or b"").partition(b" ")
    token = token.strip()
    if scheme.lower() != b"bearer" or not token:
        raise Unauthenticated("missing")
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise Unauthenticated("invalid")
    return token.decode("ascii")


@dataclass(slots=True)
class Authenticator:
    """Finds the actor of a token. One for each process; `now` is the wall clock, in seconds."""

    pool: Pool
    issuer: Issuer | None = None
    now: Callable[[], float] = time.time
    _remembered: dict[str, Remembered] = field(default_factory=dict)
    """By the tokens themselves: to hash one for each request would take longer than all else here."""
    _generation: int = 0
    _keys: PublicKeys | None = None

    def __post_init__(self) -> None:
        self._keys = PublicKeys(self.issuer.jwks) if self.issuer else None

    async def actor(self, token: str) -> Actor:
        """Who the token stands for, or `Unauthenticated`. The only errors besides are the database's and the issuer's keys'."""
        return (await self.standing(token)).actor

    async def standing(self, token: str) -> Standing:
        """Who the token stands for, until when, and the row that says so; the same errors."""
        known = self._remembered.get(token)
        if known is None or known.until <= time.monotonic():
            known = await self._looked_up(token)
        if known.standing.expires <= self.now():
            self._remembered.pop(token, None)
            raise Unauthenticated("expired")
        return known.standing

    def forget(self) -> None:
        """Look every token up again at its next use. Call it after a key was revoked."""
        self._generation += 1
        self._remembered.clear()

    async def _looked_up(self, token: str) -> Remembered:
        generation = self._generation
        standing = await (self._of_key(token) if KEY.fullmatch(token) else self._of_jwt(token))
        now = time.monotonic()
        found = Remembered(standing, now + REMEMBERED_SECONDS)
        if generation == self._generation:  # else a key was revoked while we asked: this answer may be from before
            self._remembered.pop(token, None)
            self._remembered[token] = found
            self._forget_the_oldest(now)
        return found

    def _forget_the_oldest(self, now: float) -> None:
        """A few of those whose time is over, or too many: they came in the order in which their time ends. One is added at a time."""
        for token, known in list(islice(self._remembered.items(), 10)):
            if known.until > now and len(self._remembered) <= REMEMBERED_TOKENS:
                return
            del self._remembered[token]

    async def _of_key(self, token: str) -> Standing:
        # A look-up by hash takes the same time whatever part of a guess is right, so that timing tells nothing.
        row = await self.pool.fetchrow(
            "select id, name, rep_id, grants, expires_at from api_key where hash = $1 and revoked_at is null", hashed(token)
        )
        if row is None:
            raise Unauthenticated("invalid")
        actor = Actor(f"key_{row['id']} {row['name']}", row["rep_id"], known_grants(row["grants"]))
        return Standing(actor, row["expires_at"].timestamp() if row["expires_at"] else float("inf"), ("api_key", row["id"]))

    async def _of_jwt(self, token: str) -> Standing:
        if self.issuer is None or self._keys is None:
            raise Unauthenticated("invalid")
        claims = await self._verified(token, self.issuer, self._keys)
        subject, given = claims["sub"], claims.get("spm_grants", [])
        if not subject.isprintable() or not isinstance(given, list) or not all(isinstance(grant, str) for grant in given):
            raise Unauthenticated("invalid")
        rep_id, grants = await self._rep(subject), known_grants(given)
        if rep_id is None and not grants:
            raise Unauthenticated("invalid")
        return Standing(Actor(f"user {subject}", rep_id, grants), claims["exp"] + self.issuer.leeway_seconds, ("rep", rep_id))

    async def _verified(self, token: str, issuer: Issuer, keys: PublicKeys) -> dict[str, Any]:
        required = jwt.JWTClaimsRegistry(
            now=lambda: int(self.now()),
            leeway=issuer.leeway_seconds,
            iss={"essential": True, "value": issuer.issuer},
            aud={"essential": True, "value": issuer.audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            try:
                claims = _signed_claims(token, await keys.current())
            except InvalidKeyIdError:
                claims = _signed_claims(token, await keys.current(KEYS_REFETCHED_SECONDS))
            required.validate(claims)
        except ExpiredTokenError:
            raise Unauthenticated("expired") from None
        except (JoseError, ValueError, KeyError, TypeError, RecursionError):
            raise Unauthenticated("invalid") from None
        return claims

    async def _rep(self, subject: str) -> int | None:
        """The rep with this external id, or else the only one with this address."""
        found: int | None = await self.pool.fetchval("select rep_of_subject($1)", subject)
        return found


@dataclass(slots=True)
class PublicKeys:
    """The issuer's public keys, fetched again after five minutes, or when a token names one that is not among them."""

    source: str
    _keys: KeySet | None = None
    _asked: float = float("-inf")
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def current(self, oldest: float = KEYS_STAY_SECONDS) -> KeySet:
        """The keys, at most `oldest` seconds old; older ones if the source fails, which is logged."""
        async with self._one_at_a_time:
            age = time.monotonic() - self._asked
            if age >= (KEYS_REFETCHED_SECONDS if self._keys is None else oldest):
                self._asked = time.monotonic()
                try:
                    self._keys = await asyncio.to_thread(_fetched, self.source)
                except UNREADABLE as error:
                    log.warning("the issuer's keys at %s can't be read: %s", self.source, error)
            if self._keys is None:
                raise ConnectionError(f"the issuer's keys at {self.source} can't be read")
            return self._keys


def known_grants(names: list[str]) -> frozenset[Grant]:
    """The grants of these names. A name that this version does not know is ignored: it would widen nothing."""
    return frozenset(Grant[name] for name in names if name in Grant.__members__)


def _signed_claims(token: str, keys: KeySet) -> dict[str, Any]:
    registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    claims: dict[str, Any] = jwt.decode(token, keys, algorithms=ALGORITHMS, registry=registry).claims
    return claims


def _fetched(source: str) -> KeySet:
    if source.startswith(ADDRESS):
        with urllib.request.urlopen(source, timeout=KEYS_TIMEOUT_SECONDS) as response:
            text = response.read(KEYS_BYTES)
    else:
        text = Path(source).read_bytes()
    public = [key for key in KeySet.import_key_set(json.loads(text)) if key.key_type != "oct"]
    return KeySet(public)
