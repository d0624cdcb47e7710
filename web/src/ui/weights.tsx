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

export type Band = { lower: string; upper: string };

// Gauge draws a weight on a scale from nothing to most, with the target as a line, and the band within which nothing is
// done as a frame.
export function Gauge({ weight, target, band, most, color }: { weight: string; target: string; band: Band | undefined; most: number; color: number }) {
  const part = (text: string): number => Math.min(100, (Number(text) / most) * 100);
  const at = (text: string): string => `${part(text)}%`;
  const within = band === undefined ? "" : `, nothing is done from ${percent(band.lower)} to ${percent(band.upper)}`;
  return (
    <span class="gauge" role="img" aria-label={`${percent(weight)} held, ${percent(target)} wanted${within}`}>
      <span class={`part s${(color % 8) + 1}`} style={{ width: at(weight) }} />
      {band !== undefined && <span class="band" style={{ left: at(band.lower), width: `${part(band.upper) - part(band.lower)}%` }} />}
      <span class="mark" style={{ left: at(target) }} />
    </span>
  );
}
