import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

// clean empties dist/, but for the policy lab, which is not made here.
export function clean(dist: string): void {
  if (!existsSync(dist)) return;
  for (const name of readdirSync(dist)) {
    if (name !== "lab") rmSync(join(dist, name), { recursive: true });
  }
}
