import type { Weight } from "../data/history.ts";
import { useAssets } from "../data/assets.ts";
import { percent } from "../text/number.ts";

// Mix draws weights as one bar.
export function Mix({ weights }: { weights: Weight[] }) {
  const assets = useAssets();
  if (weights.length === 0) return <span class="faint">–</span>;
  const text = weights.map((w) => `${assets.name(w.denom)} ${percent(w.weight, 1)}`).join(", ");
  return (
    <span class="mix" role="img" aria-label={text} title={text}>
      {weights.map((w, i) => (
        <span key={w.denom} class={`part s${(i % 8) + 1}`} style={{ width: `${Number(w.weight) * 100}%` }} />
      ))}
    </span>
  );
}

// Gauge draws a weight on a scale from nothing to most, with the target as a line.
export function Gauge({ weight, target, most, color }: { weight: string; target: string; most: number; color: number }) {
  const at = (text: string): string => `${Math.min(100, (Number(text) / most) * 100)}%`;
  return (
    <span class="gauge" role="img" aria-label={`${percent(weight)} held, ${percent(target)} wanted`}>
      <span class={`part s${(color % 8) + 1}`} style={{ width: at(weight) }} />
      <span class="mark" style={{ left: at(target) }} />
    </span>
  );
}
