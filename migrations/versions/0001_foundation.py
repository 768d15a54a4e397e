"""The first release: every table, and what must be true of them."""

import hashlib
from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = [
    Path(__file__).with_name(name).read_text(encoding="utf-8")
    for name in ("searching.sql", "tables.sql", "guards.sql", "payments.sql", "explanations.sql")
]
DIGEST = hashlib.sha256("".join(STATEMENTS).encode()).hexdigest()


def upgrade() -> None:
    """Run the files beside this one, and note which text they had."""
    connection = op.get_bind().connection.dbapi_connection
    for statements in STATEMENTS:
        connection.run_async(lambda driver, text=statements: driver.execute(text))  # whole, since only PostgreSQL splits SQL rightly
    op.execute(f"comment on table alembic_version is '{DIGEST}'")
