"""The clients that frontend developers use work against the schema and the server."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spm_graph.settings import Settings
from spm_graph.store.database import Database
from tests.api.conftest import Client, Serving, roomy, serve
from tests.company import Company

from .conftest import HERE, PACKAGES, Node

__all__ = ["serve"]

SCHEMA = HERE.parents[1] / "schema.graphql"
SCALARS = {"Date": "string", "DateTime": "string", "Decimal": "string", "Cursor": "string", "Position": "string", "JSON": "unknown"}


@pytest.fixture
async def administrator(serve: Callable[[Settings], str], database: Database) -> Client:
    """The administrator of a company with Ana, Ben and Cleo."""
    company = await Company.founded(database, today="2026-03-15")
    await company.hire("ana", "ben")
    await company.hire("cleo", manager="ana")
    return await Serving(serve(roomy("2026-03-15")), database).administrator()


async def told(node: Node, script: str, client: Client) -> Any:
    """What a script prints about the server, which goes on answering meanwhile."""
    assert client.token is not None
    return await asyncio.to_thread(node.told, script, client.url, client.token)


async def test_graphql_http_finds_no_fault_and_warns_of_nothing(node: Node, administrator: Client) -> None:
    found = await told(node, "audit.mjs", administrator)
    assert len(found) == 61
    assert [audit for audit in found if audit["status"] != "ok"] == []


async def test_apollo_client_pages_and_keeps_what_it_got_by_id(node: Node, administrator: Client) -> None:
    assert await told(node, "apollo.mjs", administrator) == {
        "first": ["Ana", "Ben"],
        "pages": ["Ana", "Ben", "Cleo"],
        "renamed": "Ana Zwei",
        "after": ["Ana Zwei", "Ben", "Cleo"],
        "refused": [{"__typename": "Problem", "code": "INVALID", "path": ["name"]}],
        "wrong": ["Cannot query field 'nothing' on type 'Query'."],
    }


async def test_urql_asks_by_post_and_get_and_asks_again_after_a_mutation(node: Node, administrator: Client) -> None:
    assert await told(node, "urql.mjs", administrator) == {
        "said": ["Ben", "Ben", "Ben Drei", "Ben Drei"],
        "cached": 1,
        "requests": 5,
        "wrong": ["Cannot query field 'nothing' on type 'Query'."],
    }


async def test_relay_s_compiler_takes_the_schema_and_the_server_answers_what_it_made(
    node: Node, administrator: Client, tmp_path: Path
) -> None:
    shutil.copytree(HERE / "relay", tmp_path, dirs_exist_ok=True)
    scalars = {name: "string" if type_ == "unknown" else type_ for name, type_ in SCALARS.items()}
    config = {"src": "src", "schema": "schema.graphql", "language": "javascript", "customScalarTypes": scalars}
    shutil.copyfile(SCHEMA, tmp_path / "schema.graphql")
    (tmp_path / "relay.config.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    node.run(PACKAGES / ".bin" / "relay-compiler", "relay.config.json", folder=tmp_path)
    made = {path.stem.removesuffix(".graphql"): text_of(path) for path in (tmp_path / "src").rglob("*Query.graphql.js")}
    assert sorted(made) == ["TeamPageQuery", "TeamQuery", "TeamRepQuery"]
    page = (await administrator.ask(made["TeamQuery"], first=2))["reps"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["Ana", "Ben"]
    rest = (await administrator.ask(made["TeamPageQuery"], first=2, after=page["pageInfo"]["endCursor"]))["reps"]
    cleo = rest["edges"][0]["node"]
    assert (cleo["name"], cleo["manager"]["name"], rest["pageInfo"]["hasNextPage"]) == ("Cleo", "Ana", False)
    again = (await administrator.ask(made["TeamRepQuery"], id=cleo["id"]))["node"]
    assert {name: again[name] for name in ("__typename", "id", "name")} == {"__typename": "Rep", "id": cleo["id"], "name": "Cleo"}


def text_of(artifact: Path) -> str:
    """The document that a generated artifact sends."""
    (found,) = re.findall(r'"text": (".*")', artifact.read_text(encoding="utf-8"))
    text: str = json.loads(found)
    return text


def test_codegen_s_types_fit_what_a_screen_says(node: Node, tmp_path: Path) -> None:
    shutil.copytree(HERE / "codegen", tmp_path, dirs_exist_ok=True)
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    plugins = ["typescript-operations", "typed-document-node"]
    config = {"strictScalars": True, "useTypeImports": True, "scalars": SCALARS, "enumsAsTypes": True}
    generated = {"generated.ts": {"plugins": plugins, "config": config}}
    whole = {"schema": str(SCHEMA), "documents": "operations.graphql", "generates": generated}
    (tmp_path / "codegen.json").write_text(json.dumps(whole), encoding="utf-8")
    node.run("graphql-codegen", "--config", "codegen.json", folder=tmp_path)
    options = ["--strict", "--noEmit", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"]
    node.run("tsc", *options, "usage.ts", folder=tmp_path)
