// Follow with graphql-ws or graphql-sse, and print what is told, a line each: node clients.mjs KIND URL TOKEN MODULES AFTER COUNT
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [kind, url, token, modules, after, count] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const authorization = `Bearer ${token}`;
const client =
  kind === 'graphql-ws'
    ? require('graphql-ws').createClient({ url: url.replace('http', 'ws'), webSocketImpl: require('ws'), connectionParams: { authorization } })
    : require('graphql-sse').createClient({ url, headers: { authorization }, retryAttempts: 0 });

let told = 0;
const query = 'subscription ($after: Cursor) { opportunityMoved(after: $after) { cursor toStage } }';
const stop = client.subscribe(
  { query, variables: { after } },
  {
    next: (answer) => {
      console.log(JSON.stringify(answer));
      told += 1;
      if (told === Number(count) || answer.errors) { stop(); client.dispose(); }
    },
    error: (error) => { console.log(JSON.stringify({ error })); process.exit(1); },
    complete: () => process.exit(0),
  },
);
