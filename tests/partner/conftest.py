"""One environment with our wheels for all who come as a partner; who installs something there takes it away again."""

from __future__ import annotations

import pytest

from .environment import OURS, Environment, wheels


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A fresh environment with wheels of everything of ours."""
    folder = tmp_path_factory.mktemp("partner")
    made = Environment.fresh(folder / "environment")
    built = wheels(folder / "wheels", *OURS)
    assert len(built) == len(OURS)
    made.pip("install", "--quiet", "--no-deps", "--no-index", *built)
    return made
