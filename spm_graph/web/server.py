"""The web server around the application, and how it stops: everybody who follows is told to come back, and answers are finished."""

from __future__ import annotations

import socket
from functools import partial

import uvicorn

from .application import Application
from .arrivals import Arrivals
from .frames import Frames
from .wire import Wire

GRACE_SECONDS = 5
"""How long a shutdown waits for answers that are under way; those who follow come back with their cursor."""


class Server(uvicorn.Server):
    """uvicorn with connections of our own. Compression would cost 38 KB for each connection of a subscriber."""

    def __init__(self, app: Application) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="on",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                http=Wire,
                ws=partial(Frames, arrivals=Arrivals()),  # type: ignore[arg-type]
                ws_per_message_deflate=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self.app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, close those of subscribers, and finish the answers to others."""
        self.app.endpoint.stop()
        await super().shutdown(sockets)
