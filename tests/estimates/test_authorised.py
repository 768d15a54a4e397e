"""Who may ask what is calculated for a rep: the askers of the matrix, one rep at a time."""

from __future__ import annotations

from tests.api.asked import CALCULATED
from tests.api.conftest import Client, serve
from tests.api.test_authorisation import World, world

__all__ = ["serve", "world"]


async def test_what_is_calculated_for_a_rep_is_for_those_who_see_the_rep(world: World) -> None:
    await world.company.deal("Ana's next deal", "1234.56", rep="ana", on=None, outcome=None)
    for field, shows in CALCULATED.items():
        document = f'{{ rep(ref: {{externalId: "ana"}}) {{ {field}{shows} }} }}'
        answers = {name: await client.ask(document) for name, client in world.askers.items()}
        assert answers["stranger"] == answers["integrator"] == {"rep": None}, field
        assert answers["self"] == answers["manager"] == answers["administrator"]
        assert answers["self"]["rep"][field], field
        assert (await Client(world.server.url, None).answer(document)).status_code == 401
