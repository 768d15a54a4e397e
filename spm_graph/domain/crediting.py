"""Crediting: who gets how much of a transaction.

The owner is credited directly, or, where a deal is split, those who share it. Specialists come on top (overlay). A
manager is credited with all that was sold, directly or by split, by people who reported to them on the deal's date; what
comes on top, by overlay or by territory, does not roll up, or a deal would count twice for the company.

What corrects a transaction is credited with it: everybody has, after each correction, exactly their share of what is left,
so that a sale given back in any number of parts leaves nobody a cent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .money import ZERO, quantum, rounded, shares
from .terms import MeasureBasis, MeasureKind, Role, TransactionKind

WHOLE = Decimal(1)

ON_TOP = frozenset({Role.OVERLAY, Role.TERRITORY})
"""The roles whose credit is beside that of the deal's own people."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure counts: which transactions, for which roles, by which number.

    `products` are the keys of those that count, None for all; `rollup_levels` is how many managers above a deal's people are
    credited with it, the nearest first, None for all.
    """

    id: int
    kind: MeasureKind
    basis: MeasureBasis
    transaction_kinds: frozenset[TransactionKind]
    roles: frozenset[Role]
    products: frozenset[int] | None = None
    rollup_levels: int | None = None

    def counts(self, sale: Sale) -> bool:
        """Whether a sale is of a kind and a product that count."""
        return sale.kind in self.transaction_kinds and (self.products is None or sale.product_id in self.products)


@dataclass(frozen=True, slots=True)
class Participant:
    """A rep with a share in a deal; `share` 0.4 is 40 %."""

    rep_id: int
    role: Role
    share: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """A transaction with those who take part in it.

    `origin_id` is the first that it corrects, itself if none; `deal_dated` is when that was sold, and `dated` when this one is credited.
    """

    transaction_id: int
    origin_id: int
    opportunity_id: int | None
    kind: TransactionKind
    deal_dated: date
    dated: date
    amount: Decimal
    margin: Decimal | None
    quantity: Decimal
    currency: str
    participants: tuple[Participant, ...]
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class Credited:
    """One rep's credit on one transaction by one measure, without its place in the database.

    `amount` is in the rep's currency, `sold_amount` what it was converted from.
    """

    transaction_id: int
    opportunity_id: int | None
    rep_id: int
    role: Role
    measure_id: int
    source_rep_id: int | None
    dated: date
    share: Decimal
    amount: Decimal
    units: Decimal
    currency: str
    sold_amount: Decimal
    sold_currency: str
    fx_rate: Decimal

    @property
    def identity(self) -> tuple[int, int, Role, int]:
        """What makes it the same credit when it is made again."""
        return (self.transaction_id, self.rep_id, self.role, self.measure_id)


def converted(sold: Credited, currency: str, rate: Decimal, before: Decimal = ZERO) -> Credited:
    """The credit in another currency: the amount times the rate, rounded half-up to the currency's minor unit.

    `before` is the same for what it corrects, unrounded: with it, it is the sum that is rounded, and this credit the difference.
    """
    amount = rounded(before + sold.sold_amount * rate, currency) - rounded(before, currency)
    return replace(sold, amount=amount, currency=currency, fx_rate=rate)


def participants(owner_id: int, split: Iterable[Participant], ruled: Iterable[Participant] = ()) -> tuple[Participant, ...]:
    """Those who are credited on a deal: the owner with all of it, unless others share it; overlays and territories on top.

    `ruled` are those whom crediting rules name. What the deal's own split says of somebody in a role stands against rules;
    of several rules, the largest share counts; and nobody gets the territory's credit for a deal of their own.
    """
    given = list(split)
    if not any(participant.role is Role.SPLIT for participant in given):
        given.insert(0, Participant(owner_id, Role.DIRECT, WHOLE))
    own = {participant.rep_id for participant in given if participant.role not in ON_TOP}
    said = {(participant.rep_id, participant.role) for participant in given}
    on_top: dict[tuple[int, Role], Participant] = {}
    for participant in sorted(ruled, key=lambda each: (each.rep_id, each.role, each.share)):
        key = (participant.rep_id, participant.role)
        if key not in said and not (participant.role is Role.TERRITORY and participant.rep_id in own):
            on_top[key] = participant
    return (*given, *on_top.values())


def credit(
    sales: Iterable[Sale], measures: Iterable[Measure], managers: Mapping[date, Mapping[int, tuple[int, ...]]]
) -> Iterator[Credited]:
    """All credits of sales, of each with what corrects it behind it. `managers` are those of each participant on the deal's date.

    Money is split by largest remainder, so that the parts of a split sum to the whole: of the sale with its corrections so
    far, of which a correction is credited as the difference. A sale of nothing credits nobody.
    """
    kinds = list(measures)
    so_far: dict[Hashable, tuple[Decimal, dict[tuple[int, Role], Decimal]]] = {}
    for sale in sales:
        if not sale.amount and not sale.quantity:
            continue
        for measure in kinds:
            base = sale.margin if measure.basis is MeasureBasis.MARGIN else sale.amount
            if not measure.counts(sale) or base is None:
                continue
            chain = (sale.origin_id, sale.participants, sale.currency, measure.id)
            before, held = so_far.get(chain, (ZERO, {}))
            due = _parts(sale, before + base)
            so_far[chain] = before + base, {(part.rep_id, part.role): part.amount for part in due}
            parts = [replace(part, amount=part.amount - held.get((part.rep_id, part.role), ZERO)) for part in due]
            for part in (*parts, *_rollup(parts, managers.get(sale.deal_dated, {}), measure.rollup_levels)):
                if part.role in measure.roles:
                    yield _credited(sale, measure, part)


def _credited(sale: Sale, measure: Measure, part: _Part) -> Credited:
    return Credited(
        transaction_id=sale.transaction_id,
        opportunity_id=sale.opportunity_id,
        rep_id=part.rep_id,
        role=part.role,
        measure_id=measure.id,
        source_rep_id=part.source_rep_id,
        dated=sale.dated,
        share=part.share,
        amount=part.amount,
        units=part.units,
        currency=sale.currency,
        sold_amount=part.amount,
        sold_currency=sale.currency,
        fx_rate=WHOLE,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    rep_id: int
    role: Role
    source_rep_id: int | None
    share: Decimal
    amount: Decimal
    units: Decimal


def _parts(sale: Sale, base: Decimal) -> list[_Part]:
    """Everybody's share of an amount, and of the units of this sale."""
    sharing = [participant for participant in sale.participants if participant.role not in ON_TOP]
    amounts = shares(base, [participant.share for participant in sharing], quantum(sale.currency))
    beside = [participant for participant in sale.participants if participant.role in ON_TOP]
    amounts += [rounded(base * participant.share, sale.currency) for participant in beside]
    return [
        _Part(participant.rep_id, participant.role, None, participant.share, amount, sale.quantity * participant.share)
        for participant, amount in zip((*sharing, *beside), amounts, strict=True)
    ]


def _rollup(parts: Iterable[_Part], managers: Mapping[int, tuple[int, ...]], levels: int | None) -> Iterator[_Part]:
    """One part a manager, however many of their people share the deal, up to so many levels above each of them."""
    below: dict[int, list[_Part]] = defaultdict(list)
    for part in parts:
        if part.role not in ON_TOP:
            for manager_id in managers.get(part.rep_id, ())[:levels]:
                below[manager_id].append(part)
    for manager_id, team in below.items():
        yield _Part(
            rep_id=manager_id,
            role=Role.ROLLUP,
            source_rep_id=team[0].rep_id if len(team) == 1 else None,
            share=sum((part.share for part in team), ZERO),
            amount=sum((part.amount for part in team), ZERO),
            units=sum((part.units for part in team), ZERO),
        )
