"""The incentive types that are installed: found by entry point, named once, and turned from and into what is stored."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

import pluggy

from spm_graph.domain.problem import Problem, ProblemCode, Refused
from spm_graph.plugin import Contest, Hooks, IncentiveType

from .codec import Path, decode, encode
from .form import json_schema
from .shape import NAME, Shape, ShapeError, lower_first, nested, shape_of

GROUP = "spm_graph.v1"
SECONDS = 10.0


class PluginError(Exception):
    """A package that can't be used as it is; names the distribution. The server does not start with one."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One incentive type and where it comes from."""

    type: type[IncentiveType] | type[Contest]
    name: str
    """The name of its class: in the store, and of its type in the schema."""
    distribution: str
    version: str
    file: str
    shape: Shape

    @property
    def api_name(self) -> str:
        """Its field where a client gives settings: `tieredCommission`."""
        return lower_first(self.name)

    @property
    def description(self) -> str:
        """The first paragraph of its docstring."""
        return self.shape.description

    @property
    def settings(self) -> dict[str, Any]:
        """Its settings as JSON Schema."""
        return json_schema(self.shape)

    def nested_name(self, name: str) -> str:
        """What a nested type of its settings is called in the schema: with the incentive type's name before it."""
        return name if name.startswith(self.name) else self.name + name


class IncentiveTypes:
    """The installed incentive types, in order of name."""

    def __init__(self, installed: Iterable[Installed], seconds: float = SECONDS) -> None:
        self.seconds = seconds
        """How long one of them may take over one window, or one contest."""
        self._by_name: dict[str, Installed] = {}
        named: dict[str, Installed] = {}
        for each in sorted(installed, key=lambda each: (each.name, each.distribution)):
            for name in (each.name, *(each.nested_name(inner.name) for inner in nested(each.shape))):
                if name.lower() in named:
                    raise PluginError(f"{each.distribution} and {named[name.lower()].distribution} both bring a type named {name}")
                named[name.lower()] = each
            self._by_name[each.name] = each
        self._by_api_name = {each.api_name: each for each in self}
        self._by_type = {each.type: each for each in self}

    @classmethod
    def discover(cls, seconds: float = SECONDS) -> IncentiveTypes:
        """Load every package with an entry point in the group `spm_graph.v1`; raises PluginError for one that is unfit."""
        manager = pluggy.PluginManager("spm_graph")
        manager.add_hookspecs(Hooks)
        sources: dict[int, EntryPoint] = {}
        for entry in sorted(entry_points(group=GROUP), key=lambda entry: (_distribution(entry), entry.name)):
            try:
                plugin = entry.load()
                manager.register(plugin, name=f"{_distribution(entry)}:{entry.name}")
                manager.check_pending()
            except Exception as error:
                raise PluginError(f"{_distribution(entry)}: {entry.value} can't be loaded: {type(error).__name__}: {error}") from error
            sources[id(plugin)] = entry
            if not manager.get_hookcallers(plugin):
                raise PluginError(f"{_distribution(entry)}: {entry.value} has no function marked @hookimpl")
        found: list[Installed] = []
        for implementation in manager.hook.spm_incentive_types.get_hookimpls():
            entry = sources[id(implementation.plugin)]
            try:
                brought = list(cast(Iterable[object], implementation.function()))
            except Exception as error:
                raise PluginError(f"{_distribution(entry)}: spm_incentive_types failed: {type(error).__name__}: {error}") from error
            version = entry.dist.version if entry.dist else ""
            found.extend(_installed(each, _distribution(entry), version) for each in brought)
        return cls(found, seconds)

    @classmethod
    def of(cls, types: Iterable[type[IncentiveType] | type[Contest]], seconds: float = SECONDS) -> IncentiveTypes:
        """These incentive types and no others, for tests."""
        return cls((_installed(each, each.__module__, "") for each in types), seconds)

    def __iter__(self) -> Iterator[Installed]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def find(self, name: str) -> Installed | None:
        """The incentive type of that name, or None if no installed package brings it."""
        return self._by_name.get(name)

    def of_instance(self, instance: IncentiveType | Contest) -> Installed:
        """The installed type of some settings."""
        return self._by_type[type(instance)]

    def encode(self, instance: IncentiveType | Contest) -> dict[str, Any]:
        """Settings as the canonical JSON that is stored, and that a read shows."""
        return encode(instance)

    def decode(self, name: str, settings: object, path: Sequence[str] = ()) -> IncentiveType | Contest:
        """The incentive type of that name with these settings; raises Refused with every fault and its path."""
        installed = self._by_name.get(name)
        if installed is None:
            raise Refused([Problem(ProblemCode.PLUGIN_MISSING, f"no installed package brings the incentive type {name}", tuple(path))])
        try:
            return decode(installed.type, settings, path)
        except Refused:
            raise
        except Exception as error:
            said = f"{installed.distribution}: {name} refused its settings with {type(error).__name__}: {error}"
            raise Refused([Problem(ProblemCode.PLUGIN_FAILED, said, tuple(path))]) from error

    def decode_config(self, value: object, path: Path = ()) -> IncentiveType | Contest:
        """Settings from an object whose one field names the incentive type: `{"tieredCommission": {…}}`."""
        given = [name for name in value if value[name] is not None] if isinstance(value, Mapping) else []
        if not isinstance(value, Mapping) or len(given) != 1:
            known = ", ".join(self._by_api_name) or "none is installed"
            raise Refused([Problem(ProblemCode.INVALID, f"expected an object with exactly one incentive type of: {known}", path)])
        name = given[0]
        if name not in self._by_api_name:
            raise Refused([Problem(ProblemCode.PLUGIN_MISSING, f"no installed package brings {name}", (*path, str(name)))])
        return self.decode(self._by_api_name[name].name, value[name], (*path, name))


@cache
def distribution_of(type_: type) -> str:
    """The name of the distribution that brings an incentive type; its module's where no installed one does."""
    package = type_.__module__.partition(".")[0]
    found = (_distribution(entry) for entry in entry_points(group=GROUP) if entry.module.partition(".")[0] == package)
    return next(found, type_.__module__)


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.module


def _installed(cls: Any, distribution: str, version: str) -> Installed:
    named = getattr(cls, "__name__", repr(cls))
    if not (isinstance(cls, type) and is_dataclass(cls) and cls.__dataclass_params__.frozen):  # type: ignore[attr-defined]
        raise PluginError(f"{distribution}: {named} is not a frozen dataclass")
    methods = [name for name in ("earn", "award") if callable(getattr(cls, name, None))]
    if not methods:
        raise PluginError(f"{distribution}: {named} has no method earn")
    if len(methods) == 2:
        raise PluginError(f"{distribution}: {named} has both earn and award: a contest is judged as a whole, and nothing else earns in it")
    if not NAME.match(named):
        raise PluginError(f"{distribution}: {named} is no name for a type; use ASCII letters and digits, with a letter first")
    try:
        shape = shape_of(cls)
    except ShapeError as error:
        raise PluginError(f"{distribution}: {error}") from error
    return Installed(cast(type[IncentiveType] | type[Contest], cls), named, distribution, version, inspect.getfile(cls), shape)
