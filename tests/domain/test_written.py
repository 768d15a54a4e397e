"""What clients write, where it is close to what can't be used."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from spm_graph.domain import written


def test_the_first_and_the_last_day_are_within_reach() -> None:
    assert [written.day(text) for text in ("1900-01-01", "2999-12-31")] == [date(1900, 1, 1), date(2999, 12, 31)]
    assert written.moment("2999-12-31T00:00:00Z") == datetime(2999, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_out_of_reach_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match=f'^"{day}" is out of reach; expected a day from 1900-01-01 to 2999-12-31$'):
        written.day(day)
    with pytest.raises(ValueError, match="is out of reach"):
        written.moment(f"{day}T23:59:59-14:00")
