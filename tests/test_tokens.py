"""The tokens that the command line and the demonstration hand out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from spm_graph import cli
from spm_graph.actions import keys
from spm_graph.auth import Authenticator, Unauthenticated
from spm_graph.demonstration.tokens import demonstration_tokens
from spm_graph.domain.terms import Grant
from spm_graph.store import clock
from spm_graph.store.database import Database

CREDIT_ANA = (
    "insert into measure (name, kind, basis, transaction_kinds, roles) values ('bookings', 'MONEY', 'AMOUNT', '{ORDER}', '{DIRECT}')",
    """insert into transaction (kind, rep_id, dated, quantity, amount, currency)
       values ('ORDER', :ana, '2026-02-01', 1, 1, 'USD')""",
    """insert into credit (transaction_id, rep_id, role, measure_id, dated, share, amount, units, currency, sold_amount, sold_currency,
                           fx_rate, made_position)
       values (1, :ana, 'DIRECT', 1, '2026-02-01', 1, 1, 1, 'USD', 1, 'USD', 1, 1)""",
)


@pytest.fixture
async def team(database: Database) -> dict[str, int]:
    """Ana and Ben report to Max, and Max to Zoe."""
    database.today = lambda: date(2026, 3, 1)
    async with database.transaction() as tx:
        await clock.tick(tx, "test", "team")
        for name in ("zoe", "max", "ana", "ben"):
            await tx.execute("insert into rep (external_id, name, currency) values (:name, :name, 'USD')", {"name": name})
        ids = {row["name"]: row["id"] for row in await tx.rows("select name, id from rep")}
        for below, above in (("ana", "max"), ("ben", "max"), ("max", "zoe")):
            await tx.execute(
                "insert into reporting_line (rep_id, manager_id, effective) values (:below, :above, '[2026-01-01,)')",
                {"below": ids[below], "above": ids[above]},
            )
    return ids


async def test_the_demonstrations_tokens_are_the_same_at_each_start(database: Database, team: dict[str, int], tmp_path: Path) -> None:
    first = await demonstration_tokens(database, tmp_path / "data")
    position = await database.pool.fetchval("select position from clock")
    assert await demonstration_tokens(database, tmp_path / "data") == first
    assert await database.pool.fetchval("select position from clock") == position
    assert (tmp_path / "data" / "demonstration-secret").stat().st_mode & 0o777 == 0o600
    actors = {role: await Authenticator(database.pool).actor(token) for role, token in first.items()}
    assert {role: (actor.rep_id, actor.grants) for role, actor in actors.items()} == {
        "rep": (team["ana"], frozenset()),
        "manager": (team["max"], frozenset()),
        "administrator": (None, frozenset(Grant)),
    }
    assert set((await demonstration_tokens(database, tmp_path / "other")).values()).isdisjoint(first.values())


async def test_the_demonstrations_rep_owns_the_most_opportunities_whoever_has_the_most_credits(
    database: Database, team: dict[str, int], tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        await clock.tick(tx, "test", "sell")
        for owner, deals in (("ana", 1), ("ben", 2), ("max", 3)):
            await tx.execute(
                "insert into opportunity (name, owner_id, stage, forecast_category, probability, currency)"
                " select 'deal', :owner, 'Won', 'CLOSED', 1, 'USD' from generate_series(1, cast(:deals as int))",
                {"owner": team[owner], "deals": deals},
            )
        for statement in CREDIT_ANA:
            await tx.execute(statement, team)
    tokens = await demonstration_tokens(database, tmp_path)
    actors = {role: await Authenticator(database.pool).actor(token) for role, token in tokens.items()}
    assert (actors["rep"].rep_id, actors["manager"].rep_id) == (team["ben"], team["max"])


async def test_a_revoked_token_of_the_demonstration_stays_revoked_and_another_takes_its_place(
    database: Database, team: dict[str, int], tmp_path: Path
) -> None:
    first = await demonstration_tokens(database, tmp_path)
    async with database.transaction() as tx:
        await clock.tick(tx, "test", "revoke")
        await tx.execute("update api_key set revoked_at = now() where hash = :hash", {"hash": keys.hashed(first["manager"])})
    second = await demonstration_tokens(database, tmp_path)
    assert (second["rep"], second["administrator"]) == (first["rep"], first["administrator"])
    assert (await Authenticator(database.pool).actor(second["manager"])).rep_id == team["max"]
    with pytest.raises(Unauthenticated):
        await Authenticator(database.pool).actor(first["manager"])


async def test_before_anybody_reports_to_anybody_there_is_only_the_administrator(database: Database, tmp_path: Path) -> None:
    assert list(await demonstration_tokens(database, tmp_path)) == ["administrator"]


def test_the_command_prints_a_key_that_works_and_nothing_else(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert cli.main(["token", "--admin", "--expires", "2999-01-01", "--name", "everything"]) == 0
    assert keys.KEY.fullmatch(capsys.readouterr().out.rstrip("\n"))
    assert cli.main(["token", "--grant", "run", "--grant", "CLOSE"]) == 0
    assert cli.main(["token", "--rep", "nobody"]) == 1
    assert capsys.readouterr().err == 'spm: there is no rep "nobody"\n'
    assert cli.main(["token", "--admin", "--expires", "2020-01-01"]) == 1
    assert capsys.readouterr().err == "spm: 2020-01-01T00:00:00+00:00 is past\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "would open nothing"), (["--grant", "FLY"], "invalid choice"), (["--admin", "--expires", "soon"], "--expires")],
)
def test_the_command_says_what_is_wrong_with_its_arguments(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["token", *arguments])
    assert said in capsys.readouterr().err
