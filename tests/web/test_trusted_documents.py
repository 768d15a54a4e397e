"""Clients name documents by their hash, however their build tool wrote them down, and a server may answer no others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from spm_graph.graph.trusted import Documents
from spm_graph.settings import Settings, SettingsError
from spm_graph.store.database import Database
from tests.api.conftest import Client, Serving, roomy, serve
from tests.company import Company

__all__ = ["serve"]

REP = "query Rep($key: String!) { rep(ref: {externalId: $key}) { name } }"
ADD = "mutation Add($input: PeriodsCreateInput!) { periodsCreate(input: $input) { period { name } } }"
HASH = hashlib.sha256(REP.encode()).hexdigest()
ANA = {"data": {"rep": {"name": "Ana"}}}
MANIFEST = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": "r1", "body": REP, "name": "Rep", "type": "query"}],
}


async def serving(serve: Callable[[Settings], str], database: Database, documents: Path | None, *, only: bool = False) -> Client:
    """The administrator of a company with Ana, on a server with trusted documents."""
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("ana")
    settings = replace(roomy("2026-03-15"), documents=documents, documents_only=only)
    return await Serving(serve(settings), database).administrator()


async def sent(client: Client, **request: Any) -> Any:
    """The answer to a body by POST."""
    async with httpx.AsyncClient(timeout=60, verify=False) as http:
        return (await http.post(client.url, json=request, headers={"authorization": f"Bearer {client.token}"})).json()


def written(folder: Path, given: object) -> Path:
    """A file with that JSON."""
    (folder / "documents.json").write_text(json.dumps(given), encoding="utf-8")
    return folder / "documents.json"


@pytest.mark.parametrize(("given", "id_"), [({"abc": REP, "def": ADD}, "abc"), (MANIFEST, "r1")])
async def test_a_document_is_named_by_the_id_that_its_build_tool_gave(
    serve: Callable[[Settings], str], database: Database, tmp_path: Path, given: object, id_: str
) -> None:
    client = await serving(serve, database, written(tmp_path, given))
    variables = {"key": "ana"}
    assert await sent(client, documentId=id_, variables=variables) == ANA
    assert await sent(client, documentId=f"sha256:{HASH}", variables=variables) == ANA
    assert await sent(client, extensions={"persistedQuery": {"version": 1, "sha256Hash": HASH}}, variables=variables) == ANA
    assert await sent(client, query=REP, variables=variables) == ANA
    assert "data" in await sent(client, query="{ company { name } }")
    headers = {"authorization": f"Bearer {client.token}"}
    async with httpx.AsyncClient(timeout=60, verify=False) as http:
        got = await http.get(client.url, params={"documentId": id_, "variables": json.dumps(variables)}, headers=headers)
    assert got.json() == ANA


async def test_a_folder_of_documents_is_read_and_nothing_else_is_answered(
    serve: Callable[[Settings], str], database: Database, tmp_path: Path
) -> None:
    (tmp_path / "screens").mkdir()
    (tmp_path / "screens" / "rep.graphql").write_text(REP, encoding="utf-8")
    client = await serving(serve, database, tmp_path, only=True)
    assert await sent(client, documentId="screens/rep.graphql", variables={"key": "ana"}) == ANA
    assert await sent(client, query=REP, variables={"key": "ana"}) == ANA
    for other in ("{ company { name } }", f"{REP} ", "{ __schema { queryType { name } } }", ADD):
        (error,) = (await sent(client, query=other))["errors"]
        assert error["extensions"] == {"code": "DOCUMENT_NOT_TRUSTED"}


async def test_a_document_that_is_not_known_is_said_so_as_apollo_s_clients_expect(
    serve: Callable[[Settings], str], database: Database
) -> None:
    client = await serving(serve, database, None)
    not_found = {"errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]}
    assert await sent(client, documentId="none") == not_found
    assert await sent(client, extensions={"persistedQuery": {"version": 1, "sha256Hash": HASH}}) == not_found
    for nothing in ({}, {"extensions": {"persistedQuery": 1}}, {"query": ""}):
        (error,) = (await sent(client, **nothing))["errors"]
        assert "`query` is missing, and so is the `documentId` of a known one" in error["message"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"abc": "{ nothing }"}, "the document abc is not valid: Cannot query field 'nothing' on type 'Query'."),
        ({"abc": "{"}, "the document abc is not valid: Syntax Error: Expected Name, found <EOF>."),
        (["abc"], "expected a JSON object of hashes and documents, or one of the format apollo-persisted-query-manifest"),
        (
            {"format": "apollo-persisted-query-manifest", "operations": [1, {"id": "a", "body": 2}]},
            "expected a JSON object of hashes and documents, or one of the format apollo-persisted-query-manifest",
        ),
        ({"abc": 1}, "expected a JSON object of hashes and documents, or one of the format apollo-persisted-query-manifest"),
    ],
)
def test_a_server_does_not_start_with_documents_that_it_can_t_answer(given: object, why: str, tmp_path: Path) -> None:
    sdl = (Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8")
    path = written(tmp_path, given)
    with pytest.raises(SettingsError) as raised:
        Documents.read(path, sdl)
    assert str(raised.value).startswith(f"SPM_DOCUMENTS={str(path)!r}")
    assert str(raised.value).endswith(why)


def test_only_trusted_documents_without_any_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match="SPM_DOCUMENTS_ONLY without SPM_DOCUMENTS would answer nothing"):
        Settings.from_environment({"SPM_DOCUMENTS_ONLY": "on"})
