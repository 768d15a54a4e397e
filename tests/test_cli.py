"""The command `spm`: what it says, and what it says when something is wrong."""

from __future__ import annotations

import socket

import pytest

from spm_graph import cli
from spm_graph.cli import serve
from spm_graph.settings import Settings, SettingsError, described


def test_the_help_names_every_command_and_every_variable(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert {"migrate", "plugins", "serve"} <= cli.commands().keys()
    assert all(f"    {command} " in said for command in cli.commands())
    assert all(f"  {setting.variable} " in said for setting in described())


def test_nothing_given_is_a_question_for_help(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: spm [-h] COMMAND ...\n\nA Sales Performance Management server")


@pytest.mark.parametrize("command", cli.commands())
def test_every_command_has_a_summary_and_an_example(command, capsys):
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    assert f"spm {command}" in capsys.readouterr().out.partition("example:\n")[2]


def test_migrating_says_where_the_database_is_and_what_guards_it(empty_url, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert cli.main(["migrate", "--check"]) == 1
    assert cli.main(["migrate"]) == 0
    assert cli.main(["migrate", "--check"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "The database is behind, at revision None: run spm migrate.",
        "The database is at revision 0001.",
        "The ledgers are guarded by the role spm_app and by triggers.",
        "The database is up to date.",
    ]


def test_a_database_out_of_reach_is_one_sentence_without_the_password(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgresql://ana:secret@127.0.0.1:1/spm")
    assert cli.main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("spm: No connection to postgresql://ana:***@127.0.0.1:1/spm: ")
    assert said.endswith(" Is DATABASE_URL right?\n")
    assert said.count("\n") == 1


def test_a_bad_variable_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setenv("SPM_PORT", "http")
    assert cli.main(["migrate"]) == 1
    assert capsys.readouterr().err == "spm: SPM_PORT='http' can't be used; expected a whole number from 1 to 65535, as in 8000\n"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SPM_DOCUMENTS": "{}/none"}, "SPM_DOCUMENTS='{}/none' can't be used: [Errno 2] No such file or directory: '{}/none'"),
        (
            {"SPM_JWT_ISSUER": "https://login.example.com/", "SPM_JWT_AUDIENCE": "spm", "SPM_JWT_JWKS": "{}/keys.json"},
            "SPM_JWT_JWKS='{}/keys.json' can't be used: [Errno 2] No such file or directory: '{}/keys.json'",
        ),
    ],
)
def test_a_file_that_a_server_can_not_start_with_is_one_sentence(variables, said, database_url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(serve, "listening", lambda settings: socket.create_server(("127.0.0.1", 0)))
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value.replace("{}", str(tmp_path)))
    assert cli.main(["serve"]) == 1
    assert capsys.readouterr() == ("", f"spm: {said.replace('{}', str(tmp_path))}\n")


def test_a_port_in_use_names_the_variable_that_chooses_another():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError) as refused:
            serve.listening(Settings(port=port))
    assert str(refused.value) == f"Port {port} is in use: choose another with SPM_PORT."


def test_a_host_that_is_not_ours_names_the_variable_that_chooses_another():
    with pytest.raises(SettingsError, match=r"^192\.0\.2\.1 is no address of this machine: choose one with SPM_HOST"):
        serve.listening(Settings(host="192.0.2.1"))
