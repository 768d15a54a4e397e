// The tabs of a first visit: the files of operations/ in the order of their names.

const files = import.meta.glob("./operations/*.graphql", { query: "?raw", import: "default", eager: true });

/** The last day of the quarter before the server's today: that one has been calculated and closed, as a rule. */
function closedDay() {
  const today = new Date(document.querySelector("meta[name=today]").content);
  const quarter = Math.floor(today.getUTCMonth() / 3) * 3;
  return new Date(Date.UTC(today.getUTCFullYear(), quarter, 0)).toISOString().slice(0, 10);
}

export const tabs = Object.keys(files)
  .sort()
  .map((path) => ({ query: files[path].trimEnd().replace(/(?<=\$day: Date! = ")[\d-]+/, closedDay) }));
