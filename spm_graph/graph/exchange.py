"""What travels between a transport and whoever answers: one GraphQL request, and its answer."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, NamedTuple, Protocol

import msgspec
from graphql import OperationType

from spm_graph.reading.stream import Stream
from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor

from .limits import Limits


class Asked(msgspec.Struct, frozen=True, rename="camel"):
    """One GraphQL request, as GraphQL over HTTP and its subscriptions write it: with a document, or the id of one."""

    query: str = ""
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None
    document_id: str | None = None

    def __post_init__(self) -> None:
        if not self.query and self.names is None:
            raise ValueError("`query` is missing, and so is the `documentId` of a known one")

    @property
    def names(self) -> str | None:
        """The id of the document that is named, as GraphQL over HTTP or as Apollo's clients write it."""
        persisted = (self.extensions or {}).get("persistedQuery")
        hashed = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
        return self.document_id or (hashed if isinstance(hashed, str) else None)

    def saying(self, query: str) -> Asked:
        """The same request with its document."""
        return msgspec.structs.replace(self, query=query)


class Kind(Enum):
    """What became of a request, as far as a transport needs to know."""

    ANSWERED = auto()
    """There is data, perhaps with errors beside it."""
    REFUSED = auto()
    """Nothing was carried out: the document, its variables or its size are at fault."""
    TIMED_OUT = auto()
    """A read was stopped because it took too long: the same request may be answered another time."""
    QUERIES_ONLY = auto()
    """Nothing was carried out: the operation is no query, and only queries were allowed."""


ANSWERED, QUERY = Kind.ANSWERED, OperationType.QUERY
"""What nearly all requests are: Python 3.11 takes a tenth of a microsecond to find the member of an enum."""


class Answer(NamedTuple):
    """The response as JSON, `{"data": …}` or `{"errors": …}`, and its kind."""

    kind: Kind
    body: bytes
    revokes: bool = False
    """Whether an API key was revoked, so that remembered tokens must be looked up again."""
    operation: OperationType | None = None
    """What was asked for, as far as it was understood."""


class Execute(Protocol):
    """Answers requests for an actor. An exception is a bug, and is masked by the transport."""

    async def answer(self, asked: Asked, actor: Actor, queries_only: bool = False) -> Answer:
        """Carry out the operation, if it is a query or anything is allowed."""
        ...

    async def subscribe(self, asked: Asked, actor: Actor, queries_only: bool = False, after: str | None = None) -> Answer | Stream:
        """The events of a subscription, behind the cursor `after` if it is given; the answer to anything else."""
        ...


class Graph(NamedTuple):
    """What answers requests: the schema in GraphQL's own language, and the function for a database and limits."""

    sdl: str
    on: Callable[[Database, Limits], Execute]
