import { useMemo } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { history, node } from "../data/http.ts";
import { useGet, usePages } from "../data/use.ts";
import { amount, percent, price, real, short, value, valueExact } from "../text/number.ts";
import { span } from "../text/time.ts";
import { word } from "../text/words.ts";
import { Address, Loaded, Section, Status, Tile, Tiles, Time, Title, Trouble } from "../ui/basic.tsx";
import { useRange } from "../ui/range.tsx";
import { Chart } from "../ui/chart.tsx";
import { Table } from "../ui/table.tsx";
import { Gauge, type Band } from "../ui/weights.tsx";
import { Controls } from "./controls.tsx";
import { Intervals } from "./intervals.tsx";
import { Obligations } from "./obligations.tsx";
import { OneTime } from "./onetime.tsx";

export function Portfolio({ id }: { id: string }) {
  const path = encodeURIComponent(id);
  const portfolio = useGet<History.PortfolioWhole>(history(`portfolios/${path}`));
  return (
    <>
      <Title kicker={<a href="#/">Portfolios</a>}>
        {portfolio.data === undefined ? `Portfolio ${id}` : portfolio.data.name || `Portfolio ${id}`} <span class="faint">#{id}</span>
      </Title>
      <Loaded answer={portfolio} what="portfolio">
        {(p) => <Whole of={p} />}
      </Loaded>
    </>
  );
}

function Whole({ of: p }: { of: History.PortfolioWhole }) {
  const intervals = usePages<History.Interval>(history(`portfolios/${p.id}/intervals?limit=300`), (i) => i.round);
  const worth = useGet<Chain.Value>(node(`ballast/rebalance/v1/portfolios/${p.id}/value`));
  return (
    <>
      <Tiles>
        <Tile name="NAV" note={worth.data !== undefined ? (worth.data.healthy ? "at the prices of now" : "at the last good prices") : <>as of <Time at={p.decided_time} /></>}>
          <span title={valueExact(worth.data?.nav ?? p.nav)}>{value(worth.data?.nav ?? p.nav)}</span>
        </Tile>
        <Tile name="State" note={p.payments_paused ? "payments are paused too" : <>since <Time at={p.created_time} /></>}>
          <Status of={p.status} because={p.reason} />
        </Tile>
        <Tile name="Drift" note="largest distance from a target">{percent(p.drift)}</Tile>
        <Tile name="Last interval" note={<>round {p.round}, <Time at={p.decided_time} /></>}>
          <Status of={p.outcome} />
        </Tile>
        <Tile name="Decides" note={word(p.policy.trigger.kind, "TRIGGER_KIND_")}>every {span(Number(p.policy.period_seconds))}</Tile>
      </Tiles>
      <p class="people">
        Owner <Address of={p.owner} /> · account <Address of={p.address} />
        {p.trustee !== "" && <> · trustee <Address of={p.trustee} /></>}
        {p.pending_owner !== "" && <> · offered to <Address of={p.pending_owner} /></>}
      </p>
      <Holdings of={p} worth={worth.data} />
      <Trouble answer={worth} what="holdings" />
      <Controls of={p} />
      <Curves id={p.id} intervals={intervals.data} policy={p.policy} />
      <Intervals portfolio={p.id} list={intervals} />
      <OneTime of={p} />
      <Obligations portfolio={p.id} owner={p.owner} runways={worth.data?.runways} />
      <Rules of={p.policy} />
    </>
  );
}

// Holdings compares what is held with what is wanted.
function Holdings({ of: p, worth }: { of: History.PortfolioWhole; worth: Chain.Value | undefined }) {
  const assets = useAssets();
  const owned = new Map(worth?.assets.map((a) => [a.denom, a]));
  const wanted = new Map(p.policy.positions.map((x) => [x.denom, x]));
  const weights = new Map(p.weights.map((w) => [w.denom, w]));
  const denoms = [...new Set([...wanted.keys(), ...weights.keys(), ...owned.keys()])];
  // The chain says where it would act; it has no such edges when it acts by time, or by a sum over all assets.
  const bands = new Map<string, Band>(worth?.edges.filter((e) => e.lower !== "").map((e) => [e.denom, e]));
  const most = Math.min(1, Math.max(0.05, ...p.weights.map((w) => Math.max(Number(w.weight), Number(w.target), Number(bands.get(w.denom)?.upper ?? 0)))) * 1.1);
  return (
    <Section title="Weights" note={p.round > 0 ? <>As of the interval of <Time at={p.decided_time} />; amounts and prices as of now. The line marks the target{bands.size > 0 && ", the frame the band within which nothing is done"}.</> : "It has not had an interval yet."}>
      <Table
        label="Weights and holdings"
        rows={denoms}
        rowKey={(d) => d}
        columns={[
          { name: "Asset", cell: (d) => <a href={`#/asset/${encodeURIComponent(d)}`} title={d}>{assets.name(d)}</a> },
          { name: "Held against the target", silent: true, cell: (d) => {
            const w = weights.get(d);
            return w === undefined ? null : <Gauge weight={w.weight} target={w.target} band={bands.get(d)} most={most} color={p.weights.indexOf(w)} />;
          } },
          { name: "Held", number: true, cell: (d) => percent(weights.get(d)?.weight) },
          { name: "Target", number: true, cell: (d) => percent(weights.get(d)?.target ?? wanted.get(d)?.weight) },
          ...(bands.size === 0 ? [] : [{ name: "Acts", unit: "below – above", number: true, cell: (d: string) => {
            const b = bands.get(d);
            return b === undefined ? "–" : `${percent(b.lower)} – ${percent(b.upper)}`;
          } }]),
          { name: "Amount", number: true, wide: true, cell: (d) => {
            const a = owned.get(d);
            return a === undefined ? "–" : (
              <span title={assets.coin(a.free, d)}>
                {amount(a.free, assets.exponent(d))}
                {a.in_market !== "0" && <span class="unit">+ {amount(a.in_market, assets.exponent(d))} in the market</span>}
              </span>
            );
          } },
          { name: "Price", number: true, wide: true, cell: (d) => price(owned.get(d)?.price) },
          { name: "Value", unit: "unit of account", number: true, cell: (d) => value(owned.get(d)?.value) },
          { name: "Price is", wide: true, cell: (d) => <Status of={owned.get(d)?.status ?? ""} /> },
        ]}
      />
    </Section>
  );
}

