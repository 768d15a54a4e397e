// The same subscription on Node: graphql-ws and ws as their documentation has them, a generator for each subscriber.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [port, modules] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { buildSchema } = require('graphql');
const { WebSocketServer } = require('ws');
const { useServer } = await import(pathToFileURL(require.resolve('graphql-ws/use/ws')));

const schema = buildSchema(`
  type Rep { name: String! }
  type Opportunity { name: String! }
  type Money { amount: String! }
  type OpportunityMoved { cursor: String! toStage: String! owner: Rep! opportunity: Opportunity! amount: Money! }
  type Query { ready: Boolean! }
  type Subscription { opportunityMoved: OpportunityMoved! }
`);

const subscribers = new Set();

async function* followed(number) {
  const waiting = [];
  let wake = () => {};
  const subscriber = (event) => { waiting.push(event); wake(); };
  subscribers.add(subscriber);
  try {
    for (;;) {
      while (waiting.length === 0) await new Promise((resolve) => { wake = resolve; });
      const event = waiting.shift();
      if (number <= event.rep) yield { opportunityMoved: event };  // each rep reports to the one before it
    }
  } finally {
    subscribers.delete(subscriber);
  }
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    for (const event of JSON.parse(Buffer.concat(parts))) for (const subscriber of subscribers) subscriber(event);
    response.end();
  });
});

useServer(
  {
    schema,
    context: (context) => ({ number: parseInt(context.connectionParams.authorization.slice('Bearer spm_'.length), 10) }),
    roots: { subscription: { opportunityMoved: (_arguments, context) => followed(context.number) } },
  },
  new WebSocketServer({ server, path: '/graphql' }),
);
server.listen(Number(port), '127.0.0.1');
