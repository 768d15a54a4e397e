"""The server that published examples are sent to."""

from tests.api.conftest import administrator, serve, server

__all__ = ["administrator", "serve", "server"]
