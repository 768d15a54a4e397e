"""What can be imported: the nouns in the order in which they are loaded, and the fields of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a cell has to be."""

    TEXT = auto()
    DATE = auto()
    AMOUNT = auto()
    CURRENCY = auto()
    REVISION = auto()
    STAGE = auto()
    REFERENCE = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a noun; a reference holds the external id of a row of the noun `refers_to`."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    refers_to: str | None = None


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of record. `name` is its name in a mapping and in a report, `table` where it is stored."""

    name: str
    table: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """The field of this name, or none."""
        return next((field for field in self.fields if field.name == name), None)


def _key() -> Field:
    return Field("external_id", required=True)


REPS = Noun(
    "reps",
    "rep",
    (
        _key(),
        Field("name", required=True),
        Field("email"),
        Field("title"),
        Field("office"),
        Field("hired_on", Kind.DATE),
        Field("left_on", Kind.DATE),
        Field("manager", Kind.REFERENCE, refers_to="reps"),
    ),
)
ACCOUNTS = Noun(
    "accounts",
    "account",
    (
        _key(),
        Field("name", required=True),
        Field("industry"),
        Field("country"),
        Field("parent", Kind.REFERENCE, refers_to="accounts"),
    ),
)
PRODUCTS = Noun(
    "products",
    "product",
    (_key(), Field("name", required=True), Field("family"), Field("list_price", Kind.AMOUNT)),
)
OPPORTUNITIES = Noun(
    "opportunities",
    "opportunity",
    (
        _key(),
        Field("name"),
        Field("owner", Kind.REFERENCE, required=True, refers_to="reps"),
        Field("account", Kind.REFERENCE, refers_to="accounts"),
        Field("product", Kind.REFERENCE, refers_to="products"),
        Field("stage", Kind.STAGE, required=True),
        Field("stage_since", Kind.DATE),
        Field("amount", Kind.AMOUNT),
        Field("list_amount", Kind.AMOUNT),
        Field("currency", Kind.CURRENCY),
        Field("opened_on", Kind.DATE),
        Field("expected_close_on", Kind.DATE),
        Field("closed_on", Kind.DATE),
        Field("revision", Kind.REVISION),
    ),
)

NOUNS = {noun.name: noun for noun in (REPS, ACCOUNTS, PRODUCTS, OPPORTUNITIES)}
SINGULAR = {"reps": "rep", "accounts": "account", "products": "product", "opportunities": "opportunity"}
