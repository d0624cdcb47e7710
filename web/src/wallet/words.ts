import type { Assets } from "../data/assets.ts";
import { percent, price } from "../text/number.ts";
import { moment } from "../text/time.ts";
import { capital, shorten } from "../text/words.ts";
import type { Event } from "./sign.ts";

// sentences says what the events of a transaction mean for the one who signs it.
export function sentences(events: Event[], me: string, assets: Assets): string[] {
  const list: string[] = [];
  for (const e of events) {
    const at = (key: string): string => e.attributes.find((a) => a.key === key)?.value ?? "";
    if (e.type === "transfer") {
      const coins = at("amount");
      if (coins === "") continue;
      if (at("sender") === me) list.push(`You pay ${assets.coins(coins)} to ${shorten(at("recipient"))}.`);
      else if (at("recipient") === me) list.push(`You get ${assets.coins(coins)} from ${shorten(at("sender"))}.`);
      continue;
    }
    const name = /^ballast\.\w+\.v1\.Event(\w+)$/.exec(e.type)?.[1];
    if (name === undefined) continue;
    const details = e.attributes
      .filter((a) => !["msg_index", "mode", "owner", "bidder", "by"].includes(a.key))
      .map((a) => detail(a.key, a.value, assets))
      .filter((text) => text !== "");
    list.push(`${capital(name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase())}: ${details.join(", ")}.`);
  }
  return list;
}

const times = ["expiry", "first", "until", "grace_until", "next_attempt"];

function detail(key: string, text: string, assets: Assets): string {
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // not JSON: a text of its own
  }
  return written(key, value, assets);
}

function written(key: string, value: unknown, assets: Assets): string {
  const name = key.replaceAll("_", " ");
  if (value === null || value === "" || value === "0" || value === 0 || value === false) return "";
  if (Array.isArray(value)) {
    return value.length === 0 ? "" : `${name} ${value.map((x) => written("", x, assets)).join(" and ")}`;
  }
  if (typeof value === "object") {
    const coin = value as { denom?: string; amount?: string };
    if (typeof coin.denom === "string" && typeof coin.amount === "string") return `${name} ${assets.coin(coin.amount, coin.denom)}`.trim();
    return Object.entries(value).map(([k, v]) => written(k, v, assets)).filter((t) => t !== "").join(", ");
  }
  const text = String(value);
  if (times.includes(key)) return `${name} ${moment(Number(text))}`;
  if (key === "limit") return `${name} ${price(text)}`;
  if (key === "cap" || key === "weight") return `${name} ${percent(text)}`;
  return `${name} ${text.startsWith("ballast1") ? shorten(text) : text.replaceAll("_", " ")}`.trim();
}
