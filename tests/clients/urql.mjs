// urql asks by POST and by GET, answers the second question from its cache, and asks again after a mutation.
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";

const [url, token] = process.argv.slice(2);
let requests = 0;
const client = new Client({
  url,
  exchanges: [cacheExchange, fetchExchange],
  preferGetMethod: false,
  fetch: (address, init) => ((requests += 1), fetch(address, init)),
  fetchOptions: { headers: { authorization: `Bearer ${token}` } },
});
const REP = gql`query Rep($key: String!) { rep(ref: { externalId: $key }) { __typename id name } }`;
const RENAME = gql`mutation ($input: RepUpsertInput!) { repUpsert(input: $input) { rep { __typename id name } problems { code } } }`;
const asked = async (options) => (await client.query(REP, { key: "ben" }, options).toPromise()).data.rep.name;
const said = [await asked(), await asked()];
const cached = requests;
await client.mutation(RENAME, { input: { externalId: "ben", name: "Ben Drei" } }).toPromise();
said.push(await asked(), await asked({ requestPolicy: "network-only", preferGetMethod: "force" }));
const wrong = await client.query(gql`{ nothing }`, {}).toPromise();
console.log(JSON.stringify({ said, cached, requests, wrong: wrong.error.graphQLErrors.map((each) => each.message) }));
