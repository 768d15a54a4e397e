"""Opening the database as every command and the server do: started if it is ours, migrated, under the application's role."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from spm_graph.settings import Settings

from . import embedded, migrate
from .database import Database

log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database of a deployment. Raises EmbeddedServerError or DatabaseError, each a sentence that says what to do."""
    with embedded.address(settings.database_url, settings.folder) as url:
        await migrate.upgrade(url)
        role = await migrate.application_role(url)
        if role is None:
            log.warning(migrate.TRIGGERS_ONLY)
        today = settings.today
        calendar = (lambda: today) if today else date.today
        options = {"pool_size": settings.pool_size, "read_seconds": settings.read_seconds}
        async with Database.connected(url, today=calendar, role=role, **options) as database:
            yield database
