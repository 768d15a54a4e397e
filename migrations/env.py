"""What alembic runs: on the connection that `spm_graph.store.migrate` hands over, or, for alembic's own command, on DATABASE_URL."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from spm_graph.store.tables import metadata


def migrate(connection: Connection) -> None:
    """Run the revisions in one transaction."""
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_database_url() -> None:
    """Connect to DATABASE_URL first."""
    engine = create_async_engine(make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+asyncpg"))
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


if connection := context.config.attributes.get("connection"):
    migrate(connection)
else:
    asyncio.run(migrate_database_url())
