import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "puppeteer-core";
import { fill, launch, open, press, says, type, violations } from "./browser.ts";
import { Chain, chainID } from "./chain.ts";
import { wallet } from "./wallet.ts";

const policy = `version: 1
name: two halves
assets:
  - asset: BTC
    weight: 50%
  - asset: USDC
    weight: 50%
speed:
  interval: 30s
  close: 90%
  within: 2
trigger:
  kind: always
limits:
  max_sell: 100%
`;

// Bands, and payments that do not go on for ever.
const runway = `version: 1
name: runway
assets:
  - {asset: USDC, weight: 60%}
  - {asset: BTC, weight: 40%}
speed: {interval: 30s, close: 90%, within: 2}
trigger: {kind: threshold, threshold: 5%}
payments:
  - {asset: USDC, amount: 10_000, first: 2027-06-30, every: month}
`;

// A name that would do harm where it were taken for markup.
const hostile = `<img src=x onerror="document.title='harm'"> & co`;

describe("the page", { timeout: 900_000 }, () => {
  const chain = new Chain();
  const complaints: string[] = [];
  let browser: Browser;
  let steward: Page;
  let portfolio = "";

  before(async () => {
    await chain.start();
    browser = await launch();
    steward = await open(browser, complaints);
    await wallet(chain.secret("steward"), "steward", false).use(steward);
  });

  after(async () => {
    await browser?.close();
    await chain.stop();
  });

  test("first paint is within a second", async () => {
    const page = await open(browser, complaints);
    await page.goto(chain.url, { waitUntil: "load" });
    await says(page, "Overview");
    const times: number[] = [];
    for (let n = 0; n < 3; n++) {
      // The best of three: others may be at work on this machine.
      times.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity));
      await page.setCacheEnabled(false);
      await page.reload({ waitUntil: "load" });
      await says(page, "Overview");
    }
    const paint = Math.min(...times);
    assert.ok(paint < 1_000, `first contentful paint after ${paint} ms`);
    console.log(`first contentful paint after ${Math.round(paint)} ms`);
    await says(page, "There is no portfolio yet");
    await page.close();
  });

  test("a portfolio is created by a wallet, from the lab", async () => {
    await steward.goto(`${chain.url}/#/lab`);
    await press(steward, "YAML");
    await type(steward, "textarea", policy);
    await says(steward, "It wants 50 % BTC and 50 % USDC");
    await press(steward, "Connect a wallet");
    await says(steward, "steward · ballast1");
    await fill(steward, "Name", hostile);
    await fill(steward, "Deposit of BTC", "1.5");
    await press(steward, "Sign…");
    await says(steward, "You pay 1.5 BTC to");
    assert.deepEqual(await violations(steward), []);
    await press(steward, "Sign with the wallet");
    await says(steward, /Done, in block/, 40);
    await press(steward, "Close", "dialog");
    portfolio = await steward.evaluate(() => location.hash.split("/").at(-1) ?? "");
    assert.match(portfolio, /^\d+$/);
    await says(steward, hostile, 20);
    assert.equal(await steward.title(), "Ballast");
    assert.equal(await steward.$("main img"), null);
  });

  test("a bid by another wallet, a ledger, fills", async () => {
    const page = await open(browser, complaints);
    await wallet(chain.secret("maker2"), "ledger", true).use(page);
    await page.goto(`${chain.url}/#/auctions`);
    await press(page, "Connect a wallet");
    await says(page, "ledger · ballast1");
    await press(page, /^BTC → USDC$/, "main");
    await says(page, "The clock against the oracle");
    await page.evaluate(() => {
      const section = [...document.querySelectorAll("section")].find((s) => s.querySelector("h2")?.textContent === "Bid");
      const amount = section?.querySelector<HTMLInputElement>("input");
      if (amount === null || amount === undefined) throw new Error("no bid form");
      amount.value = "0.01";
      amount.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await press(page, "Bid…");
    await says(page, "You pay");
    await press(page, "Sign with the wallet");
    await says(page, /Done, in block/, 40);
    await press(page, "Close", "dialog");
    await says(page, "Your bids");
    await says(page, /filled/, 40);
    await page.goto(`${chain.url}/#/auctions`);
    await says(page, "Your bids and fills");
    await says(page, "0.01 BTC", 20);
    await page.close();
  });

  test("a ledger creates a portfolio and withdraws from it", async () => {
    const page = await open(browser, complaints);
    await wallet(chain.secret("maker2"), "ledger", true).use(page);
    await page.goto(`${chain.url}/#/lab`);
    await press(page, "Connect a wallet");
    await press(page, "YAML");
    await type(page, "textarea", policy);
    await says(page, "It wants 50 % BTC and 50 % USDC");
    await fill(page, "Deposit of USDC", "2500.5");
    await press(page, "Sign…");
    await says(page, "You pay 2,500.5 USDC to");
    await press(page, "Sign with the wallet");
    await says(page, /Done, in block/, 40);
    await press(page, "Close", "dialog");
    await press(page, "Withdraw");
    await fill(page, "Asset", "uusdc");
    await fill(page, "Amount", "1000");
    await press(page, "Withdraw…");
    await says(page, "You get 1,000 USDC from");
    await press(page, "Sign with the wallet");
    await says(page, /Done, in block/, 40);
    await page.close();
  });

  test("the portfolio rebalances while one watches", async () => {
    await steward.goto(`${chain.url}/#/portfolio/${portfolio}`);
    await says(steward, /ordered: every interval/, 60);
    await chain.until("the rebalance", async () => {
      const { weights } = (await (await fetch(`${chain.url}/v1/portfolios/${portfolio}`)).json()) as { weights: { denom: string; weight: string }[] };
      const btc = Number(weights.find((w) => w.denom === "ubtc")?.weight ?? 1);
      return btc < 0.75;
    }, 150);
    const held = (): Promise<number> => steward.$$eval("table td", (cells) => Number.parseFloat(cells.find((c) => c.textContent === "BTC")?.parentElement?.querySelectorAll("td")[2]?.textContent ?? "100"));
    await chain.until("the weight on the page", async () => (await held()) < 75, 20);
    await steward.$eval("button.open", (e) => e.click());
    await says(steward, /Orders were placed|Nothing was|Came back/i);
    await says(steward, "NAV against benchmarks");
    await says(steward, "Held, never traded");
    await says(steward, "Target mix, no costs");
    await steward.select(".pair select", "day");
    await steward.waitForNetworkIdle({ idleTime: 500, timeout: 10_000 }).catch(() => {}); // the stream of blocks goes on
    assert.equal(await steward.$(".trouble"), null);
  });

  test("the owner places a one-time order, and ends it", async () => {
    await press(steward, "Place an order");
    await fill(steward, "Order sells", "ubtc");
    await fill(steward, "Order buys", "uusdc");
    await fill(steward, "Order amount", "0.02");
    await fill(steward, "Intervals", "20");
    await press(steward, "Order…");
    await press(steward, "Sign with the wallet");
    await says(steward, /Done, in block/, 40);
    await press(steward, "Close", "dialog");
    await says(steward, /#1\s+0\.02 BTC/, 20);
    await press(steward, "End it");
    await press(steward, "Sign with the wallet");
    await says(steward, /Done, in block/, 40);
    await press(steward, "Close", "dialog");
    await says(steward, /○ cancelled/, 30);
  });

  test("a payment shows its runway, and the weights their bands", async () => {
    const id = (await (await fetch(`${chain.url}/v1/portfolios?limit=500`)).json()) as { items: unknown[] };
    const file = `${chain.dir}/runway.yaml`;
    writeFileSync(file, runway);
    const to = wallet(chain.secret("maker1"), "payee", false).address;
    chain.ballastd("tx", "portfolio", "create", "--from-policy", file, "--payment-to", to, "--deposit", "50000USDC", "--name", "runway", "--from", "steward", "--chain-id", chainID, "--yes", ...chain.keys());
    await chain.until("the portfolio", async () => ((await (await fetch(`${chain.url}/v1/portfolios?limit=500`)).json()) as { items: unknown[] }).items.length > id.items.length);
    const page = await open(browser, complaints);
    await page.goto(`${chain.url}/#/portfolio/${id.items.length + 1}`);
    await says(page, /Payments in USDC can be met for \d+ months?/, 30);
    await says(page, /35(\.0+)?\s?% – 45(\.0+)?\s?%/, 60);
    assert.deepEqual(await violations(page), []);
    await page.close();
  });

  test("the owner pauses it and lets it go on", async () => {
    await press(steward, "Pause");
    await press(steward, "Sign with the wallet");
    await says(steward, /Done, in block/, 40);
    await press(steward, "Close", "dialog");
    await says(steward, /paused: owner/);
    await press(steward, "Resume");
    await press(steward, "Sign with the wallet");
    await says(steward, /Done, in block/, 40);
    await press(steward, "Close", "dialog");
    await says(steward, /● active/);
  });

  test("what the chain refuses is not offered for signing", async () => {
    await press(steward, "Change weights");
    await steward.$$eval("form input", (all) => {
      const first = all[0];
      if (first === undefined) throw new Error("no weights");
      first.value = "0.9";
      first.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await press(steward, "Change…");
    await says(steward, /Not done\./);
    assert.equal(await steward.$("dialog button.main"), null);
    await press(steward, "Cancel", "dialog");
  });

  const views = (): [string, string][] => [
    ["overview", "#/"],
    ["portfolio", `#/portfolio/${portfolio}`],
    ["auctions", "#/auctions"],
    ["oracle", "#/oracle"],
    ["asset", "#/asset/ubtc"],
    ["lab", "#/lab"],
    ["nothing", "#/nothing"],
  ];

  for (const theme of ["light", "dark"] as const) {
    test(`axe finds nothing in any view, ${theme}; nothing is wider than a phone`, async () => {
      const page = await open(browser, complaints);
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
      const lots = (await (await fetch(`${chain.url}/v1/auctions?limit=1&status=closed`)).json()) as { items: { id: number }[] };
      const all: [string, string][] = [...views(), ["auction", `#/auction/${lots.items[0]?.id ?? 0}`]];
      for (const [name, hash] of all) {
        await page.setViewport({ width: 1280, height: 900 });
        await page.goto(`${chain.url}/${hash}`);
        await page.waitForFunction(() => document.querySelector(".waiting") === null && document.querySelector("h1") !== null, { timeout: 30_000 });
        await new Promise((done) => setTimeout(done, 400));
        assert.deepEqual(await violations(page), [], name);
        await page.setViewport({ width: 360, height: 740 });
        await new Promise((done) => setTimeout(done, 300));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${name} is ${wide} px wider than a phone`);
      }
      await page.close();
    });
  }

  test("the lab runs a backtest, writes messages for others, and shares a link", async () => {
    const page = await open(browser, complaints);
    await page.goto(`${chain.url}/#/lab`);
    await says(page, "It wants 40 % USDC");
    await press(page, "YAML");
    await page.$eval("textarea", (e) => {
      e.value = e.value.replace("weight: 40%", "weight: 45%");
      e.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await says(page, /\d problem/);
    await type(page, "textarea", "version: 1\nname: flow\nassets:\n  - {asset: BTC, weight: 60%} # most of it\n  - {asset: USDC, weight: 40%}\nspeed: {interval: 1d, close: 90%, within: 2}\ntrigger: {kind: always}\n");
    await says(page, "It wants 60 % BTC and 40 % USDC");
    await press(page, "Form");
    for (const [from, to, then] of [["60%", "70%", /1 problem/], ["40%", "30%", /It wants/]] as const) {
      await page.evaluate(
        (old, next) => {
          const field = [...document.querySelectorAll<HTMLInputElement>(".term input")].find((e) => e.value === old);
          if (field === undefined) throw new Error(`no field with ${old}`);
          field.value = next;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        },
        from,
        to,
      );
      await says(page, then);
    }
    await says(page, "It wants 70 % BTC and 30 % USDC");
    await press(page, "YAML");
    assert.match(await page.$eval("textarea", (e) => e.value), /- \{asset: BTC, weight: 70%\} # most of it\n {2}- \{asset: USDC, weight: 30%\}/);
    await type(page, "textarea", policy.replace("30s", "1d"));
    await says(page, "It wants 50 % BTC and 50 % USDC");
    await press(page, "Run");
    await says(page, "NAV against benchmarks", 120);
    await fill(page, "As", "proposal");
    await press(page, "Write the message");
    await says(page, "/ballast.portfolio.v1.MsgCreate");
    await fill(page, "As", "ica");
    await fill(page, "Owner", "ballast1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqzz6tcu");
    await press(page, "Write the message");
    await says(page, "TYPE_EXECUTE_TX");
    await press(page, "Share as a link");
    await page.waitForFunction(() => location.hash.includes("p="));
    const shared = await open(browser, complaints);
    await shared.goto(page.url());
    await says(shared, "It wants 50 % BTC and 50 % USDC", 30);
    await shared.close();
    await page.close();
  });

  test("everything can be reached by keyboard", async () => {
    const page = await open(browser, complaints);
    await page.goto(`${chain.url}/#/`);
    await says(page, "Rounds");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "Skip to the content");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
    await page.focus("td a.name");
    await page.keyboard.press("Enter");
    await says(page, "What it would do now");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1", "the focus is not on the heading");
    await page.close();
  });

  test("the node goes down and comes back", async () => {
    await steward.goto(`${chain.url}/#/portfolio/${portfolio}`);
    await says(steward, "What it would do now");
    await chain.kill("node");
    await says(steward, /does not answer/, 30);
    chain.startNode();
    await steward.waitForFunction(() => document.querySelector(".trouble") === null, { timeout: 60_000 });
    await says(steward, /Nothing was|Orders/, 30);
  });

  test("the history goes down and comes back", async () => {
    await chain.kill("history");
    await says(steward, "The server does not answer. What you see may be old.", 30);
    chain.startHistory();
    await steward.waitForFunction(() => document.querySelector(".away p") === null, { timeout: 60_000 });
  });

  test("the chain stands still, and then nobody reports prices", async () => {
    for (const n of [1, 2, 3]) await chain.kill(`feeder${n}`);
    await chain.kill("node");
    await steward.goto(`${chain.url}/#/oracle`);
    await says(steward, /The last block is .* old: the history is behind/, 90);
    chain.startNode();
    await says(steward, /no quorum/, 150);
    await steward.goto(`${chain.url}/#/portfolio/${portfolio}`);
    await says(steward, "at the last good prices", 30);
    await says(steward, /price missing/, 90);
  });

  test("no page complained", () => assert.deepEqual(complaints, []));
});
