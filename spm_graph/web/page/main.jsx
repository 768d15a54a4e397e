import "./styles.js";
import "./workers.js";

import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

import { tabs } from "./operations.js";
import { SCHEMA_QUERY, fetcher, token, who } from "./server.js";
import "./style.css";

const PAUSE_MS = 300;

/** The bar above GraphiQL: the token, and whom it stands for. */
function Bar() {
  const [given, setGiven] = useState(token.get);
  const [told, setTold] = useState({});

  useEffect(() => {
    setTold({});
    if (!given) return undefined;
    const leaving = new AbortController();
    const ask = () =>
      who(leaving.signal).then(setTold, (problem) => leaving.signal.aborted || setTold({ problem: problem.message }));
    const timer = setTimeout(ask, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [given]);

  function change(event) {
    const value = event.target.value.trim();
    token.set(value);
    setGiven(value);
  }

  return (
    <header className="bar">
      <strong>spm_graph</strong>
      <label>
        Bearer token
        <input type="password" autoComplete="off" spellCheck="false" placeholder="spm_…" value={given} onChange={change} />
      </label>
      <output className={told.problem ? "problem" : ""}>
        {told.problem ?? (told.person ? <><b>{told.person}</b> {told.sees}</> : "Data needs a token; the docs don't.")}
      </output>
      <a href="/schema.graphql">schema.graphql</a>
    </header>
  );
}

createRoot(document.getElementById("page")).render(
  <>
    <Bar />
    <GraphiQL
      fetcher={fetcher}
      introspectionQueryName={SCHEMA_QUERY}
      inputValueDeprecation
      defaultTabs={tabs}
      isHeadersEditorEnabled={false}
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>{" "}</GraphiQL.Logo>
    </GraphiQL>
  </>,
);
