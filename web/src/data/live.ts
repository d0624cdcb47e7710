import { history, request, Refusal } from "./http.ts";
import { Store } from "./store.ts";
import type { Health } from "./history.ts";

// Pulse is how the history is, as far as this page knows.
export type Pulse = {
  state: "starting" | "ok" | "behind" | "empty" | "away";
  height: number;
  time: number; // of the last block, unix seconds
  lag: number;
};

export const pulse = new Store<Pulse>({ state: "starting", height: 0, time: 0, lag: 0 });

// beat counts what lists follow: it moves with the blocks, but never faster than somebody can read.
export const beat = new Store(0);

// tide counts what the stream told. written says at which count a table was last written, and all at which anything may
// have been.
let tide = 0;
let all = 0;
const written = new Map<string, number>();

// since is the count of now, to ask later what has changed.
export const since = (): number => tide;

// stale tells whether an answer that was asked for at some count may be another one now.
export function stale(tables: string[], asked: number): boolean {
  return tables.length === 0 || all > asked || tables.some((table) => (written.get(table) ?? 0) > asked);
}

function wrote(tables: string[] | undefined): void {
  tide++;
  if (tables === undefined) all = tide;
  for (const table of tables ?? []) written.set(table, tide);
}

// ms between two beats, and what is added by chance: not everybody asks at the same moment.
const rhythm = 1_000;
const spread = 2_000;
const retry = 3_000;

let stream: EventSource | undefined;
let due: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  if (due !== undefined || document.hidden) return;
  due = setTimeout(() => {
    due = undefined;
    beat.set(beat.value + 1);
  }, rhythm + Math.random() * spread);
}

// look asks how the history is. It answers 503 with the same body when it is behind.
async function look(): Promise<void> {
  try {
    const response = await fetch(history("health"), { cache: "no-store" });
    const health = (await response.json()) as Health;
    const state = health.status === "ok" || health.status === "behind" || health.status === "empty" ? health.status : "away";
    const was = pulse.value.state;
    pulse.set({ state, height: health.height, time: health.time, lag: health.lag_seconds });
    if (was === "away" && state !== "away") {
      wrote(undefined);
      beat.set(beat.value + 1);
    }
  } catch {
    pulse.set({ ...pulse.value, state: "away" });
  }
}

function listen(): void {
  stream?.close();
  stream = new EventSource(history("events"));
  wrote(undefined); // a new stream tells nothing of what was before it
  const moved = (event: MessageEvent<string>): void => {
    const { height, time } = JSON.parse(event.data) as { height: number; time?: number };
    pulse.set({ ...pulse.value, state: "ok", height, time: time ?? pulse.value.time, lag: 0 });
    tick();
  };
  stream.addEventListener("height", moved);
  stream.addEventListener("reset", (event: MessageEvent<string>) => {
    wrote(undefined);
    moved(event);
  });
  stream.addEventListener("block", (event: MessageEvent<string>) => {
    wrote((JSON.parse(event.data) as { changed: { tables?: string[] } }).changed.tables);
  });
  stream.onerror = () => {
    void look();
    if (stream?.readyState === EventSource.CLOSED) setTimeout(listen, retry);
  };
}

// follow begins to listen for blocks. Without a stream, health is asked every few seconds.
export function follow(): void {
  void look();
  listen();
  setInterval(() => void look(), 5_000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) beat.set(beat.value + 1);
  });
}

// reachable tells whether the chain itself answers.
export async function reachable(path: string): Promise<boolean> {
  try {
    await request(path);
    return true;
  } catch (e) {
    return e instanceof Refusal && e.status !== 0 && e.status < 500;
  }
}
