"""The web application: how a request travels to the graph and its answer back."""

from .application import Service, application, create_app

__all__ = ["Service", "application", "create_app"]
