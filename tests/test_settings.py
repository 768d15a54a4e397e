"""Settings: what the environment says, and what is said about a bad value."""

from datetime import date
from pathlib import Path

import pytest

from spm_graph.settings import Settings, SettingsError, described


def test_an_empty_environment_gives_the_defaults():
    settings = Settings.from_environment({"PATH": "/bin", "SPM_PORT": ""})
    assert settings == Settings()
    assert (settings.database_url, settings.folder, settings.host, settings.port) == (None, Path(".spm"), "127.0.0.1", 8000)
    assert (settings.max_depth, settings.max_aliases, settings.max_tokens) == (15, 30, 2_000)
    assert (settings.max_characters, settings.max_nodes) == (30_000, 500_000)


def test_each_variable_is_read_in_its_own_type():
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgresql://ana@db/spm",
            "SPM_FOLDER": "/data",
            "SPM_PORT": "9000",
            "SPM_TODAY": "2026-03-31",
            "SPM_MAX_ALIASES": "0",
        }
    )
    expected = Settings(database_url="postgresql://ana@db/spm", folder=Path("/data"), port=9000, today=date(2026, 3, 31), max_aliases=0)
    assert settings == expected


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("SPM_PORT", "80a", "a whole number from 1 to 65535, as in 8000"),
        ("SPM_PORT", "65536", "a whole number from 1 to 65535, as in 8000"),
        ("SPM_MAX_DEPTH", "-1", "a whole number from 1 to 1000, as in 15"),
        ("SPM_MAX_NODES", "٣", "a whole number from 1 to 1000000000, as in 500000"),
        ("SPM_TODAY", "31.3.2026", "a date, as in 2026-03-31"),
        ("SPM_HOST", " ", "some text without spaces around it"),
        ("DATABASE_URL", "mysql://db", "an address of PostgreSQL, as in postgresql://user:password@host/database"),
    ],
)
def test_a_bad_value_is_named_with_what_was_expected(variable, value, expected):
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({variable: value})
    assert str(refused.value) == f"{variable}={value!r} can't be used; expected {expected}"


def test_all_bad_values_are_named_at_once():
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"SPM_ESTIMATES": "maybe", "SPM_POOL_SIZE": "0", "SPM_PORT": "9000"})
    assert str(refused.value).splitlines() == [
        "SPM_POOL_SIZE='0' can't be used; expected a whole number from 1 to 1000, as in 10",
        "SPM_ESTIMATES='maybe' can't be used; expected on or off",
    ]


def test_a_password_is_not_repeated():
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"DATABASE_URL": "mysql://ana:secret@db/spm"})
    assert "'mysql://ana:***@db/spm'" in str(refused.value)


def test_an_issuer_needs_its_audience_and_its_keys():
    with pytest.raises(SettingsError, match=r"^SPM_JWT_ISSUER alone: .* are set together or not at all$"):
        Settings.from_environment({"SPM_JWT_ISSUER": "https://login.example.com/"})


def test_a_misspelt_variable_is_refused_and_a_stranger_is_not():
    with pytest.raises(SettingsError, match=r"^SPM_PROT is no setting; is SPM_PORT meant\?$"):
        Settings.from_environment({"SPM_PROT": "9000"})
    assert Settings.from_environment({"SPM_SOMEBODY_ELSES": "1"}) == Settings()


def test_every_setting_says_what_it_means():
    by_variable = {one.variable: one for one in described()}
    assert len(by_variable) == len(Settings.__dataclass_fields__)
    assert (by_variable["SPM_PORT"].default, by_variable["DATABASE_URL"].default) == ("8000", "")
    assert all(one.meaning.endswith(".") and one.expected for one in described())
