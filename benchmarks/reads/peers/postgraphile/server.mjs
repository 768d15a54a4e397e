// PostGraphile 5 as its users start it: node server.mjs ADDRESS PORT
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [address, port] = process.argv.slice(2);
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: address, schemas: ["public"] })],
  grafserv: { websockets: false, graphiql: false, watch: false },
  grafast: { explain: false },
};
const serving = postgraphile(preset).createServ(grafserv);
const server = createServer();
await serving.addTo(server);
server.listen(Number(port), "127.0.0.1");
