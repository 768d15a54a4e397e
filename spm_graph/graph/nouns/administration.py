"""What administrators look after: the company's own settings, and the keys to its API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from spm_graph.domain.terms import Grant, LeaderboardAudience, Proration, RefundDating
from spm_graph.reading.fields import column, dates, node, one, rate, record
from spm_graph.reading.filters import matches, narrowing, with_words
from spm_graph.store.tables import api_key, company, fx_rate, rep

from .directory import RepCard
from .orders import EFFECTIVE, NAMES, RECORDED, orders
from .pages import DateRange, Node, Ref


@record(company.name, company)
class Company:
    """The company that this server is for: what holds for all of it."""

    name: str = column(company.c.name, "Its name.")
    currency: str = column(company.c.currency, "Its reporting currency, as ISO 4217 writes it.")
    refund_dating: RefundDating = column(company.c.refund_dating, "Which date refunds are credited on.")
    leaderboard: LeaderboardAudience = column(company.c.leaderboard, "Who finds whom in the ranking of attainments.")
    proration: Proration = column(
        company.c.proration, "What quotas and target variables lose for days on which a rep is not employed, unless they say otherwise."
    )
    maker_checker: bool = column(
        company.c.maker_checker, "Whether runs are posted, and adjustments count, only when somebody else than who made them has approved."
    )


@node(fx_rate, "rate")
class FxRate(Node):
    """What one unit of a currency is worth in another, over dates. Credits are converted at the rate of their day."""

    base: str = column(fx_rate.c.base, "The currency that amounts are in.")
    quote: str = column(fx_rate.c.quote, "The currency that they are converted to.")
    rate: Decimal = rate(fx_rate.c.rate, "How much of `quote` one unit of `base` is worth.")
    effective: DateRange = dates(fx_rate.c.effective, "The dates.")


@node(api_key, "key")
class ApiKey(Node):
    """A key to this API. The token itself is shown once, when the key is made."""

    name: str = column(api_key.c.name, "What it is for; the audit shows it.")
    rep: RepCard | None = one(api_key.c.rep_id, "The rep that it stands for. Null: a service.")
    person: str | None = column(api_key.c.person, "Who has it, as the company's sign-on names them. Null: the rep; of a service, nobody.")
    grants: list[Grant] = column(api_key.c.grants, "What it may do beyond what the rep may.")
    created_at: datetime = column(api_key.c.created_at, "When it was made.")
    expires_at: datetime | None = column(api_key.c.expires_at, "When it stops working. Null: when it is revoked.")
    revoked_at: datetime | None = column(api_key.c.revoked_at, "When it was revoked. Null: it was not.")


@narrowing("Which rates of exchange are wanted.")
class FxRateWhere:
    """A filter: each field narrows it further."""

    base: str | None = matches("{base} = {value}", "Those of amounts in this currency.")
    quote: str | None = matches("{quote} = {value}", "Those that convert to this currency.")
    as_of: date | None = matches("{effective} @> {value}", "Those in force on this day.")


FX_RATE_ORDERS = orders("FxRateOrder", "How rates of exchange can be ordered.", **RECORDED, **EFFECTIVE)


@narrowing("Which keys are wanted.")
class ApiKeyWhere:
    """A filter: each field narrows it further."""

    rep: Ref | None = matches("{rep_id} = {value}", "Those that stand for this rep.", rep)
    revoked: bool | None = matches("({revoked_at} is not null) = {value}", "True: those that were revoked. False: all others.")
    grant: Grant | None = matches("{value} = any({grants})", "Those that may do this.")
    expires_before: datetime | None = matches("{expires_at} < {value}", "Those that stop working before this moment.")
    search: str | None = with_words()


API_KEY_ORDERS = orders("ApiKeyOrder", "How keys can be ordered.", **NAMES, **RECORDED)
