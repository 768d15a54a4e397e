// Builds the page into spm_graph/_page: index.html, and under assets/ files that are named by their content, gzipped.

import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig } from "vite";

/** Everything that a browser loads is kept gzipped only: the server unpacks it for the rare client that can't. */
function gzipped() {
  let assets;
  return {
    name: "gzipped",
    apply: "build",
    configResolved(config) {
      assets = join(config.root, config.build.outDir, config.build.assetsDir);
    },
    closeBundle() {
      for (const name of readdirSync(assets)) {
        const file = join(assets, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
        rmSync(file);
      }
    },
  };
}

export default defineConfig({
  // In the place of this the server puts a nonce of its own in each answer.
  html: { cspNonce: "__NONCE__" },
  build: {
    outDir: "../../_page",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 8000,
    license: { fileName: "licences.md" },
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  worker: { format: "es" },
  plugins: [gzipped()],
});
