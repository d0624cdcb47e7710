// word turns a name of the chain, such as TRIGGER_KIND_ALWAYS, into a word.
export function word(name: string | undefined, prefix: string): string {
  if (name === undefined || name === "") return "";
  return name.replace(prefix, "").toLowerCase().replaceAll("_", " ");
}

// tones say how good or bad a state is; the word itself is always shown too.
export type Tone = "good" | "warn" | "bad" | "idle" | "busy";

const tones: Record<string, Tone> = {
  active: "good", ok: "good", settled: "good", filled: "good", kept: "good", made: "good",
  live: "busy", done: "good", open: "busy", opening: "busy", resting: "busy", ordered: "busy", "in flight": "busy", scheduled: "busy",
  paused: "warn", quarantined: "bad", halted: "bad", frozen: "warn", "no quorum": "bad", tripped: "bad", outlier: "warn", stale: "warn",
  "price missing": "bad", "price breaker open": "bad", "price stale": "bad", "clamped to nothing": "warn", "below minimum": "warn",
  "halted outside the outer band": "bad", "halted by the loss budget": "bad", "orders not settled": "busy", "payment short": "warn", failed: "bad", closing: "warn", silent: "warn", "wind down": "warn",
};

export const tone = (state: string): Tone => tones[state.replaceAll("_", " ")] ?? "idle";

// capital begins a sentence.
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// plural counts in words.
export const plural = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString()} ${n === 1 ? one : many}`;

// brief shortens an address in its middle.
export const shorten = (address: string): string =>
  address.length <= 20 ? address : `${address.slice(0, 11)}…${address.slice(-5)}`;
