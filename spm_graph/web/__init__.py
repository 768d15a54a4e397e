"""The web application: how a request travels to the graph and its answer back.

`application` has the routes. `endpoint` is GraphQL over HTTP; those who follow come by Server-Sent Events, `sse`, or by
WebSocket, `socket`. `metrics` is for monitoring, and `start_page` for who looks in with a browser.
"""

from .application import Service, application, create_app

__all__ = ["Service", "application", "create_app"]
