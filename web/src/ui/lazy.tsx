import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Waiting } from "./basic.tsx";

// Lazy draws a part that is loaded when it is first shown.
export function Lazy<P extends object>({ load, props }: { load: () => Promise<ComponentType<P>>; props: P }) {
  const [found, set] = useState<{ part: ComponentType<P> }>();
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    load().then(
      (part) => set({ part }),
      () => setWrong(true),
    );
  }, []);
  if (wrong) {
    return (
      <p class="trouble" role="alert">
        This part of the page did not load. Load the page again: it may be an older one than the server's.
      </p>
    );
  }
  if (found === undefined) return <Waiting />;
  const Part = found.part;
  return <Part {...props} />;
}
