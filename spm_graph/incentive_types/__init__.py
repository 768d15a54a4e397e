"""Incentive types: which are installed, what their settings look like, and how those are written down.

`shape`, `codec` and `form` know nothing of plugins: the commands of actions use them, too.
"""

from .codec import decode, encode
from .discovery import SECONDS, IncentiveTypes, Installed, PluginError, distribution_of
from .form import json_schema
from .reads import Read, reads
from .shape import Id, Shape, ShapeError, one_of, shape_of

__all__ = [
    "SECONDS",
    "Id",
    "IncentiveTypes",
    "Installed",
    "PluginError",
    "Read",
    "Shape",
    "ShapeError",
    "decode",
    "distribution_of",
    "encode",
    "json_schema",
    "one_of",
    "reads",
    "shape_of",
]
