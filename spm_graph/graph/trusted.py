"""Trusted documents: clients name an operation by its hash, and a server in production may answer no others.

What clients' build tools write is read as it is: a JSON object of hashes and documents (Relay, GraphQL Code Generator), Apollo's
manifest, or a folder of documents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graphql import GraphQLError, build_schema, parse, validate

from spm_graph.reading.stream import Stream
from spm_graph.settings import SettingsError
from spm_graph.store.visibility import Actor

from .exchange import Answer, Asked, Execute, Kind

PREFIX = "sha256:"
MANIFEST = "apollo-persisted-query-manifest"
NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"


class Documents:
    """Documents by their ids, and by the SHA-256 of their text."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._by_id = {_bare(id_): text for id_, text in documents.items()} | {_hash(text): text for text in documents.values()}
        self._texts = frozenset(documents.values())

    @classmethod
    def read(cls, path: Path, sdl: str) -> Documents:
        """The documents of a file or a folder; raises SettingsError for one that can't be read or is not valid in the schema."""
        try:
            found = dict(_files(path) if path.is_dir() else _listed(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError) as error:
            raise SettingsError(f"SPM_DOCUMENTS={str(path)!r} can't be used: {error}") from error
        schema = build_schema(sdl)
        for id_, text in found.items():
            try:
                errors = validate(schema, parse(text))
            except GraphQLError as error:
                errors = [error]
            if errors:
                raise SettingsError(f"SPM_DOCUMENTS={str(path)!r}: the document {id_} is not valid: {errors[0].message}")
        return cls(found)

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, text: str) -> bool:
        return text in self._texts

    def find(self, id_: str) -> str | None:
        """The document of that id; None if there is none."""
        return self._by_id.get(_bare(id_))


class Trusting:
    """Answers requests that name a document by its id; with `only`, no other documents than those that are known."""

    def __init__(self, execute: Execute, documents: Documents, *, only: bool) -> None:
        self.execute = execute
        self.documents = documents
        self.only = only

    async def answer(self, asked: Asked, actor: Actor, queries_only: bool = False) -> Answer:
        """Carry out the operation, if it is a query or anything is allowed."""
        known = self._known(asked)
        return known if isinstance(known, Answer) else await self.execute.answer(known, actor, queries_only)

    async def subscribe(self, asked: Asked, actor: Actor, queries_only: bool = False, after: str | None = None) -> Answer | Stream:
        """The events of a subscription, behind the cursor `after` if it is given; the answer to anything else."""
        known = self._known(asked)
        return known if isinstance(known, Answer) else await self.execute.subscribe(known, actor, queries_only, after)

    def _known(self, asked: Asked) -> Asked | Answer:
        """The request with its document, or why it has none."""
        if asked.query:
            if self.only and asked.query not in self.documents:
                return _refused(NOT_TRUSTED, "This server answers the documents that it knows, and this is none of them.")
            return asked
        text = self.documents.find(asked.names or "")
        return _refused(NOT_FOUND, "PersistedQueryNotFound") if text is None else asked.saying(text)


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted([*folder.rglob("*.graphql"), *folder.rglob("*.gql")]):
        yield str(file.relative_to(folder)), file.read_text(encoding="utf-8")


def _listed(given: Any) -> Iterator[tuple[str, str]]:
    if isinstance(given, dict) and given.get("format") == MANIFEST and isinstance(given.get("operations"), list):
        operations = [each for each in given["operations"] if isinstance(each, dict)]
        given = {each["id"]: each["body"] for each in operations if isinstance(each.get("id"), str) and "body" in each}
    if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
        raise ValueError(f"expected a JSON object of hashes and documents, or one of the format {MANIFEST}")
    yield from given.items()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _bare(id_: str) -> str:
    return id_.removeprefix(PREFIX)


def _refused(code: str, message: str) -> Answer:
    return Answer(Kind.REFUSED, json.dumps({"errors": [{"message": message, "extensions": {"code": code}}]}).encode())
