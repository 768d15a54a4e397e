// What the page asks of the server that it came from: operations, the schema, and who the token stands for.

import { buildSchema, introspectionFromSchema } from "graphql";
import { createClient } from "graphql-ws";

/** The name by which GraphiQL asks for the schema here, so that a user's own introspection still travels. */
export const SCHEMA_QUERY = "SchemaOfThisServer";

const WHO = "query Who { viewer { name grants rep { name title } } }";

/** The bearer token lives as long as the browser's tab: it is written neither to a disk nor to a cookie. */
export const token = {
  get: () => sessionStorage.getItem("token") ?? "",
  set: (value) => sessionStorage.setItem("token", value),
};

const authorization = () => (token.get() ? { authorization: `Bearer ${token.get()}` } : {});

const live = createClient({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
  connectionParams: authorization,
  retryAttempts: 0,
});

async function post(asked, signal) {
  const accept = "application/graphql-response+json, application/json;q=0.9";
  const headers = { "content-type": "application/json", accept, ...authorization() };
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(asked), signal });
  return response.json();
}

/** The schema is open to everybody as a file, so that it can be read before there is a token. */
async function schema() {
  const response = await fetch("/schema.graphql");
  if (!response.ok) throw new Error(`/schema.graphql answered ${response.status}`);
  const built = buildSchema(await response.text());
  return { data: introspectionFromSchema(built, { inputValueDeprecation: true }) };
}

async function* subscribed(asked) {
  try {
    yield* live.iterate(asked);
  } catch (problem) {
    const closed = problem?.reason || (problem?.code && `code ${problem.code}`) || "the server did not accept it";
    yield { errors: Array.isArray(problem) ? problem : [{ message: problem?.message ?? `no live connection: ${closed}` }] };
  }
}

function isSubscription(document, name) {
  const operations = document?.definitions.filter(({ kind }) => kind === "OperationDefinition") ?? [];
  const chosen = operations.find((each) => each.name?.value === name) ?? operations[0];
  return chosen?.operation === "subscription";
}

/** GraphiQL's fetcher. */
export function fetcher(asked, options) {
  if (asked.operationName === SCHEMA_QUERY) return schema();
  return isSubscription(options?.documentAST, asked.operationName) ? subscribed(asked) : post(asked);
}

/** Whom the server takes the asker for, and what they see, in a few words; or the `problem` that it has with the token. */
export async function who(signal) {
  const { data, errors } = await post({ query: WHO }, signal);
  if (errors) return { problem: errors[0].message };
  const { name, grants, rep } = data.viewer;
  const person = rep ? [rep.name, rep.title].filter(Boolean).join(", ") : name;
  if (grants.includes("SEE_ALL")) return { person, sees: "sees everybody" };
  return { person, sees: rep ? "sees themselves and their people" : "sees what is open to all" };
}