const parts = (n: number | null | undefined): string => (n === null || n === undefined ? "–" : percent(n.toFixed(6), 1));

type Valued = Pick<History.Interval, "time" | "nav_real" | "hold_real" | "mix_real" | "drift_real" | "weights"> & { total_drift?: string; threshold?: string };

// Curves draws value, weights and drift: over the intervals that are loaded, or over a longer time.
function Curves({ id, intervals, policy }: { id: number; intervals: History.Interval[] | undefined; policy: History.Policy }) {
  const assets = useAssets();
  const { parameters, chooser } = useRange();
  const values = useGet<History.Page<Valued>>(parameters === "" ? "" : history(`portfolios/${id}/values${parameters}`));
  const shown: Valued[] | undefined = parameters === "" ? intervals : values.data?.items;
  const data = useMemo(() => {
    const list = (shown ?? []).filter((i) => i.nav_real !== null).reverse();
    const weight = (i: Valued, denom: string): number => Number(i.weights.find((w) => w.denom === denom)?.weight ?? 0);
    const number = (text: string | undefined): number | null => (text === undefined || text === "" ? null : Number(text));
    return {
      x: list.map((i) => i.time),
      nav: [
        { name: "NAV", color: 0, values: list.map((i) => i.nav_real), fill: true },
        { name: "Held, never traded", color: 1, dash: true, values: list.map((i) => i.hold_real) },
        { name: "Target mix, no costs", color: 2, dash: true, values: list.map((i) => i.mix_real) },
      ],
      weights: policy.positions.map((p, n) => ({ name: assets.name(p.denom), color: n, values: list.map((i) => weight(i, p.denom)) })),
      drift: [
        { name: "Drift", color: 0, values: list.map((i) => i.drift_real) },
        ...(list.some((i) => i.total_drift !== undefined) ? [{ name: "Total drift", color: 4, values: list.map((i) => number(i.total_drift)) }] : []),
        ...(list.some((i) => (i.threshold ?? "") !== "") ? [{ name: "Threshold", color: 1, dash: true, values: list.map((i) => number(i.threshold)) }] : []),
      ],
    };
  }, [shown, policy, assets]);
  if (intervals === undefined || intervals.length === 0) return null;
  return (
    <div class="pair">
      <Section title="NAV against benchmarks" tools={chooser}>
        <Trouble answer={values} what="values" />
        <Chart label="value of the portfolio and of benchmarks" unit="unit of account; what came in and went out counts the same in all" x={data.x} series={data.nav} format={(n) => (n === null || n === undefined ? "–" : short(String(n)))} />
      </Section>
      <Section title="Weights over time">
        <Chart label="weights of the assets" unit="part of the NAV" x={data.x} series={data.weights} stack format={parts} />
      </Section>
      <Section title="Drift">
        <Chart label="distance from the targets" unit="part of the NAV" x={data.x} series={data.drift} format={parts} />
      </Section>
    </div>
  );
}

// Rules shows the policy as the chain has it. What is not set is left out.
function Rules({ of }: { of: History.Policy }) {
  const assets = useAssets();
  const rows: [string, string][] = [];
  const add = (group: string, values: object): void => {
    for (const [name, v] of Object.entries(values)) {
      if (v === "" || v === "0" || v === false || typeof v === "object") continue;
      rows.push([`${group}: ${name.replaceAll("_", " ")}`, String(v).replace(/^[A-Z_]*KIND_|^ESTIMATOR_/, "").toLowerCase().replaceAll("_", " ")]);
    }
  };
  add("target", of.target);
  add("trigger", of.trigger);
  add("bands", of.bands);
  add("limits", of.limits);
  add("gains", of.gains);
  add("loss budget", of.loss_budget);
  return (
    <Section title="Policy" note={`${of.positions.map((p) => `${assets.name(p.denom)} ${percent(p.weight, 1)}`).join(", ")}.`}>
      <details>
        <summary>All {rows.length} terms that are set</summary>
        <dl class="terms">
          {rows.map(([name, v]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{/^\d+\.\d{8,}$/.test(v) ? <span title={v}>{real(Number(v), 5)}</span> : v}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Section>
  );
}
