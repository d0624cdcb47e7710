import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer, { type Browser, type Page } from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const launch = (): Promise<Browser> =>
  puppeteer.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--lang=en-GB", "--force-color-profile=srgb", "--disable-dev-shm-usage"],
    env: { ...process.env, TZ: "Europe/Berlin", LANGUAGE: "en_GB" },
  });

// open makes a page that fails a test by what it says on its console.
export async function open(browser: Browser, complaints: string[]): Promise<Page> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  await page.emulateTimezone("Europe/Berlin");
  page.on("pageerror", (e) => complaints.push(String(e)));
  page.on("console", (m) => {
    // Answers of 4xx and 5xx are part of the tests; what the content policy blocks, and what fails, is not.
    if ((m.type() === "error" || m.type() === "warn") && !m.text().startsWith("Failed to load resource")) complaints.push(m.text());
  });
  page.on("request", (r) => {
    const url = new URL(r.url());
    if (url.protocol.startsWith("http") && url.hostname !== "127.0.0.1") complaints.push(`asked another server: ${r.url()}`);
  });
  return page;
}

// violations are what axe finds: everything but what only a person can judge.
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe); // by the debugger: the content policy would not let the page load it
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (where: Document, options: object) => Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe;
    return (await run.run(document, { resultTypes: ["violations"] })).violations;
  });
  return found.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} (${n.failureSummary.slice(0, 200)})`).join(" | ")}`);
}

// text waits until a page says something.
export async function says(page: Page, text: string | RegExp, seconds = 20): Promise<void> {
  const source = typeof text === "string" ? text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : text.source;
  try {
    await page.waitForFunction((s) => new RegExp(s).test(document.body.innerText), { timeout: seconds * 1_000, polling: 200 }, source);
  } catch {
    const body = await page.evaluate(() => document.body.innerText);
    throw new Error(`the page does not say ${String(text)}:\n${body.slice(0, 3_000)}`);
  }
}

// press clicks the button, link or summary of that name, once it can be pressed.
export async function press(page: Page, name: string | RegExp, within = "body"): Promise<void> {
  const source = typeof name === "string" ? `^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$` : name.source;
  const found = await page.waitForFunction(
    (s, w) =>
      [...document.querySelectorAll<HTMLElement>(`${w} button, ${w} a, ${w} summary`)].find(
        (e) => new RegExp(s).test((e.innerText || e.getAttribute("aria-label") || "").trim()) && !(e as HTMLButtonElement).disabled,
      ),
    { timeout: 20_000, polling: 100 },
    source,
    within,
  );
  await (found.asElement() as unknown as { evaluate: (f: (e: HTMLElement) => void) => Promise<void> }).evaluate((e) => e.click());
}

// fill writes into the control of a name.
export async function fill(page: Page, label: string, value: string): Promise<void> {
  await page.waitForFunction((l) => [...document.querySelectorAll("label")].some((e) => e.innerText.trim() === l), { timeout: 20_000 }, label);
  await page.evaluate(
    (l, v) => {
      const of = [...document.querySelectorAll("label")].find((e) => e.innerText.trim() === l);
      const control = (of?.control ?? of?.querySelector("input,select,textarea")) as HTMLInputElement | null;
      if (control === null) throw new Error(`no control ${l}`);
      control.value = v;
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
    },
    label,
    value,
  );
}

// type writes into what a selector finds.
export async function type(page: Page, selector: string, value: string): Promise<void> {
  await page.waitForSelector(selector, { timeout: 20_000 });
  await page.$eval(
    selector,
    (e, v) => {
      (e as HTMLTextAreaElement).value = v;
      e.dispatchEvent(new Event("input", { bubbles: true }));
    },
    value,
  );
}
