"""The company of the stories about quotas."""

from __future__ import annotations

import pytest

from spm_graph.store.database import Database
from tests.company import Company


@pytest.fixture
async def company(database: Database) -> Company:
    """A company in 2026 with nobody in it yet."""
    return await Company.founded(database)
