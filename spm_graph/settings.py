"""What a deployment can set: environment variables, read once at the start and handed on as a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

PREFIX = "SPM_"


class SettingsError(Exception):
    """A variable of the environment has a value that can't be used; the message names it and says what was expected."""


class Form(NamedTuple):
    """How a variable is written: a function that reads it, raising ValueError, and what it expects, with an example."""

    read: Callable[[str], Any]
    expected: str


def _whole(lowest: int, highest: int, example: int) -> Form:
    def read(written: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", written) or not lowest <= int(written) <= highest:
            raise ValueError
        return int(written)

    return Form(read, f"a whole number from {lowest} to {highest}, as in {example}")


def _matching(pattern: str, expected: str) -> Form:
    def read(written: str) -> str:
        if not re.fullmatch(pattern, written):
            raise ValueError
        return written

    return Form(read, expected)


TEXT = _matching(r"\S(.*\S)?", "some text without spaces around it")
ORIGIN = _matching(r"https?://[^/\s,]+", "an origin, as in https://sales.example.com")
POSTGRES = _matching(r"postgres(ql)?://.+", "an address of PostgreSQL, as in postgresql://user:password@host/database")
PLACE = Form(lambda written: Path(written).expanduser(), "a file or a folder, as in /etc/spm/documents.json")
FOLDER = Form(lambda written: Path(written).expanduser(), "a folder, as in /var/lib/spm")
ORIGINS = Form(
    lambda written: tuple(ORIGIN.read(each.strip()) for each in written.split(",")),
    "origins with commas between them, as in https://sales.example.com,http://localhost:5173",
)
SWITCH = Form(lambda written: {"on": True, "off": False}[written], "on or off")
DATE = Form(date.fromisoformat, "a date, as in 2026-03-31")
MANY = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a deployment. Without a variable, each has its default."""

    database_url: Annotated[str | None, POSTGRES, "The PostgreSQL to use. Without it a server of our own is started in SPM_FOLDER."] = None
    folder: Annotated[Path, FOLDER, "Where the embedded PostgreSQL keeps its data."] = Path(".spm")
    pool_size: Annotated[int, _whole(1, 1_000, 10), "How many connections to PostgreSQL reads may use, and as many again for writes."] = 10
    host: Annotated[str, TEXT, "The address that the server listens on; 0.0.0.0 is every address of the machine."] = "127.0.0.1"
    port: Annotated[int, _whole(1, 65_535, 8000), "The port that the server listens on."] = 8000
    cors_origins: Annotated[tuple[str, ...], ORIGINS, "The origins whose pages may read answers in a browser, beside the own."] = ()
    estimates: Annotated[bool, SWITCH, "Whether this process keeps live estimates up to date; one process of several is enough."] = True
    webhooks: Annotated[bool, SWITCH, "Whether this process sends events to webhooks; one process of several is enough."] = True
    webhooks_private: Annotated[bool, SWITCH, "Whether webhooks may be private addresses, or without TLS, as in closed networks."] = False
    plugin_seconds: Annotated[
        int, _whole(1, 86_400, 10), "How long an incentive type may take over one window or contest before it is interrupted."
    ] = 10
    read_seconds: Annotated[int, _whole(1, 86_400, 30), "How long PostgreSQL may work on one read before it is stopped."] = 30
    today: Annotated[date | None, DATE, 'What "today" is, for demonstrations and tests. Without it the calendar says so.'] = None
    jwt_issuer: Annotated[str | None, TEXT, "Whose JSON Web Tokens are taken: their `iss`. Needs SPM_JWT_AUDIENCE and SPM_JWT_JWKS."] = None
    jwt_audience: Annotated[str | None, TEXT, "What the tokens must be meant for: their `aud`."] = None
    jwt_jwks: Annotated[str | None, TEXT, "The issuer's public keys: a JWKS file, or an https address of one."] = None
    event_retention: Annotated[
        int | None, _whole(1, 100_000, 400), "How many days events are kept for those who follow. Without it, always."
    ] = None
    documents: Annotated[Path | None, PLACE, "Trusted documents: a folder of them, or a file of hashes and documents."] = None
    documents_only: Annotated[bool, SWITCH, "Whether no other documents than the trusted ones are answered."] = False
    max_depth: Annotated[int, _whole(1, 1_000, 15), "How deeply the selections of a GraphQL document may be nested."] = 15
    max_fields: Annotated[int, _whole(1, MANY, 1_000), "How many fields a document may select, its fragments written out."] = 1_000
    max_aliases: Annotated[int, _whole(0, MANY, 30), "How many aliases a document may have."] = 30
    max_tokens: Annotated[int, _whole(1, MANY, 2_000), "How many words and signs a document may have."] = 2_000
    max_characters: Annotated[int, _whole(1, MANY, 30_000), "How long a document may be."] = 30_000
    max_nodes: Annotated[int, _whole(1, MANY, 500_000), "How many objects a document may ask for, counted from its `first`s."] = 500_000

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """The settings that these variables make; an empty one counts as missing. Raises SettingsError."""
        read, unfit = {}, []
        for name, variable, form, _ in _variables():
            if written := environ.get(variable):
                try:
                    read[name] = form.read(written)
                except (ValueError, KeyError):
                    shown = re.sub(r":[^:/@]+@", ":***@", written)  # the password of an address
                    unfit.append(f"{variable}={shown!r} can't be used; expected {form.expected}")
        if unfit:
            raise SettingsError("\n".join(unfit))
        given = [PREFIX + name.upper() for name in ("jwt_issuer", "jwt_audience", "jwt_jwks") if name in read]
        if len(given) in (1, 2):
            raise SettingsError(
                f"{' and '.join(given)} alone: SPM_JWT_ISSUER, SPM_JWT_AUDIENCE and SPM_JWT_JWKS are set together or not at all"
            )
        if read.get("documents_only") and "documents" not in read:
            raise SettingsError("SPM_DOCUMENTS_ONLY without SPM_DOCUMENTS would answer nothing: name the trusted documents, too")
        known = {variable for _, variable, _, _ in _variables()}
        for stranger in sorted(name for name in environ if name.startswith(PREFIX) and name not in known):
            if meant := get_close_matches(stranger, known, n=1, cutoff=0.8):
                raise SettingsError(f"{stranger} is no setting; is {meant[0]} meant?")
        return cls(**read)


class Described(NamedTuple):
    """A setting as the README and `--help` show it."""

    variable: str
    default: str
    expected: str
    meaning: str


def described() -> list[Described]:
    """Every setting: its variable, its default as it would be written (empty: none), what it expects and what it means."""
    defaults = Settings()
    return [
        Described(variable, _written(getattr(defaults, name)), form.expected, meaning) for name, variable, form, meaning in _variables()
    ]


def _written(default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return "" if default in (None, ()) else str(default)


def _variables() -> Iterator[tuple[str, str, Form, str]]:
    """Name, variable, form and meaning of each setting, as its annotation says them."""
    for name, annotation in get_type_hints(Settings, include_extras=True).items():
        form, meaning = annotation.__metadata__
        yield name, "DATABASE_URL" if name == "database_url" else PREFIX + name.upper(), form, meaning
