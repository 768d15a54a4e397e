"""What an import says of stages becomes history: one change for each deal at first, one more for each move."""

from __future__ import annotations

from tests.importing.conftest import Company, company, export

__all__ = ["company", "export"]

HISTORY = """
    select external_id, from_stage, to_stage, stage_change.outcome, dated::text, position
    from stage_change join opportunity on opportunity.id = opportunity_id order by external_id, position
"""


async def test_the_first_load_writes_the_first_change_of_each_deal(company: Company) -> None:
    position = (await company.load()).position
    assert await company.rows(HISTORY) == [
        ("O1", None, "Won", "WON", "2017-03-01", position),
        ("O2", None, "Lost", "LOST", "2017-03-09", position),
        ("O3", None, "Engaging", None, "2017-02-01", position),
        ("O4", None, "Prospecting", None, "2018-01-15", position),
    ]
    await company.load()
    assert await company.value("select count(*) from stage_change") == 4, "the same export again is no move"


async def test_a_later_load_writes_the_moves_and_nothing_else(company: Company) -> None:
    await company.load()
    company.export.change("sales_pipeline.csv", "O3,Ana,MG,,Engaging,2017-02-01,,", "O3,Ana,MG,,Won,2017-02-01,2017-12-31,55")
    company.export.change("sales_pipeline.csv", "O2,Ben,MG,Beta,Lost", "O2,Cleo,MG,Beta,Lost")
    company.export.change("sales_pipeline.csv", "O4,Cleo,GTXPro,,Prospecting,,,", "O4,Cleo,GTXPro,,Engaging,2018-01-10,,")
    position = (await company.load()).position
    assert [row for row in await company.rows(HISTORY) if row[-1] == position] == [
        ("O3", "Engaging", "Won", "WON", "2017-12-31", position),
        ("O4", "Prospecting", "Engaging", None, "2018-01-15", position),
    ]
