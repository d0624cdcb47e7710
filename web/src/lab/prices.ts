import type { Asset, Page, Price } from "../data/history.ts";
import { history, request } from "../data/http.ts";

const pages = 10; // of 500 prices of each asset

// live is the history's own prices of assets, as a price file: a row whenever one of them changed, once all have one.
export async function live(assets: Asset[]): Promise<string> {
  const changes: { time: number; at: number; value: string }[] = [];
  for (const [at, a] of assets.entries()) {
    let cursor = "";
    for (let n = 0; n < pages; n++) {
      const path = `assets/${encodeURIComponent(a.denom)}/prices?limit=500&status=ok${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = await request<Page<Price>>(history(path));
      for (const p of page.items) changes.push({ time: p.time, at, value: p.value });
      cursor = page.next;
      if (cursor === "") break;
    }
  }
  changes.sort((a, b) => a.time - b.time);
  const now: (string | undefined)[] = assets.map(() => undefined);
  const rows = new Map<number, string>();
  for (const c of changes) {
    now[c.at] = c.value;
    if (now.every((v) => v !== undefined)) rows.set(c.time, now.join(","));
  }
  const head = `time,${assets.map((a) => a.display).join(",")}`;
  return [head, ...[...rows].map(([t, r]) => `${new Date(t * 1000).toISOString().slice(0, 19)}Z,${r}`)].join("\n") + "\n";
}
