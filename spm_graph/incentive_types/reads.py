"""What the settings of an incentive type ask to be told besides the performance in their own measure and window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from spm_graph.plugin import Attained, Credited

from .shape import camel

Read = Attained | Credited


def reads(settings: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Read]]:
    """Every `Attained` and `Credited` in some settings, with the path to it in the names of the outside."""
    if isinstance(settings, (Attained, Credited)):
        yield path, settings
    elif isinstance(settings, tuple):
        for index, each in enumerate(settings):
            yield from reads(each, (*path, str(index)))
    elif is_dataclass(settings) and not isinstance(settings, type):
        for field in fields(settings):
            if field.init:
                yield from reads(getattr(settings, field.name), (*path, camel(field.name)))
