"""The kit with which a package proves its incentive types: worked examples, purity, and the laws that the ledger relies on.

    class TestTieredCommission(IncentiveTypeSuite):
        examples = Path(__file__).parent / "examples"

Everything here is public, and ships with the server.
"""

from .examples import Example, read_example
from .seals import ImpureError, sealed
from .suite import IncentiveTypeSuite

__all__ = ["Example", "ImpureError", "IncentiveTypeSuite", "read_example", "sealed"]
