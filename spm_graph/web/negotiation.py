"""Which media types a request may have, and which one its response gets: GraphQL over HTTP, sections 4 to 6."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

JSON = b"application/json"
GRAPHQL = b"application/graphql-response+json"
EVENTS = b"text/event-stream"
UTF_8 = {b"utf-8", b"utf8"}


@lru_cache(maxsize=256)
def response_type(accept: bytes | None) -> bytes | None:
    """The media type to answer with, or none if the client takes none.

    The one with the highest quality; of equals GRAPHQL if it is named, else JSON, which also answers `*/*` and no header.
    Events come last, and have to be named.
    """
    if accept is None or not accept.strip():
        return JSON
    ranges = _ranges(accept)
    anything = ranges.get(b"application/*", ranges.get(b"*/*", 0.0))
    json, graphql = ranges.get(JSON, anything), ranges.get(GRAPHQL, anything)
    if ranges.get(EVENTS, 0.0) > max(json, graphql):
        return EVENTS
    if max(json, graphql) == 0:
        return None
    return GRAPHQL if graphql > json or (graphql == json and GRAPHQL in ranges) else JSON


@lru_cache(maxsize=256)
def takes_events(accept: bytes | None) -> bool:
    """Whether the client takes events, if perhaps for subscriptions only."""
    return _ranges(accept or b"").get(EVENTS, 0.0) > 0


@lru_cache(maxsize=256)
def is_json(content_type: bytes | None) -> bool:
    """Whether a request's body is said to be JSON in UTF-8."""
    media, *parameters = (part.strip() for part in (content_type or b"").lower().split(b";"))
    return media == JSON and _charset(parameters) in UTF_8 | {None}


def _ranges(accept: bytes) -> dict[bytes, float]:
    """The media types of an Accept header and their qualities, but for those in another charset than ours."""
    return qualities(accept, lambda parameters: _charset(parameters) in UTF_8 | {None})


def qualities(accepted: bytes, counts: Callable[[list[bytes]], bool] = lambda parameters: True) -> dict[bytes, float]:
    """What a header accepts, each with its quality; of what is said twice, the higher one."""
    found: dict[bytes, float] = {}
    for item in accepted.lower().split(b","):
        name, *parameters = (part.strip() for part in item.split(b";"))
        if counts(parameters):
            found[name] = max(_quality(parameters), found.get(name, 0.0))
    return found


def _parameter(parameters: list[bytes], name: bytes) -> bytes | None:
    for parameter in parameters:
        key, _, value = parameter.partition(b"=")
        if key.strip() == name:
            return value.strip().strip(b'"')
    return None


def _charset(parameters: list[bytes]) -> bytes | None:
    return _parameter(parameters, b"charset")


def _quality(parameters: list[bytes]) -> float:
    """The weight of a media range; one that is no number from 0 to 1 counts as not acceptable."""
    given = _parameter(parameters, b"q")
    if given is None:
        return 1.0
    try:
        weight = float(given)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
