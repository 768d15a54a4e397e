"""The DataLoaders of one request: one for each relation that it asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from strawberry.dataloader import DataLoader


class Loaders:
    """The loaders of one request."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.sessions = sessions
        self.made: dict[Any, DataLoader[int, Any]] = {}

    async def rows(self, statement: Select[Any]) -> Sequence[Any]:
        """The rows of a select."""
        async with self.sessions() as session:
            return (await session.execute(statement)).all()

    def of(self, key: Any, statement: Callable[[list[int]], Select[Any]], *, many: bool) -> DataLoader[int, Any]:
        """The loader of a relation: its select yields a key and what belongs to it."""
        if key not in self.made:

            async def load(ids: list[int]) -> list[Any]:
                found: dict[int, list[Any]] = defaultdict(list)
                for owner, value in await self.rows(statement(ids)):
                    found[owner].append(value)
                return [found[each] if many else next(iter(found[each]), None) for each in ids]

            self.made[key] = DataLoader(load)
        return self.made[key]
