import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Whatever the page is made of, besides what package-lock.json pins.
const folders = ["src", "public", "build"];
const files = ["index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"];

// digest is the hash of all sources: package web checks that dist/ was made of them.
export function digest(root: string): string {
  const names = [...files];
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) names.push(join(entry.parentPath, entry.name).slice(root.length + 1));
    }
  }
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    const text = readFileSync(join(root, name));
    hash.update(`${name} ${text.length}\n`).update(text);
  }
  return hash.digest("hex");
}
