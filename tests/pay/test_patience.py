"""The watch over code of others: it interrupts what takes too long, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import time
from threading import Thread

import pytest

from spm_graph.calculation.patience import TimeUp, Watch


def loop() -> None:
    """Go on for ever, whatever is raised that one should catch."""
    while True:
        try:
            while True:
                pass
        except Exception:
            continue


def test_what_takes_too_long_is_interrupted_again_and_again() -> None:
    with Watch(0.05) as watch:
        for _ in range(3):
            with pytest.raises(TimeUp):
                watch.over(loop)
        assert watch.over(lambda: 7) == 7


def test_an_interruption_at_the_last_moment_never_comes_up_later() -> None:
    done = late = 0
    with Watch(0.005) as watch:
        for _ in range(200):
            try:
                watch.over(lambda: time.sleep(0.0049))
                done += 1
            except TimeUp:
                late += 1
    assert (done + late, sum(range(1_000_000))) == (200, 499_999_500_000)


def test_it_is_the_thread_of_the_work_that_is_interrupted() -> None:
    said: list[str] = []

    def work(watch: Watch) -> None:
        try:
            watch.over(loop)
        except TimeUp:
            said.append("up")

    with Watch(0.05) as watch:
        other = Thread(target=work, args=(watch,))
        other.start()
        other.join(timeout=20)
    assert said == ["up"]


PROFILED = """
from spm_graph.calculation.patience import TimeUp, Watch
from spm_graph.testing import sealed

def endless():
    while True:
        pass

with Watch(0.05) as watch:
    try:
        watch.over(endless)
    except TimeUp:
        pass
with sealed():
    print(sum(number for number in range(4)))
"""


def test_an_interruption_leaves_nothing_behind_for_code_that_is_profiled() -> None:
    done = subprocess.run([sys.executable, "-c", PROFILED], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("6\n", "")
