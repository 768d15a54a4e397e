"""Crediting: who gets how much of a transaction.

The owner is credited directly, or, where a deal is split, those who share it. Specialists come on top (overlay). A
manager is credited with all that was sold, directly or by split, by people who reported to them on the deal's date; an
overlay does not roll up, or a deal would count twice for the company.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import quantum, rounded, shares
from .terms import MeasureBasis, MeasureKind, Role, TransactionKind

WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure counts: which transactions, for which roles, by which number."""

    id: int
    kind: MeasureKind
    basis: MeasureBasis
    transaction_kinds: frozenset[TransactionKind]
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Participant:
    """A rep with a share in a deal; `share` 0.4 is 40 %."""

    rep_id: int
    role: Role
    share: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """A transaction with those who take part in it; `dated` is when it is credited."""

    transaction_id: int
    opportunity_id: int | None
    kind: TransactionKind
    dated: date
    amount: Decimal
    margin: Decimal | None
    quantity: Decimal
    currency: str
    participants: tuple[Participant, ...]


@dataclass(frozen=True, slots=True)
class Credited:
    """One rep's credit on one transaction by one measure, without its place in the database."""

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

    @property
    def identity(self) -> tuple[int, int, Role, int]:
        """What makes it the same credit when it is made again."""
        return (self.transaction_id, self.rep_id, self.role, self.measure_id)


def participants(owner_id: int, split: Iterable[Participant]) -> tuple[Participant, ...]:
    """Those who are credited on a deal: the owner with all of it, unless others share it; overlays on top."""
    given = tuple(split)
    if any(participant.role is Role.SPLIT for participant in given):
        return given
    return (Participant(owner_id, Role.DIRECT, WHOLE), *given)


def credit(sale: Sale, measures: Iterable[Measure], managers: Mapping[int, tuple[int, ...]]) -> Iterator[Credited]:
    """All credits of a sale. `managers` has, for each participant, the managers above them on the deal's date.

    Money is split by largest remainder, so that the parts of a split sum to the whole. A sale of nothing credits nobody.
    """
    if not sale.amount and not sale.quantity:
        return
    for measure in measures:
        base = sale.margin if measure.basis is MeasureBasis.MARGIN else sale.amount
        if sale.kind not in measure.transaction_kinds or base is None:
            continue
        parts = _parts(sale, base)
        for part in (*parts, *_rollup(sale, parts, managers)):
            if part.role in measure.roles:
                yield Credited(
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
    sharing = [participant for participant in sale.participants if participant.role is not Role.OVERLAY]
    amounts = shares(base, [participant.share for participant in sharing], quantum(sale.currency))
    overlays = [participant for participant in sale.participants if participant.role is Role.OVERLAY]
    amounts += [rounded(base * overlay.share, sale.currency) for overlay in overlays]
    return [
        _Part(participant.rep_id, participant.role, None, participant.share, amount, sale.quantity * participant.share)
        for participant, amount in zip((*sharing, *overlays), amounts, strict=True)
    ]


def _rollup(sale: Sale, parts: Iterable[_Part], managers: Mapping[int, tuple[int, ...]]) -> Iterator[_Part]:
    """One part a manager, however many of their people share the deal."""
    below: dict[int, list[_Part]] = defaultdict(list)
    for part in parts:
        if part.role is not Role.OVERLAY:
            for manager_id in managers.get(part.rep_id, ()):
                below[manager_id].append(part)
    for manager_id, team in below.items():
        yield _Part(
            rep_id=manager_id,
            role=Role.ROLLUP,
            source_rep_id=team[0].rep_id if len(team) == 1 else None,
            share=sum((part.share for part in team), Decimal(0)),
            amount=sum((part.amount for part in team), Decimal(0)),
            units=sum((part.units for part in team), Decimal(0)),
        )
