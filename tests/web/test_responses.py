"""Answers are compressed where it pays and the client takes it, and a GET that was answered before costs no bytes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import httpx
import pytest

from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Client, Serving, roomy, serve
from tests.company import Company

__all__ = ["serve"]

LARGE = "{ __schema { types { name description } } }"
SMALL = "{ company { name } }"
REPS = "{ reps { nodes { name } } }"


@pytest.fixture
async def company(database: Database) -> Company:
    return await Company.founded(database, today="2026-03-15")


@pytest.fixture
async def client(serve: Callable[[Settings], str], company: Company) -> Client:
    return await Serving(serve(roomy("2026-03-15")), company.database).administrator()


async def got(client: Client, method: str, document: str, **headers: str) -> httpx.Response:
    """The response, with its body as it travelled in `extensions["raw"]`."""
    given = {"authorization": f"Bearer {client.token}", "accept-encoding": "identity", **headers}
    async with httpx.AsyncClient(timeout=60, verify=False) as http:
        asked = {"params": {"query": document}} if method == "GET" else {"json": {"query": document}}
        request = http.build_request(method, client.url, headers=given, **asked)  # type: ignore[arg-type]
        response = await http.send(request, stream=True)
        response.extensions["raw"] = b"".join([part async for part in response.aiter_raw()])
        return response


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "*", "GZIP"])
async def test_a_large_answer_is_compressed_for_who_takes_it(client: Client, accepted: str) -> None:
    plain = await got(client, "POST", LARGE)
    packed = await got(client, "POST", LARGE, **{"accept-encoding": accepted})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.extensions["raw"]) == plain.extensions["raw"]
    assert len(packed.extensions["raw"]) == int(packed.headers["content-length"]) < len(plain.extensions["raw"]) / 3
    assert "content-encoding" not in plain.headers
    assert "accept-encoding" in plain.headers["vary"]


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "*;q=0, br", ""])
async def test_who_does_not_take_it_gets_it_plain(client: Client, accepted: str) -> None:
    response = await got(client, "POST", LARGE, **{"accept-encoding": accepted})
    assert "content-encoding" not in response.headers
    assert json.loads(response.extensions["raw"])["data"]


@pytest.mark.parametrize("accepted", ["gzip, identity;q=0", "gzip;q=0.5, *;q=0"])
async def test_who_takes_nothing_else_gets_a_small_answer_compressed(client: Client, accepted: str) -> None:
    response = await got(client, "POST", SMALL, **{"accept-encoding": accepted})
    assert response.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.extensions["raw"]))["data"]["company"]["name"]


async def test_a_small_answer_is_not_compressed(client: Client) -> None:
    response = await got(client, "POST", SMALL, **{"accept-encoding": "gzip"})
    assert "content-encoding" not in response.headers


async def test_a_get_is_answered_with_304_until_its_answer_changes(client: Client, company: Company) -> None:
    first = await got(client, "GET", REPS)
    assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
    assert first.headers["vary"] == "accept, accept-encoding, authorization"
    again = await got(client, "GET", REPS, **{"if-none-match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.extensions["raw"], again.headers["etag"]) == (304, b"", first.headers["etag"])
    strong = first.headers["etag"].removeprefix("W/")
    for given in ("*", strong, f'W/"other" , {strong}'):
        assert (await got(client, "GET", REPS, **{"if-none-match": given})).status_code == 304
    assert (await got(client, "GET", REPS, **{"if-none-match": strong.strip('"')})).status_code == 200
    await company.hire("ana")
    changed = await got(client, "GET", REPS, **{"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_what_is_refused_or_comes_by_post_is_not_kept(client: Client) -> None:
    for method, document in (("POST", REPS), ("GET", "{ nothing }"), ("GET", "mutation { a }")):
        response = await got(client, method, document)
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
