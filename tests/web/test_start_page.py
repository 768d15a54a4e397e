"""The page at `/`: how it is served, packed and allowed, and that its ready queries can be asked."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from graphql import build_schema, parse, validate
from hatchling.builders.wheel import WheelBuilder
from starlette.applications import Starlette

from spm_graph.graph.mutations import mutation_type
from spm_graph.graph.schema import build, printed
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.web.start_page import start_page

ROOT = Path(__file__).parents[2]
OPERATIONS = sorted((ROOT / "spm_graph" / "web" / "page" / "operations").glob("*.graphql"))
SCRIPT = b"export const answer = 42;\n"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """What the build makes, in small."""
    folder = tmp_path / "spm_graph" / "_page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<meta name="today" content="__TODAY__"><script nonce="__NONCE__" src="/assets/a-1.js"></script>')
    (folder / "assets" / "a-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets" / "notes.txt.gz").write_bytes(gzip.compress(b"not for a browser"))
    return folder


@pytest.fixture
async def browser(bundle: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=start_page(bundle, lambda request: date(2026, 7, 4)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://spm") as client:
        yield client


async def test_each_answer_has_a_nonce_of_its_own_and_the_servers_day(browser: httpx.AsyncClient) -> None:
    first, second = await browser.get("/"), await browser.get("/")
    assert first.text.startswith('<meta name="today" content="2026-07-04">')
    nonces = [answer.text.partition('nonce="')[2].partition('"')[0] for answer in (first, second)]
    assert len(set(nonces)) == 2 and all(len(nonce) >= 16 for nonce in nonces)
    policy = first.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ") and f"style-src 'self' 'nonce-{nonces[0]}';" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert first.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, br", "gzip"),
        ("*", "gzip"),
        ("br;q=1, gzip ; q=0.2", "gzip"),
        ("", None),
        ("br", None),
        ("gzip;q=0", None),
        ("gzip;q=0.0, *", None),
    ],
)
async def test_an_asset_is_kept_for_ever_and_packed_for_whoever_takes_it(
    browser: httpx.AsyncClient, accepted: str, coding: str | None
) -> None:
    answer = await browser.get("/assets/a-1.js", headers={"accept-encoding": accepted})
    assert answer.content == SCRIPT
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")


@pytest.mark.parametrize("name", ["b-1.js", "notes.txt", "a-1.js.gz", "..%2Findex.html", "%2Fetc%2Fpasswd"])
async def test_nothing_else_in_or_around_the_folder_is_served(browser: httpx.AsyncClient, name: str) -> None:
    assert (await browser.get(f"/assets/{name}")).status_code == 404


async def test_without_a_bundle_there_is_a_small_page(tmp_path: Path) -> None:
    app = Starlette(routes=start_page(tmp_path, lambda request: date(2026, 7, 4)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://spm") as client:
        assert '<textarea id="query"' in (await client.get("/")).text
        assert (await client.get("/assets/a-1.js")).status_code == 404


def test_a_wheel_has_the_bundle_though_git_has_not_and_none_of_its_sources(bundle: Path, tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("migrations/env.py", "spm_graph/__init__.py", "spm_graph/web/page.html", "spm_graph/web/page/package.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (wheel,) = WheelBuilder(str(tmp_path)).build(directory=str(tmp_path / "dist"), versions=["standard"])
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("spm_graph-")}
    built = {path.relative_to(tmp_path).as_posix() for path in bundle.rglob("*.*")}
    assert packed == built | {"spm_graph/__init__.py", "spm_graph/_migrations/env.py", "spm_graph/web/page.html"}


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.stem)
def test_a_ready_query_is_one_of_this_schema(file: Path) -> None:
    schema = build_schema(printed(build(IncentiveTypes.discover(), mutation_type)))
    assert validate(schema, parse(file.read_text(encoding="utf-8"))) == []
