"""A headless Chromium, driven through its own protocol, that can reach this machine and no other.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PROGRAM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
    "--window-size=1440,900",
)
KEYS = {"Enter": 13, "Escape": 27}
STEP_SECONDS = 0.05
PATIENCE_SECONDS = 30


class Tab:
    """A page that is open in the browser, what it asked for, and what the browser complained of in it and its workers."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.session: str | None = None
        self.numbers = count(1)
        self.waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.tasks: set[asyncio.Task[Any]] = set()
        self.requests: list[str] = []
        self.sockets: list[str] = []
        self.workers: list[str] = []
        self.complaints: list[str] = []

    async def listen(self) -> None:
        """Sort what the browser says, to its end."""
        with suppress(ConnectionClosed):
            async for message in self.socket:
                said = json.loads(message)
                if "id" not in said:
                    self.told(said["method"], said["params"])
                elif (waiting := self.waiting.pop(said["id"])).done():
                    continue
                elif "error" in said:
                    waiting.set_exception(RuntimeError(said["error"]["message"]))
                else:
                    waiting.set_result(said["result"])

    def told(self, method: str, params: dict[str, Any]) -> None:
        """Keep what a test may want to know."""
        match method:
            case "Target.attachedToTarget":
                self.workers.append(params["targetInfo"]["url"])
                self.later(self.watch(params["sessionId"]))
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Network.webSocketCreated":
                self.sockets.append(params["url"])
            case "Runtime.exceptionThrown":
                self.complaints.append(str(params["exceptionDetails"].get("exception", params).get("description")))
            case "Runtime.consoleAPICalled" if params["type"] in {"error", "warning", "assert"}:
                self.complaints.append(" ".join(str(each.get("value", each.get("description"))) for each in params["args"]))
            case "Log.entryAdded" if params["entry"]["level"] in {"error", "warning"}:
                self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}".strip())
            case "Audits.issueAdded" if params["issue"]["code"] == "ContentSecurityPolicyIssue":
                self.complaints.append(json.dumps(params["issue"]["details"]["contentSecurityPolicyIssueDetails"]))

    def later(self, work: Any) -> None:
        """Do something beside the listening."""
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def watch(self, session: str | None) -> None:
        """Have the browser tell what goes on in a page or a worker."""
        for domain in ("Runtime", "Network", "Log", "Audits"):
            await self.call(f"{domain}.enable", session)

    async def call(self, method: str, session: str | None = None, /, **params: Any) -> dict[str, Any]:
        """The browser's answer to a command."""
        number = next(self.numbers)
        self.waiting[number] = answer = asyncio.get_running_loop().create_future()
        command = {"id": number, "method": method, "params": params}
        await self.socket.send(json.dumps(command | ({"sessionId": session or self.session} if session or self.session else {})))
        return await asyncio.wait_for(answer, PATIENCE_SECONDS)

    async def open(self, url: str) -> None:
        """Go to an address."""
        await self.call("Page.navigate", url=url)

    async def value(self, expression: str) -> Any:
        """What an expression is in the page."""
        said = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    async def until(self, expression: str) -> Any:
        """The value of an expression once it is true."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while not (found := await self.value(expression)):
            assert asyncio.get_running_loop().time() < deadline, f"never true: {expression}; complaints: {self.complaints}"
            await asyncio.sleep(STEP_SECONDS)
        return found

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        await self.call("Input.insertText", text=text)

    async def press(self, key: str, *, control: bool = False) -> None:
        """Press a key."""
        pressed = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key], "modifiers": 2 if control else 0}
        await self.call("Input.dispatchKeyEvent", type="rawKeyDown", **pressed)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)

    async def picture(self, file: Path) -> None:
        """Save what is to be seen as a PNG."""
        shot = await self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(shot["data"]))


@asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[Tab]:
    """A tab of a browser of its own, whose profile is in an empty folder."""
    assert PROGRAM is not None
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = {"stdout": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL}
    browser = await asyncio.create_subprocess_exec(PROGRAM, *FLAGS, *sandbox, f"--user-data-dir={folder}", "about:blank", **quiet)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (told := folder / "DevToolsActivePort").exists() or len(lines := told.read_text().splitlines()) < 2:
                assert browser.returncode is None, "Chromium did not start"
                await asyncio.sleep(STEP_SECONDS)
        async with connect(f"ws://127.0.0.1:{lines[0]}{lines[1]}", max_size=None, proxy=None) as socket:
            tab = Tab(socket)
            tab.later(tab.listen())
            target = await tab.call("Target.createTarget", url="about:blank")
            attached = await tab.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
            tab.session = attached["sessionId"]
            await tab.call("Page.enable")
            await tab.watch(tab.session)
            await tab.call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
            yield tab
    finally:
        if browser.returncode is None:
            browser.terminate()
        await browser.wait()
