"""Staged rows against stored ones: what differs, and making it so, a set at a time."""

from __future__ import annotations

from dataclasses import dataclass

from spm_graph.store.database import Transaction

from .nouns import NOUNS, OPPORTUNITIES, Kind
from .report import Count
from .rows import DERIVED
from .staging import Staged

WITH_CURRENCY = ("rep", "product", "opportunity")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One staged table against the table that stores its noun, in pieces of SQL over `given` and `stored` rows."""

    table: str
    staged: str
    columns: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    inward: str | None
    revised: bool

    @classmethod
    def of(cls, staged: Staged) -> Comparison:
        """How a staged batch compares: only the fields that it has something to say about."""
        noun = staged.batch.noun
        fields = [item for item in noun.fields if item.name in staged.batch.fields and item.kind is not Kind.CURRENCY]
        # Managers and titles are no columns of the rep but effective-dated facts: `lines` and `titles` follow them. Since
        # when a deal is in its stage goes into the history of its stages.
        references = tuple((item.name, NOUNS[item.refers_to].table) for item in fields if item.refers_to and item.name != "manager")
        plain = [
            item.name for item in fields if not item.refers_to and item.name not in ("external_id", "revision", "title", "stage_since")
        ]
        return cls(
            table=noun.table,
            staged=staged.table,
            columns=(*plain, *(DERIVED if noun is OPPORTUNITIES else ()), *(f"{name}_id" for name, _ in references)),
            references=references,
            inward=next((name for name, table in references if table == noun.table), None),
            revised="revision" in staged.batch.fields,
        )

    @property
    def given(self) -> str:
        """The staged rows with the keys of what they refer to."""
        found = "".join(f", {name}.id as {name}_id" for name, _ in self.references)
        joins = "".join(f" left join {table} as {name} on {name}.external_id = staged.{name}" for name, table in self.references)
        return f"(select staged.*{found} from {self.staged} as staged{joins}) as given"

    @property
    def stale(self) -> str:
        """Whether a staged row is an older revision than the stored one."""
        return "coalesce(given.revision < stored.revision, false)" if self.revised else "false"

    @property
    def differs(self) -> str:
        """Whether a stored row is to be changed."""
        pairs = [(f"stored.{name}", f"given.{name}") for name in self.columns]
        if self.revised:
            pairs.append(("stored.revision", "coalesce(given.revision, stored.revision)"))
        return f"({', '.join(old for old, _ in pairs)}) is distinct from ({', '.join(new for _, new in pairs)}) and not {self.stale}"

    async def anything(self, tx: Transaction) -> bool:
        """Whether any row is new or differs."""
        return bool(
            await tx.scalar(
                f"select exists (select from {self.given} left join {self.table} as stored on stored.external_id = given.external_id "
                f"where stored.id is null or {self.differs})"
            )
        )

    async def changing(self, tx: Transaction, column: str) -> list[int]:
        """The stored rows whose column is to be changed; none if the batch has nothing to say about it."""
        if column not in self.columns:
            return []
        matched = f"{self.given} join {self.table} as stored on stored.external_id = given.external_id"
        rows = await tx.rows(f"select stored.id from {matched} where stored.{column} is distinct from given.{column} and not {self.stale}")
        return [row["id"] for row in rows]

    async def write(self, tx: Transaction, currency: str, count: Count) -> None:
        """Insert what is new and update what differs; `count` gets how many."""
        matched = f"{self.given} join {self.table} as stored on stored.external_id = given.external_id"
        count.stale += await tx.scalar(f"select count(*) from {matched} where {self.stale}") if self.revised else 0
        while made := await self._insert(tx, currency):
            count.new += made
            if not self.inward:
                break
        assignments = [f"{name} = given.{name}" for name in self.columns]
        if self.revised:
            assignments.append("revision = coalesce(given.revision, stored.revision)")
        count.changed += await tx.execute(
            f"update {self.table} as stored set {', '.join(assignments)} from {self.given} "
            f"where stored.external_id = given.external_id and {self.differs}"
        )

    async def _insert(self, tx: Transaction, currency: str) -> int:
        """Insert the new rows; where rows refer to others of their noun, those whose reference is stored already."""
        columns = ["external_id", *self.columns, *(["revision"] if self.revised else [])]
        values = [f"given.{name}" for name in columns]
        parameters = {}
        if self.table in WITH_CURRENCY:
            columns.append("currency")
            values.append("cast(:currency as text)")
            parameters["currency"] = currency
        above = f" and (given.{self.inward} is null or given.{self.inward}_id is not null)" if self.inward else ""
        return await tx.execute(
            f"insert into {self.table} ({', '.join(columns)}) select {', '.join(values)} from {self.given} "
            f"where not exists (select from {self.table} as stored where stored.external_id = given.external_id){above} "
            "order by given.line",
            parameters,
        )
