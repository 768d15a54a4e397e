// Follow with graphql-ws or graphql-sse, and print what is told, a line each: node following.mjs KIND URL TOKEN AFTER COUNT
import * as sse from 'graphql-sse';
import * as ws from 'graphql-ws';
import WebSocket from 'ws';

const [kind, url, token, after, count] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const client =
  kind === 'graphql-ws'
    ? ws.createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: { authorization } })
    : sse.createClient({ url, headers: { authorization }, retryAttempts: 0 });

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
