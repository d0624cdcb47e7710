// Times are unix seconds. People see them in their own zone, and UTC when they ask.

const same = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

export const clock = (t: number): string => same.format(t * 1000);

export const moment = (t: number): string => (t > 0 ? full.format(t * 1000) : "–");

export const date = (t: number): string => day.format(t * 1000);

export const utc = (t: number): string => `${new Date(t * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

// brief leaves the day out when it is today.
export function brief(t: number): string {
  if (t <= 0) return "–";
  const at = new Date(t * 1000);
  return at.toDateString() === new Date().toDateString() ? same.format(at) : full.format(at);
}

// span is a length of time in at most two units.
export function span(seconds: number): string {
  const units: [string, number][] = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
  let left = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [name, size] of units) {
    const n = Math.floor(left / size);
    if (n > 0 && parts.length < 2) parts.push(`${n} ${name}`);
    left -= n * size;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

const minutes = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const months = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" });

// ticks name moments on an axis, as finely as they lie apart.
export function ticks(list: number[]): string[] {
  const apart = (list[1] ?? 0) - (list[0] ?? 0);
  const f = apart >= 28 * 86_400 ? months : apart >= 86_400 ? days : apart >= 60 ? minutes : same;
  return list.map((t) => f.format(t * 1000));
}
