import { useEffect, useState } from "preact/hooks";

// Store is a value that many look at.
export class Store<T> {
  #value: T;
  readonly #watchers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const watcher of [...this.#watchers]) watcher(value);
  }

  watch(watcher: (value: T) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

// useStore is the value of a store, now and when it changes.
export function useStore<T>(store: Store<T>): T {
  const [, again] = useState({});
  useEffect(() => {
    let seen = store.value;
    const stop = store.watch((value) => {
      seen = value;
      again({});
    });
    if (!Object.is(seen, store.value)) again({}); // it changed between drawing and watching
    return stop;
  }, [store]);
  return store.value;
}
