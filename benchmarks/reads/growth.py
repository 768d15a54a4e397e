"""What reads cost as the company grows: the same questions with few and with many deals stored, side by side."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence

import asyncpg
from sqlalchemy import make_url

from spm_graph.domain.terms import Grant
from spm_graph.graph.schema import brought, build, core
from spm_graph.incentive_types import IncentiveTypes
from spm_graph.reading.answer import Reads
from spm_graph.store import migrate
from spm_graph.store.database import Database, plain
from spm_graph.store.visibility import Actor

from .company import MANAGER, TODAY
from .company import build as fill
from .questions import QUESTIONS

DATABASE = "spm_benchmark_grown"
TIMES = 15
ASKERS = (Actor("administrator", None, frozenset(Grant)), Actor("manager", MANAGER, frozenset()), Actor("rep", 500, frozenset()))
MORE = {"50 latest opportunities": "{ opportunities(first: 50) { nodes { id name stage amount { amount } account { name } } } }"}

Costs = dict[tuple[str, str], tuple[float, int]]


async def grown(url: str, sizes: Sequence[int]) -> None:
    """Measure each size in a database of its own, and print the milliseconds and the pages touched side by side."""
    found = [await _measured(url, size) for size in sizes]
    heads = "".join(f"{f'{size:,} deals':>24}" for size in sizes)
    print(f"{'':70}{heads}\n{'':70}" + f"{'ms':>12}{'8 KB pages':>12}" * len(sizes))
    for question, asker in found[0]:
        figures = "".join(f"{ms:>12.2f}{pages:>12,}" for ms, pages in (each[question, asker] for each in found))
        print(f"{question[:52]:54}{asker:16}{figures}")


async def _measured(url: str, size: int) -> Costs:
    server = await asyncpg.connect(plain(make_url(url)))
    await server.execute(f"drop database if exists {DATABASE} with (force)")
    await server.execute(f"create database {DATABASE}")
    address = make_url(url).set(database=DATABASE).render_as_string(hide_password=False)
    try:
        await migrate.upgrade(address)
        await fill(address, size)
        async with Database.connected(address, today=lambda: TODAY, pool_size=1) as database:
            return await _costs(database)
    finally:
        await server.execute(f"drop database if exists {DATABASE} with (force)")
        await server.close()


async def _costs(database: Database) -> Costs:
    types = IncentiveTypes.of([])
    reads = Reads(core(build(types)), values=brought(types))
    costs: Costs = {}
    asked = {question.name: question.ours for question in QUESTIONS} | MORE
    for name, text in asked.items():
        for actor in ASKERS:
            request = reads.request(text)
            plan = reads.query_plan(actor, request)
            values = reads.values_of(database, actor, request, plan, {})
            took = []
            for _ in range(TIMES):
                begun = time.perf_counter()
                await reads.query(database, actor, request)
                took.append((time.perf_counter() - begun) * 1e3)
            explained = json.loads(await database.pool.fetchval(f"explain (analyze, buffers, timing off, format json) {plan.sql}", *values))
            top = explained[0]["Plan"]
            costs[name, actor.name] = (statistics.median(took), top["Shared Hit Blocks"] + top["Shared Read Blocks"])
    return costs
