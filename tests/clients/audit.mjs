// What graphql-http's audit says of a server, as JSON: each check with its name, its outcome and the reason.
import { serverAudits } from "graphql-http";

const [url, token] = process.argv.slice(2);
const headers = { authorization: `Bearer ${token}` };
const audits = serverAudits({
  url,
  fetchFn: (address, init = {}) => fetch(address, { ...init, headers: { ...headers, ...init.headers } }),
});
const found = [];
for (const audit of audits) {
  const result = await audit.fn();
  found.push({ id: audit.id, name: audit.name, status: result.status, reason: result.reason ?? null });
}
console.log(JSON.stringify(found));
