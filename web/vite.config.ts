import { defineConfig, type Plugin } from "vite";
import { join } from "node:path";
import { clean } from "./build/clean.ts";
import { digest } from "./build/source.ts";

// In development the history and the chain are asked at HISTORY, a ballast-index that runs.
const history = process.env["HISTORY"] ?? "http://localhost:1318";

// source writes down what dist/ was made of.
const source: Plugin = {
  name: "source",
  apply: "build",
  buildStart() {
    clean(join(import.meta.dirname, "dist"));
  },
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "source.sha256", source: `${digest(import.meta.dirname)}\n` });
  },
};

export default defineConfig({
  plugins: [source],
  build: {
    target: "es2023",
    assetsInlineLimit: 0, // the content policy allows no script and no style inside the page
    modulePreload: { polyfill: false },
    emptyOutDir: false, // lab/ is not ours: build/clean.ts leaves it
    sourcemap: false,
  },
  worker: { format: "es" },
  server: { proxy: { "/v1": history, "/chain": history, "/openapi.json": history } },
});
