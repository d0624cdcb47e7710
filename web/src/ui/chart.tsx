import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { Store, useStore } from "../data/store.ts";
import { moment, ticks } from "../text/time.ts";

export type Series = {
  name: string;
  values: (number | null | undefined)[];
  color?: number; // of the palette
  dash?: boolean;
  steps?: boolean;
  points?: boolean; // marks without a line
  fill?: boolean;
};

type Props = {
  label: string; // what is drawn, for those who do not see it
  unit: string;
  x: number[]; // unix seconds
  series: Series[];
  band?: [number, number]; // the area between two series
  stack?: boolean; // series lie on each other
  format: (n: number | null | undefined) => string;
  height?: number;
};

// theme counts changes of colours, which a canvas does not follow by itself.
export const theme = new Store(0);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => theme.set(theme.value + 1));

const style = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const palette = (n: number): string => style(`--series-${(n % 8) + 1}`);

function stacked(series: Series[]): Series[] {
  const sum: number[] = [];
  return series.map((s) => ({
    ...s,
    values: s.values.map((v, i) => (sum[i] = (sum[i] ?? 0) + (v ?? 0))),
  }));
}

function options(p: Props, drawn: Series[], width: number, latest: { current: Props }): uPlot.Options {
  const ink = style("--faint");
  const axis = { stroke: ink, grid: { stroke: style("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
  const lines = drawn.map((s, i): uPlot.Series => {
    const color = palette(s.color ?? i);
    return {
      label: s.name,
      stroke: color,
      width: s.points === true ? 0 : 2,
      ...(s.dash === true ? { dash: [6, 4] } : {}),
      ...(s.fill === true || p.stack === true ? { fill: color + (p.stack === true ? "cc" : "22") } : {}),
      ...(s.steps === true && uPlot.paths.stepped !== undefined ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
      points: { show: s.points === true || p.x.length < 3, size: 7, fill: color },
      spanGaps: false,
      value: (_u, _v, _s, at) => (at === null ? "–" : p.format(latest.current.series[i]?.values[at])),
    };
  });
  return {
    width,
    height: p.height ?? 240,
    padding: [8, 38, 0, 0],
    cursor: { y: false, points: { size: 8 } },
    legend: { live: true },
    scales: { x: { time: true }, y: { range: (_u, min, max) => bounds(min, max, p.stack === true) } },
    axes: [
      { ...axis, space: 90, incrs: steps, values: (_u, list) => ticks(list) },
      { ...axis, size: 68, values: (_u, list) => list.map((v) => p.format(v)) },
    ],
    series: [{ label: "Time", value: (_u, v) => (v === null ? "–" : moment(v)) }, ...lines],
    ...(p.band === undefined ? {} : { bands: [{ series: [p.band[0] + 1, p.band[1] + 1], fill: palette(drawn[p.band[0]]?.color ?? 0) + "33" }] }),
  };
}

// steps of an axis of time, in seconds: blocks are whole ones.
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200].concat(
  [1, 2, 5, 10, 30, 60, 90, 180, 365, 730].map((d) => d * 86_400),
);

// bounds leave some air around lines; parts of a whole fill the height.
function bounds(min: number | null, max: number | null, whole: boolean): [number, number] {
  if (whole) return [0, Math.max(1, max ?? 1)];
  if (min === null || max === null) return [0, 1];
  const air = (max - min) * 0.08 || Math.abs(max) * 0.02 || 1;
  return [min >= 0 && min < air ? 0 : min - air, max + air];
}

// Chart draws lines over time, and can be read as a table too.
export function Chart(p: Props) {
  const at = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const colors = useStore(theme);
  const [tabled, setTabled] = useState(false);
  const shape = JSON.stringify([colors, p.stack, p.band, p.unit, p.series.map((s) => [s.name, s.color, s.dash, s.points])]);
  const drawn = p.stack === true ? stacked(p.series).reverse() : p.series;
  const own = p.stack === true ? { ...p, series: [...p.series].reverse() } : p;
  const latest = useRef(own);
  latest.current = own;
  const data = [p.x, ...drawn.map((s) => s.values)] as uPlot.AlignedData;
  useEffect(() => {
    const box = at.current;
    if (box === null) return;
    plot.current = new uPlot(options(own, drawn, box.clientWidth, latest), data, box);
    const watch = new ResizeObserver(() => {
      if (box.clientWidth > 0) plot.current?.setSize({ width: box.clientWidth, height: p.height ?? 240 });
    });
    watch.observe(box);
    return () => {
      watch.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, p.x.length < 3]);
  useEffect(() => plot.current?.setData(data), [p.x, p.series]);
  return (
    <figure class="chart">
      <div ref={at} role="img" aria-label={`Chart: ${p.label}. The numbers are in the table below it.`} />
      <figcaption>
        <span class="faint">{p.unit}</span>
        <button type="button" class="quiet" aria-expanded={tabled} onClick={() => setTabled(!tabled)}>
          {tabled ? "Hide numbers" : "Show numbers"}
        </button>
      </figcaption>
      {tabled && <Numbers {...p} />}
    </figure>
  );
}

// most rows of the numbers under a chart.
const most = 50;

function Numbers(p: Props) {
  const rows = p.x.map((_, i) => i).slice(-most).reverse();
  return (
    <div class="scroll short" role="region" aria-label={`Numbers: ${p.label}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {p.series.map((s) => <th key={s.name} scope="col" class="number">{s.name}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((i) => (
            <tr key={p.x[i]}>
              <td>{moment(p.x[i] ?? 0)}</td>
              {p.series.map((s) => <td key={s.name} class="number">{p.format(s.values[i])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
