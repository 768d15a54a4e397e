"""How PostgreSQL answers an operation, and how much it looks at for that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spm_graph.store.database import Database
from spm_graph.store.visibility import Actor
from tests.reading.conftest import READS


async def explained(large: Database, text: str, given: Mapping[str, Any], actor: Actor, how: str) -> Any:
    """The plan of an operation."""
    request = READS.request(text, None, given)
    plan = READS.query_plan(actor, request)
    values = READS.values_of(large, actor, request, plan, dict.fromkeys(plan.executed, "null"))
    return json.loads(await large.pool.fetchval(f"explain ({how}format json) {plan.sql}", *values))[0]["Plan"]


async def pages(large: Database, text: str, actor: Actor, **given: Any) -> int:
    """How many pages of 8 KB an operation looks at."""
    plan = await explained(large, text, given, actor, "analyze, buffers, timing off, ")
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
