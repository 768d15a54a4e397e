"""One request from end to end: a query is read, a mutation acts field by field and then reads what it shows."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLError, GraphQLSchema, OperationType, VariableValues, get_argument_values

from spm_graph.actions.result import Result
from spm_graph.domain.problem import Refused
from spm_graph.incentive_types import SECONDS, IncentiveTypes, decode
from spm_graph.reading.answer import Reads
from spm_graph.reading.aside import LONG_DOCUMENT, aside, many
from spm_graph.reading.document import Invalid
from spm_graph.reading.overtime import TimedOut
from spm_graph.reading.request import Request
from spm_graph.reading.stream import Stream
from spm_graph.store.visibility import Actor

from .commands import Deployment, result_of
from .exchange import ANSWERED, QUERY, Answer, Asked, Graph, Kind
from .limits import Limits, parsed, short, weighed
from .masking import masked
from .mutations import MUTATIONS, Mutation, mutation_type
from .nouns.what_if import reckoning
from .schema import brought, build, core, printed
from .sizing import measured

log = logging.getLogger("spm_graph.graph")


class Operations:
    """Answers requests on a deployment: what the transports call."""

    def __init__(self, deployment: Deployment, schema: GraphQLSchema, mutations: Mapping[str, Mutation], limits: Limits) -> None:
        self.deployment = deployment
        self.schema = schema
        self.mutations = mutations
        self.limits = limits

        def measure(document: DocumentNode, variables: Mapping[str, Any], operation_name: str | None) -> frozenset[str]:
            found = measured(schema, document, variables, operation_name)
            found.check(limits)
            return found.sized_by

        types = deployment.incentive_types
        self.reads = Reads(
            schema,
            read=lambda text: parsed(text, limits),
            measure=measure,
            weigh=lambda kind, variables: weighed(kind, variables, limits),
            values=brought(types),
            reckon=reckoning(types),
        )

    async def answer(self, asked: Asked, actor: Actor, queries_only: bool = False) -> Answer:
        """Carry out the operation, if it is a query or anything is allowed."""
        try:
            request = await self.request(asked)
            kind = request.operation.kind
            if kind is QUERY:
                return Answer(ANSWERED, await self.reads.query(self.deployment.database, actor, request), False, QUERY)
            match kind:
                case OperationType.MUTATION if queries_only:
                    return _refused(Kind.QUERIES_ONLY, [GraphQLError("GET carries out queries only: use POST for a mutation.")])
                case OperationType.MUTATION:
                    # Somebody who leaves does not stop what they began half-way.
                    answer = await asyncio.shield(asyncio.ensure_future(self.mutate(actor, request)))
                    return answer._replace(operation=OperationType.MUTATION)
                case _:
                    return _refused(
                        Kind.REFUSED,
                        [GraphQLError("Subscriptions are served here over WebSocket, or with Accept: text/event-stream.")],
                    )
        except Invalid as invalid:
            return _refused(Kind.REFUSED, invalid.errors)
        except TimedOut as late:
            return _refused(Kind.TIMED_OUT, [late.error])

    async def subscribe(self, asked: Asked, actor: Actor, queries_only: bool = False, after: str | None = None) -> Answer | Stream:
        """The stream of a subscription; the answer to anything else."""
        try:
            request = await self.request(asked)
            if request.operation.kind is OperationType.SUBSCRIPTION:
                return await Stream.begun(self.reads, self.deployment.database, actor, request, after)
        except Invalid as invalid:
            return _refused(Kind.REFUSED, invalid.errors)
        return await self.answer(asked, actor, queries_only)

    async def request(self, asked: Asked) -> Request:
        """Read a request, aside if it is a large one; raises Invalid."""
        try:
            short(asked.query, self.limits)
        except GraphQLError as error:
            raise Invalid([error]) from error
        if (len(asked.query) >= LONG_DOCUMENT and not self.reads.knows(asked.query)) or (asked.variables and many(asked.variables)):
            return await aside(partial(self.reads.request, asked.query, asked.operation_name, asked.variables))
        return self.reads.request(asked.query, asked.operation_name, asked.variables)

    async def mutate(self, actor: Actor, request: Request) -> Answer:
        """Carry out the fields of a mutation in order, a transaction each; each is answered from a snapshot after its own.

        Raises Invalid while nothing is done yet, and never behind that: who is refused may send it again.
        """
        parts: list[bytes] = []
        revokes = False
        selected = self.reads.selections(request)
        acts = {key: nodes[0] for key, nodes in selected.items() if nodes[0].name.value != "__typename"}
        written = {key: self.written(request, node) for key, node in acts.items()}
        for key in acts:
            self.reads.prepare(self.deployment.database, actor, request, selected[key])
        for key, nodes in selected.items():
            name = nodes[0].name.value
            try:
                answer = await self.field(actor, request, key, nodes, written[key]) if key in acts else b'"Mutation"'
            except Invalid as invalid:  # what was done stays done: only what it shows is missing
                return _without_data([error.formatted for error in invalid.errors], revokes)
            except TimedOut as late:
                return _without_data([late.error.formatted | {"path": [key]}], revokes)
            except Exception:
                return _without_data([{"message": masked(log, f"mutation {name} failed: %s"), "path": [key]}], revokes)
            parts.append(json.dumps(key).encode() + b":" + answer)
            revokes = revokes or name == "apiKeyRevoke"
        return Answer(Kind.ANSWERED, b'{"data":{' + b",".join(parts) + b"}}", revokes)

    async def field(self, actor: Actor, request: Request, key: str, nodes: Sequence[FieldNode], written: Any) -> bytes:
        """Carry out one field of a mutation, and read what it shows."""
        mutation = self.mutations[nodes[0].name.value]
        try:
            read = partial(decode, mutation.command, written, config=self.deployment.incentive_types.decode_config)
            command: Any = await aside(read) if many(written) else read()
        except Refused as refused:
            result = Result(None, {}, refused.problems)
        else:
            result = await result_of(mutation.perform(self.deployment, actor, command, written))
        values = mutation.row(result)
        return await self.reads.payload(self.deployment.database, actor, request, nodes, values)

    def written(self, request: Request, node: FieldNode) -> Any:
        """The command as the client wrote it, or raise Invalid where a variable makes no valid one."""
        mutation_type = self.schema.mutation_type
        assert mutation_type is not None
        variables = VariableValues({}, dict(request.variables))
        try:
            return get_argument_values(mutation_type.fields[node.name.value], node, variables)["input"]
        except GraphQLError as error:
            raise Invalid([error]) from error


def _refused(kind: Kind, errors: Sequence[GraphQLError]) -> Answer:
    return Answer(kind, json.dumps({"errors": [error.formatted for error in errors]}, ensure_ascii=False).encode())


def _without_data(errors: Sequence[Mapping[str, Any]], revokes: bool) -> Answer:
    return Answer(Kind.ANSWERED, json.dumps({"data": None, "errors": errors}).encode(), revokes)


def serving(seconds: float = SECONDS) -> Graph:
    """What answers requests by the schema of what is installed here.

    `seconds` is how long an incentive type may take over one window. Raises PluginError for a package that fits no schema.
    """
    types = IncentiveTypes.discover(seconds)
    schema = build(types, mutation_type)
    return Graph(printed(schema), lambda database, limits: Operations(Deployment(database, types), core(schema), MUTATIONS, limits))
