"""What packages of partners can rely on is written down in `tests/public_api.txt`, and changes only on purpose.

After a change on purpose: delete the file, run the test, which writes it anew, and read the difference as a partner would.
"""

from __future__ import annotations

import enum
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from spm_graph.plugin import Hooks

EXPECTED = Path(__file__).parent / "public_api.txt"
MODULES = ("spm_graph.plugin", "spm_graph.testing")


def described() -> str:
    """Every public name with its signature, a line each; what belongs to it is indented below."""
    lines: list[str] = []
    for module in MODULES:
        public = importlib.import_module(module)
        lines += [f"{module}", *(f"    {line}" for name in sorted(public.__all__) for line in _of(name, getattr(public, name)))]
    hooks = [f"    {name}{inspect.signature(hook)}" for name, hook in sorted(vars(Hooks).items()) if hasattr(hook, "spm_graph_spec")]
    return "\n".join([*lines, "hooks, by entry point of the group spm_graph.v1", *hooks]) + "\n"


def _of(name: str, found: Any) -> Iterator[str]:
    if isinstance(found, type) and issubclass(found, enum.Enum):
        yield f"enum {name}"
        yield from (f"    {member.name}" for member in found)
    elif isinstance(found, type):
        yield f"class {name}"
        if is_dataclass(found):
            yield from (f"    {each.name}: {each.type}{_default(each)}" for each in fields(found))
        else:
            yield from (f"    {each}: {type_}" for each, type_ in inspect.get_annotations(found).items())
        for each, member in sorted(vars(found).items()):
            if isinstance(member, property):
                yield f"    {each} -> {inspect.signature(member.fget).return_annotation}"  # type: ignore[arg-type]
            elif inspect.isfunction(member) and not each.startswith("_"):
                yield f"    {each}{inspect.signature(member)}"
    elif inspect.isfunction(found):
        yield f"{name}{inspect.signature(found)}"
    else:
        yield f"{name}: {type(found).__name__}"


def _default(field: Any) -> str:
    if field.default_factory is not MISSING:
        return f" = {field.default_factory.__name__}()"
    return "" if field.default is MISSING else f" = {field.default!r}"


def test_the_public_api_is_what_was_promised() -> None:
    if not EXPECTED.exists():
        EXPECTED.write_text(described(), encoding="utf-8")
        pytest.fail(f"{EXPECTED.name} was missing and is written anew: read it, and run again")
    assert described() == EXPECTED.read_text(encoding="utf-8")


def test_the_hooks_are_documented_as_they_are() -> None:
    documented = {name for name, hook in vars(Hooks).items() if hasattr(hook, "spm_graph_spec") and inspect.getdoc(hook)}
    assert documented == {"spm_incentive_types"}
    for name in documented:
        assert f"def {name}(" in (inspect.getdoc(importlib.import_module("spm_graph.plugin")) or ""), name
