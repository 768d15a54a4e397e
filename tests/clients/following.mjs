// Follow with graphql-ws or graphql-sse, and print what is told, a line each: node following.mjs KIND URLS TOKEN AFTER COUNT
// Whenever the connection is lost, the client goes to the next of the URLS, with the cursor of the last event that it was told.
import * as sse from 'graphql-sse';
import * as ws from 'graphql-ws';
import WebSocket from 'ws';

const [kind, urls, token, after, count] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const servers = urls.split(',');
const variables = { after };
let visits = 0;
const url = () => servers[visits++ % servers.length];
const wait = () => new Promise((resolve) => setTimeout(resolve, 100));
const client =
  kind === 'graphql-ws'
    ? ws.createClient({
        url: () => url().replace('http', 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
        retryWait: wait,
      })
    : sse.createClient({ url, headers: { authorization }, retry: wait });

let told = 0;
const query = 'subscription ($after: Cursor) { opportunityMoved(after: $after) { cursor toStage } }';
const stop = client.subscribe(
  { query, variables },
  {
    next: (answer) => {
      console.log(JSON.stringify(answer));
      if (answer.data) variables.after = answer.data.opportunityMoved.cursor;
      told += 1;
      if (told === Number(count) || answer.errors) { stop(); client.dispose(); }
    },
    error: (error) => { console.log(JSON.stringify({ error })); process.exit(1); },
    complete: () => process.exit(0),
  },
);
