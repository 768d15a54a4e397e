"""The command that writes a payout batch for payroll."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import pytest

from spm_graph.cli import main, payout
from spm_graph.settings import Settings

from .conftest import Payroll


async def test_spm_payout_writes_what_the_api_exports(payroll: Payroll, database_url: str, tmp_path: Path) -> None:
    await payroll.company.hire("ana")
    await payroll.adjust("ana", "2026-01", "12.30")
    await payroll.company.close("2026-01")
    file = tmp_path / "january.csv"
    arguments = argparse.Namespace(month="2026-01", csv=file)
    assert await asyncio.to_thread(payout.run, arguments, Settings(database_url=database_url)) == 1
    assert not file.exists()
    await payroll.approve("2026-01")
    assert await asyncio.to_thread(payout.run, arguments, Settings(database_url=database_url)) == 0
    assert file.read_bytes() == b"externalId,name,period,currency,amount\r\nana,Ana,2026-01,USD,12.30\r\n"
    assert file.read_bytes() == (await payroll.export("2026-01")).encode()


def test_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["payout", "--help"])
    assert "spm payout 2026-03 --csv march.csv" in capsys.readouterr().out
