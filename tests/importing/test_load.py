"""An import writes what differs and nothing else; the good rows are loaded and the bad ones named."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from spm_graph.domain.problem import Refused
from spm_graph.domain.terms import Grant
from spm_graph.importing import Mapping, load
from spm_graph.importing.mapping import example
from spm_graph.store import clock
from spm_graph.store.visibility import Actor

from .conftest import CREDITS, FILES, LINES, Company

ORDERS = """
    select opportunity.external_id, kind, dated, quantity, transaction.amount, transaction.currency, account.name, product.name, rep_id,
           transaction.external_id
    from transaction join opportunity on opportunity.id = opportunity_id
    join account on account.id = transaction.account_id join product on product.id = transaction.product_id order by 1
"""

FIRST_DEAL = ("Ana", "DIRECT", date(2017, 3, 1), Decimal(1054)), ("Mia", "ROLLUP", date(2017, 3, 1), Decimal(1054))


async def test_an_export_becomes_reps_accounts_products_deals_orders_and_credits(company: Company) -> None:
    report = await company.load()
    assert {noun: count.new for noun, count in report.counts.items()} == {"reps": 5, "accounts": 2, "products": 2, "opportunities": 4}
    assert await company.rows("select external_id, name, title, office, currency from rep order by id") == [
        ("Ana", "Ana", "Sales Agent", "East", "USD"),
        ("Ben", "Ben", "Sales Agent", "East", "USD"),
        ("Cleo", "Cleo", "Sales Agent", "West", "USD"),
        ("Mia", "Mia", "Sales Manager", "East", "USD"),
        ("Max", "Max", "Sales Manager", "West", "USD"),
    ]
    assert await company.rows(
        "select a.name, a.industry, a.country, parent.name from account a left join account parent on parent.id = a.parent_id order by 1"
    ) == [("Acme", "technology", "Philippines", None), ("Beta", "retail", "Kenya", "Acme")]
    assert await company.rows("select name, family, list_price, currency from product order by id") == [
        ("GTX Pro", "GTX", Decimal(4821), "USD"),
        ("MG", "MG", Decimal("55.50"), "USD"),
    ]
    deals = "select external_id, stage, forecast_category, probability, amount, closed_on, outcome from opportunity order by id"
    assert await company.rows(deals) == [
        ("O1", "Won", "CLOSED", Decimal(1), Decimal(1054), date(2017, 3, 1), "WON"),
        ("O2", "Lost", "OMITTED", Decimal(0), Decimal(0), date(2017, 3, 9), "LOST"),
        ("O3", "Engaging", "BEST_CASE", Decimal("0.3"), None, None, None),
        ("O4", "Prospecting", "PIPELINE", Decimal("0.1"), None, None, None),
    ]
    assert await company.rows(ORDERS) == [
        ("O1", "ORDER", date(2017, 3, 1), Decimal(1), Decimal(1054), "USD", "Acme", "GTX Pro", None, None)
    ]
    assert await company.rows(CREDITS) == [*FIRST_DEAL]
    assert await company.rows(LINES) == [
        ("Ana", "Mia", date(2016, 1, 1), None),
        ("Ben", "Mia", date(2016, 1, 1), None),
        ("Cleo", "Max", date(2016, 1, 1), None),
    ]
    assert (report.periods[0], report.periods[-1]) == ("2017-01", "2017")
    assert await company.value("select count(*) from event where kind = 'OpportunityMoved'") == 0


async def test_loading_twice_changes_nothing_and_does_not_tick(company: Company) -> None:
    first = await company.load()
    again = await company.load()
    assert await company.position() == first.position
    assert again.position is None
    assert {noun: count.unchanged for noun, count in again.counts.items()} == {"reps": 5, "accounts": 2, "products": 2, "opportunities": 4}
    assert "Nothing was to be changed." in str(again)


async def test_a_later_export_changes_just_what_differs(company: Company) -> None:
    await company.load()
    company.export.change("sales_pipeline.csv", ",1054\n", ",2000\n")
    company.export.change("sales_pipeline.csv", "Engaging,2017-02-01,,\n", "Won,2017-02-01,2017-06-30,99.50\nO5,Ben,MG,,Engaging,,,\n")
    report = await company.load()
    count = report.counts["opportunities"]
    assert (count.new, count.changed, count.unchanged) == (1, 2, 2)
    assert (report.orders_new, report.orders_changed) == (1, 1)
    position = await company.position()
    changes = [(noun, changed) for noun, changed in await company.audited(position) if "id" not in changed]
    assert sorted(changes, key=str) == [
        ("opportunity", {"amount": 2000}),
        (
            "opportunity",
            {"stage": "Won", "amount": 99.5, "outcome": "WON", "closed_on": "2017-06-30", "probability": 1, "forecast_category": "CLOSED"},
        ),
        ("transaction", {"amount": 2000}),
    ]
    assert [(name, amount) for name, _, _, amount in await company.rows(CREDITS)] == [
        ("Ana", Decimal(2000)),
        ("Mia", Decimal(2000)),
        ("Ana", Decimal("99.50")),
        ("Mia", Decimal("99.50")),
    ]


async def test_a_change_of_stage_is_announced_and_a_new_deal_is_not(company: Company) -> None:
    await company.load()
    company.export.change("sales_pipeline.csv", "Engaging,2017-02-01,,\n", "Won,2017-02-01,2017-06-30,99.50\nO5,Ben,MG,,Engaging,,,\n")
    report = await company.load()
    events = await company.rows(
        """
        select position, rep_id, payload -> 'opportunity' ->> 'externalId', payload -> 'owner' ->> 'name', payload ->> 'fromStage',
               payload ->> 'toStage', payload ->> 'outcome', payload -> 'amount' ->> 'amount'
        from event where kind = 'OpportunityMoved'
        """
    )
    assert events == [(report.position, 1, "O3", "Ana", "Engaging", "Won", "WON", "99.50")]


async def test_a_deal_that_is_no_longer_won_stops_counting_and_counts_again_when_won_again(company: Company) -> None:
    await company.load()
    company.export.change("sales_pipeline.csv", "Won,2016-12-20,2017-03-01,1054", "Lost,2016-12-20,2017-04-02,0")
    await company.load()
    assert await company.rows(CREDITS) == []
    assert await company.rows(ORDERS) == [("O1", "ORDER", date(2017, 3, 1), Decimal(0), Decimal(0), "USD", "Acme", "GTX Pro", None, None)]
    assert await company.value("select sum(value) from credited") == 0
    assert await company.value("select count(*) from credit where superseded_position is not null") == 2
    company.export.write("sales_pipeline.csv", FILES["sales_pipeline.csv"])
    await company.load()
    assert await company.rows(CREDITS) == [*FIRST_DEAL]
    assert await company.value("select count(*) from transaction") == 1


async def test_a_deal_that_changes_its_owner_is_credited_to_the_new_one(company: Company) -> None:
    await company.load()
    company.export.change("sales_pipeline.csv", "O1,Ana,", "O1,Cleo,")
    report = await company.load()
    assert await company.audited(report.position) == [("opportunity", {"owner_id": 3})]
    assert [name for name, *_ in await company.rows(CREDITS)] == ["Cleo", "Max"]


async def test_an_older_revision_is_ignored_and_said_so(company: Company) -> None:
    company.export.mapping = Mapping.parse(example().replace('stage = "deal_stage"', 'stage = "deal_stage"\nrevision = "rev"'), "my.toml")
    lines = FILES["sales_pipeline.csv"].splitlines()

    def write(revisions: list[str]) -> None:
        numbered = [f"{line},{revision}" for line, revision in zip(lines, ["rev", *revisions], strict=True)]
        company.export.write("sales_pipeline.csv", "\n".join(numbered))

    write(["5", "5", "5", ""])
    await company.load()
    lines[1], lines[2] = lines[1].replace("1054", "1"), lines[2].replace(",0", ",2")
    write(["4", "6", "5", ""])
    report = await company.load()
    count = report.counts["opportunities"]
    assert (count.changed, count.stale, count.unchanged) == (1, 1, 2)
    assert await company.rows("select amount, revision from opportunity order by id limit 2") == [(Decimal(1054), 5), (Decimal(2), 6)]


async def test_bad_rows_and_those_that_depend_on_them_are_left_out_and_the_others_loaded(company: Company) -> None:
    company.export.write(
        "sales_teams.csv",
        "sales_agent,manager,regional_office\nAna,Mia,East\n,Mia,East\nCleo,Max,West\nAna,Max,West\nBen,Mia\n",
    )
    company.export.write(
        "accounts.csv",
        "account,sector,office_location,subsidiary_of\nAcme,retail,,Beta\nBeta,retail,,Gone\nGamma,retail,,Gamma\nDelta,,,\n",
    )
    company.export.change("products.csv", "4821", "dear")
    company.export.write(
        "sales_pipeline.csv",
        FILES["sales_pipeline.csv"] + "O5,Cleo,MG,Delta,Won,2017-01-01,2017-05-01,10\nO5,Cleo,MG,Delta,Won,2017-01-01,2017-05-01,11\n",
    )
    report = await company.load()
    stored_rep = "the external id of a stored rep, or of one in sales_teams.csv"
    stored_account = "the external id of a stored account, or of one in accounts.csv"
    assert [str(cell) for cell in report.bad] == [
        'sales_teams.csv:3 column sales_agent: "" is no external id; expected a value',
        'sales_teams.csv:5 column sales_agent: "Ana" is no new key; expected each key once, and line 2 has it',
        "sales_teams.csv:6: a row of 2 cells is no whole row; expected 3, as in the header",
        'accounts.csv:4 column subsidiary_of: "Gamma" is no parent; expected one that does not lead back to Gamma',
        f'accounts.csv:3 column subsidiary_of: "Gone" is no parent; expected {stored_account}',
        'accounts.csv:2 column subsidiary_of: "Beta" is no parent; expected one whose own row is good, and accounts.csv:3 is not',
        'products.csv:2 column sales_price: "dear" is no amount; expected digits with an optional point, as in 1240.50',
        'sales_pipeline.csv:2 column account: "Acme" is no account; expected one whose own row is good, and accounts.csv:2 is not',
        'sales_pipeline.csv:2 column product: "GTX Pro" is no product; expected one whose own row is good, and products.csv:2 is not',
        f'sales_pipeline.csv:3 column sales_agent: "Ben" is no owner; expected {stored_rep}',
        'sales_pipeline.csv:3 column account: "Beta" is no account; expected one whose own row is good, and accounts.csv:3 is not',
        'sales_pipeline.csv:5 column product: "GTX Pro" is no product; expected one whose own row is good, and products.csv:2 is not',
        'sales_pipeline.csv:7 column opportunity_id: "O5" is no new key; expected each key once, and line 6 has it',
    ]
    assert {noun: (count.read, count.new, count.bad) for noun, count in report.counts.items()} == {
        "reps": (7, 4, 3),
        "accounts": (4, 1, 3),
        "products": (2, 1, 1),
        "opportunities": (6, 2, 4),
    }
    assert await company.rows("select external_id from opportunity order by 1") == [("O3",), ("O5",)]
    assert report.won_amount == 10


async def test_strict_loads_nothing_if_a_row_is_bad(company: Company) -> None:
    company.export.change("sales_pipeline.csv", ",1054\n", ",dear\n")
    report = await company.load(strict=True)
    assert report.refused
    assert "Nothing was loaded, because there are bad rows." in str(report)
    assert 'sales_pipeline.csv:2 column close_value: "dear" is no amount' in str(report)
    assert await company.position() == 1
    assert await company.value("select count(*) from rep") == 0


async def test_a_dry_run_says_what_it_would_do_and_does_nothing(company: Company) -> None:
    report = await company.load(dry_run=True)
    assert report.counts["opportunities"].new == 4
    assert "A dry run: nothing was written. It would be: 1 order made, 5 titles set, 3 reporting lines set, 2 credits made or ended" in str(
        report
    )
    assert await company.position() == 1
    assert await company.value("select count(*) from rep") == 0


async def test_an_export_may_refer_to_what_an_earlier_one_brought(company: Company) -> None:
    await company.load()
    deals = example()[example().index("[opportunities]") :]
    company.export.mapping = Mapping.parse(f'currency = "USD"\n{deals}', "deals.toml")
    header = FILES["sales_pipeline.csv"].splitlines()[0]
    company.export.write("sales_pipeline.csv", f"{header}\nO9,Ben,GTXPro,Beta,Prospecting,,,\nO8,Eve,,,Prospecting,,,")
    report = await company.load()
    assert report.counts["opportunities"].new == 1
    assert [str(cell) for cell in report.bad] == [
        'sales_pipeline.csv:3 column sales_agent: "Eve" is no owner; expected the external id of a stored rep'
    ]
    assert await company.value("select count(*) from opportunity") == 5


async def test_what_a_mapping_does_not_name_is_left_alone(company: Company) -> None:
    await company.load()
    async with company.database.transaction() as tx:
        await clock.tick(tx, "test", "repUpsert")
        await tx.execute("update rep set email = 'ana@example.org' where name = 'Ana'")
        await tx.execute("insert into reporting_line (rep_id, manager_id, effective) values (4, 5, '[2016-01-01,)')")
    again = await company.load()
    assert again.position is None
    assert await company.value("select email from rep where name = 'Ana'") == "ana@example.org"


async def test_deals_of_a_product_that_gets_into_another_family_are_credited_again(company: Company) -> None:
    await company.load()
    async with company.database.transaction() as tx:
        await clock.tick(tx, "test", "creditingRuleSet")
        await tx.execute(
            "insert into crediting_rule (name, role, rep_id, product_family, share, effective)"
            " select 'new', 'OVERLAY', id, 'Newest', 1, '[2016-01-01,)' from rep where name = 'Ben'"
        )
        await tx.execute("update measure set roles = '{DIRECT,OVERLAY}'")
    company.export.change("products.csv", "GTX Pro,GTX,4821", "GTX Pro,Newest,4821")
    await company.load()
    credited = "select rep.name, role from credit join rep on rep.id = rep_id where superseded_position is null order by name"
    assert await company.rows(credited) == [("Ana", "DIRECT"), ("Ben", "OVERLAY")]


async def test_two_imports_at_once_load_everything_once(company: Company) -> None:
    reports = await asyncio.gather(company.load(), company.load(), return_exceptions=True)
    assert sorted(report.counts["opportunities"].new for report in reports if not isinstance(report, BaseException)) == [0, 4]
    assert await company.value("select count(*) from transaction") == 1
    assert await company.rows(CREDITS) == [*FIRST_DEAL]


@pytest.mark.parametrize("missing", [Grant.IMPORT, Grant.SEE_ALL, Grant.PLAN])
async def test_an_import_needs_its_grants(company: Company, missing: Grant) -> None:
    actor = Actor("integrator", None, frozenset(Grant) - {missing})
    with pytest.raises(Refused, match=f"This needs the grant {missing}"):
        await load(company.database, actor, company.export.mapping, company.export.folder)
    assert await company.position() == 1


async def test_another_currency_than_the_companys_is_refused(company: Company) -> None:
    company.export.mapping = Mapping.parse(example().replace('"USD"', '"EUR"'), "my.toml")
    with pytest.raises(Refused, match="the records are in EUR, the company's currency is USD, and there are no rates to convert by"):
        await company.load()


async def test_progress_is_told_by_file_and_phase(company: Company) -> None:
    told: list[tuple[str, int]] = []
    await company.load(progress=lambda phase, done: told.append((phase, done)))
    assert told == [
        ("sales_teams.csv", 3),
        ("sales_teams.csv", 2),
        ("accounts.csv", 2),
        ("products.csv", 2),
        ("sales_pipeline.csv", 4),
        ("comparing", 0),
        ("writing reps", 0),
        ("writing reps", 0),
        ("writing accounts", 0),
        ("writing products", 0),
        ("writing opportunities", 0),
        ("crediting", 1),
    ]


async def test_a_report_is_data_too(company: Company) -> None:
    company.export.change("products.csv", "55.50", "x")
    data = (await company.load()).data()
    assert data["counts"]["products"] == {"read": 2, "new": 1, "changed": 0, "stale": 0, "bad": 1, "unchanged": 0}
    assert data["won_amount"] == "1054.00"
    assert data["bad"][0] == {
        "file": "products.csv",
        "line": 3,
        "column": "sales_price",
        "value": "x",
        "what": "amount",
        "expected": "digits with an optional point, as in 1240.50",
    }
