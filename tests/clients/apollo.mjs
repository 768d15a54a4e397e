// Apollo Client pages through a connection, keeps what it got by id, and sees a mutation change it.
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";

const [uri, token] = process.argv.slice(2);
const client = new ApolloClient({
  link: new HttpLink({ uri, headers: { authorization: `Bearer ${token}` } }),
  cache: new InMemoryCache({
    possibleTypes: { Node: ["Rep"] },
    typePolicies: { Query: { fields: { reps: relayStylePagination() } } },
  }),
});
const REPS = gql`
  query Reps($after: Cursor) {
    reps(first: 2, after: $after) {
      edges { cursor node { ...Named } }
      pageInfo { hasNextPage endCursor }
    }
  }
  fragment Named on Node { id ... on Rep { name email } }
`;
const RENAME = gql`
  mutation Rename($input: RepUpsertInput!) {
    repUpsert(input: $input) { rep { id name email } problems { code path } }
  }
`;
const names = (data) => data.reps.edges.map((edge) => edge.node.name);
const first = await client.query({ query: REPS });
const watched = client.watchQuery({ query: REPS });
const subscription = watched.subscribe(() => {});
await watched.fetchMore({ variables: { after: first.data.reps.pageInfo.endCursor } });
const pages = names(client.readQuery({ query: REPS }));
const changed = await client.mutate({ mutation: RENAME, variables: { input: { externalId: "ana", name: "Ana Zwei" } } });
const after = names(client.readQuery({ query: REPS }));
const refused = await client.mutate({ mutation: RENAME, variables: { input: { externalId: "ana", name: "" } } });
const wrong = await client.query({ query: gql`{ nothing }`, errorPolicy: "all" }).catch((error) => ({ error }));
subscription.unsubscribe();
console.log(
  JSON.stringify({
    first: names(first.data),
    pages,
    renamed: changed.data.repUpsert.rep.name,
    after,
    refused: refused.data.repUpsert.problems,
    wrong: wrong.error.errors.map((each) => each.message),
  }),
);
