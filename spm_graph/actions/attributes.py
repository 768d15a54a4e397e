"""What else is known of a deal or a transaction, in the company's own words: new business, the years of a contract, a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from spm_graph.domain.problem import ProblemCode, refuse

MOST = 50
LONGEST = 200
SUPPLIED = frozenset({"account", "opportunity", "transaction", "throughTitle", "sourceTitle"})
"""What incentive types are told of every credit under these names; nobody else may say something by them."""


@dataclass(frozen=True)
class AttributeGiven:
    """Something that is known, by a name."""

    name: Annotated[str, "What it is, such as newBusiness."]
    value: Annotated[str, "What is known of it, such as true."]


def stored(given: Sequence[AttributeGiven]) -> list[dict[str, str]]:
    """The attributes as they are stored and read, in order of name; refuses with INVALID too many, strange and repeated ones."""
    if len(given) > MOST:
        raise refuse(ProblemCode.INVALID, f"{len(given)} attributes are given; at most {MOST} are kept", ["attributes"])
    for index, attribute in enumerate(given):
        path = ["attributes", str(index), "name"]
        if not attribute.name.strip() or max(len(attribute.name), len(attribute.value)) > LONGEST:
            raise refuse(
                ProblemCode.INVALID, f"an attribute has a name, and neither that nor its value is above {LONGEST} characters", path
            )
        if attribute.name in SUPPLIED:
            raise refuse(ProblemCode.INVALID, f"{attribute.name} is known already, and can't be given as an attribute", path)
        if any(earlier.name == attribute.name for earlier in given[:index]):
            raise refuse(ProblemCode.INVALID, f"{attribute.name} is given twice", path)
    return [{"name": attribute.name, "value": attribute.value} for attribute in sorted(given, key=lambda each: each.name)]
