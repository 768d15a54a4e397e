"""What-if in interactive time: `python -m benchmarks.what_if`.

In a company of 1,000 reps and 200,000 opportunities, ask for one seller, for one manager, and for sellers who compete with 10
and with 400 others in a contest of the quarter, over HTTP, one request after the other and the questions in turns:

    read        name, attainment and statement: what PostgreSQL alone answers
    one deal    `whatIf` with a deal won: before, after, by component
    and gaps    the same with `gapToNextTier`, which asks the incentive types some fifty times each
    best deals  `bestDeals`: each of up to 200 open deals won alone

Figures are medians in milliseconds, and their ratio to the plain read of the same rep.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import httpx
from sqlalchemy import make_url

from benchmarks.estimates.company import SERVER, TODAY, TOKEN, build, connected
from benchmarks.reads.servers import ours, started
from spm_graph.store import embedded

REPS, DEALS = 1_000, 200_000
WHO = {"seller": "rep-500", "manager": "rep-50", "of 11": "rep-305", "of 401": "rep-700"}

CONTESTS = """
set session_replication_role = replica;
insert into plan (id, name) overriding system value values (3, 'Of 11'), (4, 'Of 401');
insert into plan_version (id, plan_id, version, state, effective) overriding system value
values (3, 3, 1, 'DRAFT', '[2026-01-01,)'), (4, 4, 1, 'DRAFT', '[2026-01-01,)');
insert into component (id, plan_id) overriding system value values (4, 3), (5, 4);
insert into component_version (component_id, plan_version_id, ordinal, name, incentive_type, measure_id, window_kind, quota_basis, round,
                               config)
select plan_id + 1, plan_id, 1, 'race', 'SpifContest', 1, 'QUARTER_TO_DATE', 'FULL_WINDOW', 1, '{"prizes": ["5000", "2000", "1000"]}'
from plan_version where plan_id > 2;
update plan_version set state = 'PUBLISHED', published_position = 1 where plan_id > 2;
insert into plan_assignment (plan_id, rep_id, effective)
select case when id <= 310 then 3 else 4 end, id, daterange('2026-01-01', null) from rep
where id between 300 and 310 or id between 600 and 1000 order by id;
"""
QUESTIONS = {
    "read": '{ name attainment(period: {name: "2026-Q2"}) { credited { value } ratio }'
    ' statement(period: {name: "2026-05"}) { payable { amount } } }',
    "one deal": '{ whatIf(scenario: {newDeals: [{amount: "4321"}]}) { difference { amount } problems { message }'
    " byComponent { name before { amount } after { amount } } } }",
    "and gaps": '{ whatIf(scenario: {newDeals: [{amount: "4321"}]}) { difference { amount } problems { message }'
    " byComponent { name gapToQuota { value } gapToNextTier { value } } } }",
    "best deals": '{ bestDeals(period: {name: "2026-05"}) { opportunity { name } adds { amount } addsWeighted { amount } problem } }',
}


async def main() -> None:
    """Build, ask in turns, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.what_if", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30, help="how often each question is asked (default: 30)")
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="spm-benchmark-") as folder:
        Path(folder).chmod(0o755)
        with embedded.server(Path(folder), SERVER) as url:
            async with connected(url) as connection:
                await connection.execute("create database what_if")
            address = make_url(url).set(database="what_if").render_as_string(hide_password=False)
            await build(address, REPS, DEALS)
            async with connected(address) as connection:
                await connection.execute(CONTESTS)
            command, environment = ours(address, TODAY)
            with started(command, environment | {"SPM_ESTIMATES": "off"}) as server:
                shown(await asked(f"http://127.0.0.1:{server.port}/graphql", rounds))


async def asked(url: str, rounds: int) -> dict[tuple[str, str], float]:
    """The median of each question about each rep, in milliseconds."""
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    async with httpx.AsyncClient(timeout=60, headers={"authorization": f"Bearer {TOKEN}"}) as http:
        for number in range(-3, rounds):  # the first ones warm up
            for who, key in WHO.items():
                for name, question in QUESTIONS.items():
                    begun = time.perf_counter()
                    answer = await http.post(url, json={"query": f'{{ rep(ref: {{externalId: "{key}"}}) {question} }}'})
                    if number >= 0:
                        times[who, name].append((time.perf_counter() - begun) * 1000)
                    found = answer.json()
                    assert "errors" not in found, found
                    assert not (found["data"]["rep"].get("whatIf") or {}).get("problems"), found
    return {key: statistics.median(each) for key, each in times.items()}


def shown(medians: dict[tuple[str, str], float]) -> None:
    """Print the medians beside the plain read's."""
    print(f"{'median ms':>12}" + "".join(f"{who:>12}{'ratio':>8}" for who in WHO))
    for name in QUESTIONS:
        print(f"{name:>12}" + "".join(f"{medians[who, name]:>12.1f}{medians[who, name] / medians[who, 'read']:>8.1f}" for who in WHO))


if __name__ == "__main__":
    asyncio.run(main())
