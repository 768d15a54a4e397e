"""A running server, as the tests of the API have it."""

from tests.api.conftest import administrator, serve, server

__all__ = ["administrator", "serve", "server"]
