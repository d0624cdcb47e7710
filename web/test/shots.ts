import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { launch, open, says } from "./browser.ts";
import { Chain, chainID } from "./chain.ts";

// Makes pictures of every view, light, dark and on a phone, of a chain that has run for some rounds. They go into the
// folder that SHOTS names.

const out = process.env["SHOTS"] ?? join(process.cwd(), "..", "out", "shots");
const rounds = 6;

const treasuries: [string, string, [string, number][]][] = [
  ["Foundation", "3000000USDC", [["USDC", 40], ["BTC", 30], ["ETH", 20], ["ATOM", 10]]],
  ["Grants DAO", "150000ATOM,20BTC", [["USDC", 60], ["ATOM", 25], ["BTC", 15]]],
  ["Index of four", "900000USDC,300ETH", [["BTC", 25], ["ETH", 25], ["ATOM", 25], ["USDC", 25]]],
  ["Runway", "12BTC", [["USDC", 90], ["BTC", 10]]],
];

const policy = (name: string, weights: [string, number][]): string => `version: 1
name: ${name}
assets:
${weights.map(([a, w]) => `  - asset: ${a}\n    weight: ${w}%`).join("\n")}
speed:
  interval: 30s
  close: 80%
  within: 4
trigger:
  kind: threshold
  threshold: 0.5%
limits:
  max_sell: 40%
  min_order: 100
`;

async function main(): Promise<void> {
  mkdirSync(out, { recursive: true });
  const chain = new Chain();
  const complaints: string[] = [];
  await chain.start();
  const browser = await launch();
  try {
    for (const [name, deposit, weights] of treasuries) {
      const file = join(chain.dir, "policy.yaml");
      writeFileSync(file, policy(name, weights));
      const height = (): Promise<{ items: unknown[] }> => fetch(`${chain.url}/v1/portfolios`).then((r) => r.json() as Promise<{ items: unknown[] }>);
      const before = (await height()).items.length;
      chain.ballastd("tx", "portfolio", "create", "--from-policy", file, "--deposit", deposit, "--name", name, "--from", "steward", "--chain-id", chainID, "--yes", ...chain.keys());
      await chain.until(name, async () => (await height()).items.length > before);
    }
    await chain.until("rounds", async () => {
      const { items } = (await (await fetch(`${chain.url}/v1/rounds?limit=50`)).json()) as { items: { decided: number }[] };
      return items.filter((r) => r.decided > 0).length >= rounds;
    }, 60 * rounds);
    const lots = (await (await fetch(`${chain.url}/v1/auctions?limit=100&status=closed`)).json()) as { items: { id: number; fills: number }[] };
    const lot = lots.items.find((l) => l.fills > 0)?.id ?? 0;
    const views = { overview: "#/", portfolio: "#/portfolio/1", auctions: "#/auctions", auction: `#/auction/${lot}`, oracle: "#/oracle", asset: "#/asset/ubtc", lab: "#/lab" };
    const page = await open(browser, complaints);
    for (const [name, hash] of Object.entries(views)) {
      for (const [kind, theme, width, height] of [["light", "light", 1280, 800], ["dark", "dark", 1280, 800], ["phone", "light", 390, 844]] as const) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
        await page.setViewport({ width, height });
        await page.goto(`${chain.url}/${hash}`);
        await settled(page);
        await page.screenshot({ path: join(out, `${name}-${kind}.png`), fullPage: true });
        await page.screenshot({ path: join(out, `${name}-${kind}-top.png`) });
      }
    }
    // Those of the guides are smaller.
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    await page.setViewport({ width: 1100, height: 660 });
    for (const name of ["overview", "portfolio", "auction", "lab"] as const) {
      await page.goto(`${chain.url}/${views[name]}`);
      await settled(page);
      await page.screenshot({ path: join(out, `web-${name}.png`) });
    }
  } finally {
    await browser.close();
    await chain.stop();
  }
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  console.log(execFileSync("ls", [out], { encoding: "utf8" }));
}

async function settled(page: Page): Promise<void> {
  await says(page, /● *(Block )?\d/);
  await page.waitForFunction(() => document.querySelector(".waiting") === null, { timeout: 30_000 });
  await new Promise((done) => setTimeout(done, 900));
}

await main();
