import { useMemo } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { history, node } from "../data/http.ts";
import { useGet, usePages } from "../data/use.ts";
import { to } from "../route.ts";
import { percent, price, real } from "../text/number.ts";
import { span } from "../text/time.ts";
import { plural } from "../text/words.ts";
import { Address, Empty, Loaded, Section, Status, Tile, Tiles, Time, Title, Trouble } from "../ui/basic.tsx";
import { useRange } from "../ui/range.tsx";
import { Chart } from "../ui/chart.tsx";
import { Table } from "../ui/table.tsx";

const kept = (a: History.Asset): number => a.sources.filter((s) => s.verdict === "kept").length;

export function Oracle() {
  const list = usePages<History.Asset>(history("assets?limit=500"), (a) => a.denom);
  return (
    <>
      <Title>Oracle</Title>
      <Section title="Prices" note="A price with any state but ok is the last good one: nothing is traded at it, and portfolios that hold the asset wait." tools={<a href={history("assets?format=csv&limit=500")}>CSV</a>}>
        <Loaded answer={list} what="prices">
          {(all) =>
            all.length === 0 ? (
              <Empty>No asset has a price. Assets come with the genesis or by governance: <code>ballastd tx oracle add-asset</code>.</Empty>
            ) : (
              <Table
                label="Prices"
                rows={[...all].sort((a, b) => (a.display < b.display ? -1 : 1))}
                rowKey={(a) => a.denom}
                columns={[
                  { name: "Asset", cell: (a) => <a class="name" href={to.asset(a.denom)}>{a.display}{a.status !== "active" && <span class="faint"> {a.status}</span>}</a> },
                  { name: "State", cell: (a) => <Status of={a.price_status} /> },
                  { name: "Price", unit: "unit of account", number: true, cell: (a) => price(a.price) },
                  { name: "Confidence", unit: "half-width", number: true, cell: (a) => percent(a.confidence, 3) },
                  { name: "Volatility", unit: "a year", number: true, wide: true, cell: (a) => percent(a.sigma, 0) },
                  { name: "Age", unit: "of sources", number: true, cell: (a) => span(a.age_seconds) },
                  { name: "Sources", unit: "kept of all", number: true, cell: (a) => `${kept(a)} of ${a.sources.length}` },
                  { name: "Classes", unit: "that agree", number: true, wide: true, cell: (a) => a.classes },
                  { name: "As of", wide: true, cell: (a) => <Time at={a.price_time} /> },
                ]}
              />
            )
          }
        </Loaded>
      </Section>
    </>
  );
}

