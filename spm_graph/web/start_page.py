"""The page at `/`: GraphiQL where its bundle was built, and a small page of our own where it wasn't.

Both are whole without any other host, and both have a policy under which no script runs but theirs.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

BUNDLE = Path(__file__).parents[1] / "_page"
SMALL_PAGE = Path(__file__).with_name("page.html")

NOT_SNIFFED = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
MEDIA = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".ttf": "font/ttf"}

CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
GRAPHIQL_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "style-src 'self' 'nonce-{nonce}'; " + CLOSED
)
"""Everything from this server only, no eval, and nothing inline but style elements with the nonce of the answer.

Those the editor makes as it goes (`page/styles.js`). Fonts and icons are in the style sheets as data.
"""

ASSET_POLICY = "default-src 'none'; script-src 'self'; " + CLOSED
"""A worker has the policy of its own file, not that of the page."""

Serve = Callable[[Request], Awaitable[Response]]
Today = Callable[[Request], date]


def start_page(bundle: Path | None, today: Today) -> list[BaseRoute]:
    """The routes of the page: of the bundle in this folder if there is one, or else of the small page.

    The page is told the server's today, from which its ready queries take a quarter that is over.
    """
    if bundle is None or not (bundle / "index.html").exists():
        return [Route("/", small_page())]
    text = (bundle / "index.html").read_text(encoding="utf-8")
    return [Route("/", graphiql(text, today)), Route("/assets/{name}", asset(bundle / "assets"))]


def graphiql(text: str, today: Today) -> Serve:
    """GraphiQL: the built page with a fresh nonce in each answer."""

    async def page(request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        filled = text.replace("__NONCE__", nonce).replace("__TODAY__", today(request).isoformat())
        policy = GRAPHIQL_POLICY.format(nonce=nonce)
        return HTMLResponse(filled, headers={"content-security-policy": policy, "cache-control": "no-store", **NOT_SNIFFED})

    return page


def asset(folder: Path) -> Serve:
    """The files that the built page loads: 2 MB, gzipped. Each is named by its content, so that a browser asks once."""
    known = {path.stem: path.read_bytes() for path in folder.glob("*.gz") if Path(path.stem).suffix in MEDIA}

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in known:
            return PlainTextResponse("there is no such file", status_code=404, headers=NOT_SNIFFED)
        packed = known[name]
        headers = {"content-security-policy": ASSET_POLICY, **FOR_EVER, **NOT_SNIFFED}
        media = MEDIA[Path(name).suffix]
        if accepts_gzip(request.headers.get("accept-encoding", "")):
            return Response(packed, headers={"content-encoding": "gzip", **headers}, media_type=media)
        return Response(gzip.decompress(packed), headers=headers, media_type=media)

    return file


def accepts_gzip(accepted: str) -> bool:
    """Whether a client says that it takes gzip."""
    codings = {name.strip(): weight.replace(" ", "") for name, _, weight in (each.partition(";") for each in accepted.split(","))}
    return not re.fullmatch(r"q=0(\.0*)?", codings.get("gzip", codings.get("*", "q=0")))


def small_page() -> Serve:
    """A page to try queries on. Its policy allows its own script and style, by their hashes, and requests to this server."""
    text = SMALL_PAGE.read_text(encoding="utf-8")
    allowed = {
        element: " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()}'"
            for found in re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
        )
        for element in ("script", "style")
    }
    policy = f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']}; connect-src 'self'; {CLOSED}"

    async def page(request: Request) -> Response:
        return HTMLResponse(text, headers={"content-security-policy": policy, "cache-control": "no-cache", **NOT_SNIFFED})

    return page
