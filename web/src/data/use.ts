import { useEffect, useRef, useState } from "preact/hooks";
import { beat, since, stale } from "./live.ts";
import { ask as inquire, Refusal, request } from "./http.ts";

// Answer is what is known of a question: the last data, and why there is none newer.
export type Answer<T> = {
  data: T | undefined;
  error: Refusal | undefined;
  again: () => void;
};

// kept answers show at once when somebody comes back to a view.
const kept = new Map<string, unknown>();
const mostKept = 200;

function keep(path: string, data: unknown): void {
  kept.delete(path);
  kept.set(path, data);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value as string);
}

// useGet asks for a path, and again with a beat of the chain when the answer may have changed. An empty path asks
// nothing.
export function useGet<T>(path: string, live = true): Answer<T> {
  const [, draw] = useState({});
  const state = useRef<{ path: string; data: T | undefined; error: Refusal | undefined }>(undefined);
  if (state.current?.path !== path) {
    state.current = { path, data: kept.get(path) as T | undefined, error: undefined };
  }
  const now = state.current;
  const ask = useRef(() => {});
  useEffect(() => {
    if (path === "") return;
    const stop = new AbortController();
    let busy = false;
    let asked = 0;
    let tables: string[] = [];
    ask.current = () => {
      if (busy) return;
      busy = true;
      asked = since();
      inquire<T>(path, { signal: stop.signal })
        .then(({ data, tables: read }) => {
          tables = read;
          keep(path, data);
          now.data = data;
          now.error = undefined;
        })
        .catch((e: unknown) => {
          if (stop.signal.aborted) return;
          now.error = e instanceof Refusal ? e : new Refusal(0, String(e), "");
        })
        .finally(() => {
          busy = false;
          if (!stop.signal.aborted) draw({});
        });
    };
    ask.current();
    const quiet = live ? beat.watch(() => {
      if (now.error !== undefined || stale(tables, asked)) ask.current();
    }) : () => {};
    // Whoever got no answer asks again, also while there are no blocks.
    const retry = setInterval(() => {
      if (now.error !== undefined && now.error.status !== 404 && now.error.status !== 400) ask.current();
    }, 4_000);
    return () => {
      stop.abort();
      quiet();
      clearInterval(retry);
    };
  }, [path, live, now]);
  return { data: now.data, error: now.error, again: () => ask.current() };
}

type Page<T> = { items: T[]; next: string };

export type List<T> = Answer<T[]> & { more: (() => void) | undefined };

// usePages is a list of the history, page by page: the first follows the chain, the others are as they were read.
export function usePages<T>(path: string, key: (item: T) => string | number): List<T> {
  const first = useGet<Page<T>>(path);
  const [rest, setRest] = useState<{ path: string; items: T[]; next: string | undefined }>({ path, items: [], next: undefined });
  const tail = rest.path === path ? rest : { path, items: [], next: undefined };
  const next = tail.next ?? first.data?.next ?? "";
  const more = (): void => {
    const glue = path.includes("?") ? "&" : "?";
    void request<Page<T>>(`${path}${glue}cursor=${encodeURIComponent(next)}`).then((page) => {
      setRest({ path, items: [...tail.items, ...page.items], next: page.next });
    });
  };
  let data = first.data?.items;
  if (data !== undefined && tail.items.length > 0) {
    const seen = new Set(data.map(key));
    data = [...data, ...tail.items.filter((item) => !seen.has(key(item)))];
  }
  return { data, error: first.error, again: first.again, more: next === "" ? undefined : more };
}
