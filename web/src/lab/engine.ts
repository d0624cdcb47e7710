// Calls of the policy lab: see internal/lab. One worker answers them in turn.

type Heard = { id: number; answer?: string; error?: string; done?: number; total?: number };

type Waiting = { resolve: (text: string) => void; reject: (e: Error) => void; progress: ((part: number) => void) | undefined };

// Missing says that the lab was not built into the program.
export class Missing extends Error {}

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<number, Waiting>();

function start(): Worker {
  const w = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  w.onmessage = (event: MessageEvent<Heard>) => {
    const { id, answer, error, done, total } = event.data;
    const one = waiting.get(id);
    if (one === undefined) return;
    if (done !== undefined && total !== undefined) {
      one.progress?.(total === 0 ? 0 : done / total);
      return;
    }
    waiting.delete(id);
    if (answer !== undefined) one.resolve(answer);
    else one.reject(error === "missing" ? new Missing() : new Error(error));
  };
  return w;
}

// call asks the engine.
export async function call<T>(name: string, request: object, progress?: (part: number) => void): Promise<T> {
  worker ??= start();
  const id = ++last;
  const text = await new Promise<string>((resolve, reject) => {
    waiting.set(id, { resolve, reject, progress });
    worker?.postMessage({ id, name, request: JSON.stringify(request) });
  });
  return JSON.parse(text) as T;
}

// stop ends what runs; the next call begins anew.
export function stop(): void {
  worker?.terminate();
  worker = undefined;
  for (const one of waiting.values()) one.reject(new Error("Stopped."));
  waiting.clear();
}