export function Asset({ denom }: { denom: string }) {
  const assets = useAssets();
  const a = assets.get(denom);
  const path = encodeURIComponent(denom);
  const breaker = useGet<Chain.Breaker>(node(`ballast/oracle/v1/breaker/${path}`));
  const prices = usePages<History.Price>(history(`assets/${path}/prices?limit=500`), (p) => p.height);
  const { parameters, chooser } = useRange();
  const values = useGet<History.Page<History.Price>>(parameters === "" ? "" : history(`assets/${path}/values${parameters}`));
  return (
    <>
      <Title kicker={<a href={to.oracle}>Oracle</a>}>
        {assets.name(denom)} <span class="faint">{denom}</span>
      </Title>
      {a !== undefined && (
        <Tiles>
          <Tile name="Price" note={<>unit of account, <Time at={a.price_time} /></>}>{price(a.price)}</Tile>
          <Tile name="State" note={plural(a.classes, "class agrees", "classes agree")}><Status of={a.price_status} /></Tile>
          <Tile name="Confidence" note="half-width">{percent(a.confidence, 3)}</Tile>
          <Tile name="Mean over time" note="unit of account">{price(a.twap)}</Tile>
          <Tile name="Volatility" note="a year">{percent(a.sigma, 1)}</Tile>
        </Tiles>
      )}
      <Section title="Price and confidence" tools={chooser}>
        {parameters === "" ? (
          <Loaded answer={prices} what="price history">{(list) => <Curve list={list} />}</Loaded>
        ) : (
          <Loaded answer={values} what="price history">{(page) => <Curve list={page.items} />}</Loaded>
        )}
        {parameters === "" && prices.more !== undefined && <p class="more"><button type="button" onClick={prices.more}>Show earlier prices</button></p>}
      </Section>
      {a !== undefined && <Sources of={a} />}
      <Section title="Breaker" note="It compares a price with the price's own past. While it is open, nothing is traded at the price.">
        <Trouble answer={breaker} what="breaker" />
        {breaker.data !== undefined && (
          <Tiles>
            <Tile name="Breaker" note={breaker.data.open ? `${plural(breaker.data.good, "good price")} in a row so far` : "prices pass"}>
              <Status of={breaker.data.open ? "tripped" : "ok"} />
            </Tile>
            <Tile name="Distance from the mean" note={`at most ${percent(breaker.data.limit)}`}>{percent(breaker.data.distance)}</Tile>
            <Tile name="Mean of its window" note="unit of account">{price(breaker.data.mean)}</Tile>
            <Tile name="Last good price" note={<Time at={Number(breaker.data.last_good_seconds)} />}>{price(breaker.data.last_good)}</Tile>
          </Tiles>
        )}
      </Section>
    </>
  );
}

function Curve({ list }: { list: History.Price[] }) {
  const data = useMemo(() => {
    const rows = [...list].reverse();
    const edge = (p: History.Price, sign: number): number | null => (p.value_real === null ? null : p.value_real * (1 + sign * Number(p.confidence || 0)));
    return {
      x: rows.map((p) => p.time),
      series: [
        { name: "Upper", color: 0, dash: true, values: rows.map((p) => edge(p, 1)) },
        { name: "Lower", color: 0, dash: true, values: rows.map((p) => edge(p, -1)) },
        { name: "Price", color: 0, values: rows.map((p) => p.value_real) },
        { name: "Not usable", color: 3, points: true, values: rows.map((p) => (p.status === "ok" ? null : p.value_real)) },
      ],
    };
  }, [list]);
  if (list.length === 0) return <Empty>It has had no price yet: a source must report one.</Empty>;
  return <Chart label="price with confidence" unit="unit of account" x={data.x} series={data.series} band={[0, 1]} format={(n) => real(n, 6)} />;
}

function Sources({ of: a }: { of: History.Asset }) {
  const total = a.sources.reduce((sum, s) => sum + s.weight, 0);
  return (
    <Section title="Sources" note="Reports lose weight with age; a class can never outvote the others; outliers are dropped.">
      {a.sources.length === 0 ? (
        <Empty>Nobody reports its price. Governance registers sources.</Empty>
      ) : (
        <Table
          label="Sources"
          rows={a.sources}
          rowKey={(s) => s.id}
          columns={[
            { name: "Source", cell: (s) => `#${s.id} ${s.class}` },
            { name: "Verdict", cell: (s) => <Status of={s.verdict} /> },
            { name: "Price", unit: "unit of account", number: true, cell: (s) => price(s.price) },
            { name: "Weight", unit: "after decay and caps", number: true, cell: (s) => (
              <span class="share">
                {s.weight.toLocaleString()}
                <meter min={0} max={Math.max(1, total)} value={s.weight} aria-label="part of the whole weight" />
              </span>
            ) },
            { name: "Age", number: true, cell: (s) => (s.time === 0 ? "–" : span(Math.max(0, s.age_seconds))) },
            { name: "Reported", wide: true, cell: (s) => <Time at={s.time} /> },
            { name: "Reporter", cell: (s) => (s.reporter === "" ? "the chain" : <Address of={s.reporter} />) },
          ]}
        />
      )}
    </Section>
  );
}
