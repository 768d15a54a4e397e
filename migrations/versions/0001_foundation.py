"""The first release: every table, and what must be true of them."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the two files beside this one."""
    connection = op.get_bind().connection.dbapi_connection
    for name in ("tables.sql", "guards.sql"):
        statements = Path(__file__).with_name(name).read_text(encoding="utf-8")
        connection.run_async(lambda driver, text=statements: driver.execute(text))  # whole, since only PostgreSQL splits SQL rightly
