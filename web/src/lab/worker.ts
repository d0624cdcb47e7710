// The lab in a thread of its own: the engine as WebAssembly. A call blocks, so that it must not be the page's thread.

type Ask = { id: number; name: string; request: string };

type Engine = (name: string, request: string, progress: (done: number, total: number) => void) => { answer?: string; error?: string };

type Runtime = new () => { importObject: WebAssembly.Imports; run(instance: WebAssembly.Instance): Promise<void> };

const scope = globalThis as unknown as { Go: Runtime; ballast: Engine };

const loaded = (async () => {
  const [wasm] = await Promise.all([fetch("/lab/lab.wasm"), import(/* @vite-ignore */ `${location.origin}/lab/wasm_exec.js`)]);
  if (!wasm.ok) throw new Error("missing");
  const go = new scope.Go();
  const { instance } = await WebAssembly.instantiateStreaming(wasm, go.importObject);
  void go.run(instance);
})();

addEventListener("message", (event: MessageEvent<Ask>) => {
  const { id, name, request } = event.data;
  loaded.then(
    () => {
      const answer = scope.ballast(name, request, (done, total) => postMessage({ id, done, total }));
      postMessage({ id, ...answer });
    },
    () => postMessage({ id, error: "missing" }),
  );
});
