"""`spm serve`: start the server: GraphQL at /graphql, a page to try it at /.

Without DATABASE_URL, PostgreSQL is started too, and stopped with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import socket
from dataclasses import replace

from spm_graph.graph.operation import serving
from spm_graph.settings import Settings, SettingsError
from spm_graph.store import embedded, migrate
from spm_graph.web import create_app
from spm_graph.web.server import Server


def configure(parser: argparse.ArgumentParser) -> None:
    """Show an example; the environment says it all."""
    parser.epilog = "example:\n  SPM_PORT=9000 spm serve"


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted."""
    with listening(settings) as door, embedded.address(settings.database_url, settings.folder) as url:
        asyncio.run(migrate.upgrade(url))  # here too, so that what is wrong is said in a sentence and not as a traceback of the web server
        server = configured(replace(settings, database_url=url))
        print(f"Serving at http://{settings.host}:{settings.port}/ until Ctrl-C.", flush=True)
        return served(server, door)


def served(server: Server, door: socket.socket) -> int:
    """Serve on a socket that listens already, until interrupted; the exit status."""
    gc.collect()
    gc.freeze()  # the schema is here to stay: each look at all of it, for what may go, would hold everybody up for 0.2 s
    server.run(sockets=[door])
    return 0 if server.started else 1


def configured(settings: Settings) -> Server:
    """The web server around the application. Raises PluginError and SettingsError for what is unfit, before anything is served."""
    return Server(create_app(settings, serving(settings.plugin_seconds)))


def listening(settings: Settings) -> socket.socket:
    """The socket of the host and the port; says which variable to change where they can't be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(f"Port {settings.port} is in use: choose another with SPM_PORT.") from None
        if error.errno == errno.EACCES:
            raise SettingsError(f"Port {settings.port} is not ours to open: choose one above 1023 with SPM_PORT.") from None
        raise SettingsError(f"{settings.host} is no address of this machine: choose one with SPM_HOST, as in 127.0.0.1.") from None
