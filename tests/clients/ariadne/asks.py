"""Ask a server through the generated client, and print what its types made of the answers."""

import asyncio
import json
import sys

from made import Client, PeriodsCreateInput

url, token = sys.argv[1:]


async def main() -> None:
    async with Client(url, headers={"authorization": f"Bearer {token}"}) as client:
        statement = await client.statement_of(rep="ana", month="2026-01")
        created = await client.create_periods(PeriodsCreateInput(year=2027))
    print(json.dumps([statement.rep.name, statement.rep.statement.payable.amount, created.periods_create.period.name]))


asyncio.run(main())
