"""The built page in a headless Chromium that reaches this machine only. Skipped where the browser or the bundle is missing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from spm_graph.web.start_page import BUNDLE
from tests.api.conftest import Client, Serving, roomy

from .browser import PROGRAM, Tab, browsing

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not (BUNDLE / "index.html").exists(), reason="the page is not built: python3 run.py page"),
]

TABS = ["FirstLook", "Dashboard", "Statement", "Events", "Refused", "Live"]
EDITED = "!!document.querySelector('.graphiql-query-editor .view-line span span')"
ANSWER = "document.querySelector('.graphiql-response').innerText.replaceAll('\\u00a0', ' ')"
DEBOUNCE_SECONDS = 0.5
"""GraphiQL looks which operations a document has a moment after it has changed."""


async def signed_in(tab: Tab, server: Serving, token: str) -> None:
    await tab.open(server.url.removesuffix("graphql"))
    await tab.until(EDITED)
    await tab.value("document.querySelector('.bar input').focus()")
    await tab.type(token)


async def answered(tab: Tab, number: int, sign: str) -> str:
    """What the page shows once a tab's operation was run."""
    await tab.value(f"document.querySelectorAll('.graphiql-tab-button')[{number}].click()")
    await tab.until(f"document.querySelectorAll('.graphiql-tab')[{number}].classList.contains('graphiql-tab-active')")
    await asyncio.sleep(DEBOUNCE_SECONDS)
    await tab.value("document.querySelector('.graphiql-execute-button').click()")
    text: str = await tab.until(f"{ANSWER}.includes({sign!r}) && {ANSWER}")
    return text


async def test_a_visitor_with_a_token_asks_reads_the_docs_and_is_alone_with_the_server(
    server: Serving, administrator: Client, tmp_path: Path
) -> None:
    assert administrator.token is not None
    await administrator.do("periodsCreate", "period { name }", {"year": 2017})
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})
    await administrator.do("repUpsert", "rep { name }", {"externalId": "ana", "name": "Ana Torres", "title": "Closer"})
    async with browsing(tmp_path / "profile") as tab:
        await signed_in(tab, server, administrator.token)
        assert await tab.until("document.querySelector('.bar output b') && document.querySelector('.bar output').innerText") == (
            "key_1 administrator sees everybody"
        )
        assert await tab.value("[...document.querySelectorAll('.graphiql-tab-button')].map((each) => each.innerText)") == TABS
        assert "2017-12-31" in await tab.value("document.querySelector('.graphiql-query-editor').innerText")
        assert '"name": "Ana Torres"' in await answered(tab, 0, "Ana Torres")
        assert '"code": "NOT_FOUND"' in await answered(tab, 4, "NOT_FOUND")
        await tab.value("document.querySelector('.graphiql-sidebar button').click()")
        await tab.until("document.querySelector('.graphiql-doc-explorer')?.innerText.includes('Mutation')")
        await tab.picture(tmp_path / "page.png")
        assert tab.complaints == []
        assert {urlsplit(url).netloc for url in tab.requests if not url.startswith("data:")} == {urlsplit(server.url).netloc}
        assert len({url for url in tab.workers if re.search(r"/assets/\w+\.worker-[\w-]+\.js$", url)}) == 3
        assert await tab.value("sessionStorage.token") == administrator.token
        assert administrator.token not in await tab.value("JSON.stringify(localStorage) + document.cookie")


async def test_a_subscription_shows_what_changes_while_the_page_is_open(server: Serving, administrator: Client, tmp_path: Path) -> None:
    assert administrator.token is not None
    await administrator.do("periodsCreate", "period { name }", {"year": 2017})
    await administrator.do("measureSet", "measure { name }", {"name": "bookings"})
    await administrator.do("repUpsert", "rep { name }", {"externalId": "ana", "name": "Ana Torres"})
    async with browsing(tmp_path / "profile") as tab:
        await signed_in(tab, server, administrator.token)
        await tab.value("document.querySelectorAll('.graphiql-tab-button')[5].click()")
        await tab.until("document.querySelectorAll('.graphiql-tab')[5].classList.contains('graphiql-tab-active')")
        await asyncio.sleep(DEBOUNCE_SECONDS)
        await tab.value("document.querySelector('.graphiql-execute-button').click()")
        await asyncio.sleep(DEBOUNCE_SECONDS)
        sale = {"externalId": "t", "kind": "ORDER", "dated": "2017-03-01", "amount": "1234", "rep": {"externalId": "ana"}}
        await administrator.do("transactionRecord", "transaction { id }", sale)
        assert '"name": "Ana Torres"' in await tab.until(f"{ANSWER}.includes('1234.00') && {ANSWER}")
        assert tab.complaints == []


async def test_the_small_page_follows_a_subscription_too(
    serve: Callable[..., str], administrator: Client, server: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("spm_graph.web.application"), "BUNDLE", tmp_path / "nowhere")
    address = serve(roomy("2018-01-15")).removesuffix("graphql")
    await administrator.do("periodsCreate", "period { name }", {"year": 2017})
    async with browsing(tmp_path / "profile") as tab:
        await tab.open(address)
        await tab.until("!!document.getElementById('token')")
        await tab.value(f"document.getElementById('token').value = {administrator.token!r}")
        await tab.value("document.getElementById('query').value = 'subscription { opportunityMoved { toStage opportunity { name } } }'")
        await tab.value("document.getElementById('run').click()")
        await tab.until("document.getElementById('status').innerText === 'listening'")
        await asyncio.sleep(DEBOUNCE_SECONDS)
        await administrator.do("repUpsert", "rep { name }", {"externalId": "ana", "name": "Ana"})
        deal = {"externalId": "d", "name": "Big", "owner": {"externalId": "ana"}, "stage": "Open", "forecastCategory": "PIPELINE"}
        await administrator.do("opportunityUpsert", "opportunity { id }", {**deal, "probability": "0.1"})
        assert '"name": "Big"' in await tab.until(
            "document.getElementById('result').innerText.includes('Big') && document.getElementById('result').innerText"
        )
        assert tab.complaints == []


async def test_what_the_server_has_no_answer_for_is_said_in_the_page(server: Serving, tmp_path: Path) -> None:
    async with browsing(tmp_path / "profile") as tab:
        await signed_in(tab, server, "spm_wrong")
        assert await tab.until("document.querySelector('.bar .problem')?.innerText") == "the bearer token is invalid"
        assert "the bearer token is invalid" in await answered(tab, 0, "invalid")
