"""A company lives at random, the same life every time. Say SPM_SEED and SPM_ACTS to live another or a longer one."""

from __future__ import annotations

import os
import time

import pytest

from spm_graph.calculation import run as calculation
from spm_graph.graph.mutations import MUTATIONS
from spm_graph.store.database import Database

from .simulation import Simulation

SEED = int(os.environ.get("SPM_SEED", "21"))
ACTS = int(os.environ.get("SPM_ACTS", "2000"))

BESIDE = {
    "ActivityRecord",
    "ActivityTargetSet",
    "ApiKeyCreate",
    "ApiKeyRevoke",
    "PlanPreview",
    "WebhookCreate",
    "WebhookDisable",
    "WebhookEnable",
    "WebhookReplay",
    "WebhookSecretRotate",
}
"""The acts that neither money nor credits, quotas or plans depend on."""


async def test_whatever_happens_the_books_stay_right(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calculation, "REPS_A_SHARD", calculation.REPS_A_SHARD)
    print(f"SPM_SEED={SEED} SPM_ACTS={ACTS}")
    began = time.monotonic()
    simulation = await Simulation.founded(database, SEED, ACTS)
    await simulation.run()
    took = time.monotonic() - began
    world = simulation.world
    print(f"{sum(world.done.values())} acts done, {world.refused.total()} refused, in {took:.0f} s: {ACTS / took:.0f} a second")
    print(dict(world.done.most_common()))
    print({f"{name} {code}": number for (name, code), number in world.refused.most_common()})
    print(simulation.problems)
    assert world.done["RunPost"] >= ACTS // 100, "a life in which nothing is posted shows nothing"
    if ACTS >= 2000:
        tried = {*world.done, *(name for name, _ in world.refused)}
        never = {mutation.command.__name__ for mutation in MUTATIONS.values()} - tried
        assert never == BESIDE, "every act that money depends on is tried in a life of two years"
