import { join } from "node:path";
import { defineConfig } from "vite";

// Compiles the browser tests and the maker of screenshots for Node.js.
export default defineConfig({
  root: join(import.meta.dirname, ".."),
  build: {
    ssr: true,
    outDir: "node_modules/.cache/web-test",
    emptyOutDir: true,
    rollupOptions: { input: ["test/main.ts", "test/shots.ts"] },
  },
  publicDir: false,
});
