import { useMemo, useState } from "preact/hooks";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { history, node } from "../data/http.ts";
import { useGet, usePages } from "../data/use.ts";
import { to } from "../route.ts";
import { count, percent, real, short, value, valueExact } from "../text/number.ts";
import { span } from "../text/time.ts";
import { capital, plural, word } from "../text/words.ts";
import { Empty, Loaded, Section, Status, Tile, Tiles, Time, Title, Trouble, Until } from "../ui/basic.tsx";
import { Chart } from "../ui/chart.tsx";
import { Table } from "../ui/table.tsx";
import { Mix } from "../ui/weights.tsx";

export function Overview() {
  const overview = useGet<History.Overview>(history("overview"));
  return (
    <>
      <Title kicker={overview.data?.chain}>Overview</Title>
      <Trouble answer={overview} what="overview" />
      {overview.data !== undefined && <Figures of={overview.data} />}
      <Portfolios />
      <Rounds />
    </>
  );
}

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

function Figures({ of }: { of: History.Overview }) {
  const schedule = useGet<Chain.Schedule>(node("ballast/rebalance/v1/schedule"));
  const round = useGet<Chain.Round>(node("ballast/rebalance/v1/round"));
  const bad = sum(of.prices) - (of.prices["ok"] ?? 0);
  const phase = word(round.data?.phase, "PHASE_");
  const open = of.auctions["open"] ?? 0;
  const frozen = of.auctions["frozen"] ?? 0;
  return (
    <>
      {of.stopped.length > 0 && (
        <p class="trouble" role="alert">
          <strong>Stopped for everybody: {of.stopped.join(" and ")}.</strong> The guardian or governance lets them go on.
        </p>
      )}
      <Tiles>
        <Tile name="Under management" note={<>in the unit of account, <Time at={of.managed_time} /></>}>
          <span title={valueExact(of.managed)}>{of.managed === "" ? "–" : short(of.managed)}</span>
        </Tile>
        <Tile name="Portfolios" note={Object.entries(of.portfolios).map(([s, n]) => `${n} ${s}`).join(", ") || "none yet"}>
          {count(sum(of.portfolios))}
        </Tile>
        <Tile
          name="Next interval"
          note={schedule.error !== undefined ? "the chain does not answer" : schedule.data && `every ${span(Number(schedule.data.interval_seconds))}`}
        >
          {phase !== "" && phase !== "unspecified" ? capital(phase) : schedule.data === undefined ? "–" : <Until at={Number(schedule.data.next_freeze_at)} />}
        </Tile>
        <Tile name="Running auctions" note={frozen > 0 ? `${frozen} more frozen` : <a href={to.auctions}>all auctions</a>}>
          {count(open)}
        </Tile>
        <Tile name="Prices" note={<a href={to.oracle}>{bad === 0 ? "all may be used" : `${plural(bad, "asset")} cannot be traded`}</a>}>
          <span class={bad === 0 ? "" : "bad-text"}>
            {count(of.prices["ok"] ?? 0)}
            <span class="faint"> of {count(sum(of.prices))} ok</span>
          </span>
        </Tile>
      </Tiles>
    </>
  );
}

function Portfolios() {
  const list = usePages<History.Portfolio>(history("portfolios?limit=100"), (p) => p.id);
  const [filter, setFilter] = useState("");
  return (
    <Section
      title="Portfolios"
      tools={
        <input type="search" placeholder="Name, owner or number" aria-label="Show portfolios with" value={filter} onInput={(e) => setFilter(e.currentTarget.value)} />
      }
    >
      <Loaded answer={list} what="portfolios">
        {(all) => <PortfolioTable all={all} filter={filter.trim().toLowerCase()} more={list.more} />}
      </Loaded>
    </Section>
  );
}

function PortfolioTable({ all, filter, more }: { all: History.Portfolio[]; filter: string; more: (() => void) | undefined }) {
  if (all.length === 0) {
    return (
      <Empty>
        There is no portfolio yet. <a href={to.lab}>Write a policy in the lab</a> and create one with a wallet, or with{" "}
        <code>ballastd tx portfolio create</code>.
      </Empty>
    );
  }
  const shown = all.filter((p) => filter === "" || `${p.id}` === filter || `${p.name} ${p.owner} ${p.status}`.toLowerCase().includes(filter));
  if (shown.length === 0) {
    return <Empty>None of the {count(all.length)} portfolios that are loaded fits. {more !== undefined && "Show more of them, or write less."}</Empty>;
  }
  return (
    <Table
      label="Portfolios"
      rows={shown}
      rowKey={(p) => p.id}
      more={more}
      columns={[
        { name: "Portfolio", cell: (p) => <a class="name long" title={p.name} href={to.portfolio(p.id)}>{p.name || `Portfolio ${p.id}`} <span class="faint">#{p.id}</span></a> },
        { name: "NAV", unit: "unit of account", number: true, cell: (p) => <span title={valueExact(p.nav)}>{value(p.nav)}</span> },
        { name: "State", cell: (p) => <Status of={p.status} because={p.reason} /> },
        { name: "Drift", number: true, cell: (p) => percent(p.drift) },
        { name: "Weights", wide: true, cell: (p) => <Mix weights={p.weights} /> },
        { name: "Last interval", cell: (p) => <Status of={p.outcome} /> },
        { name: "Decided", wide: true, cell: (p) => <Time at={p.decided_time} /> },
      ]}
    />
  );
}

function Rounds() {
  const list = usePages<History.Round>(history("rounds?limit=100"), (r) => r.round);
  const valued = useMemo(() => (list.data ?? []).filter((r) => r.managed_real !== null).reverse(), [list.data]);
  const x = useMemo(() => valued.map((r) => r.time), [valued]);
  const series = useMemo(() => [{ name: "Under management", values: valued.map((r) => r.managed_real), fill: true }], [valued]);
  return (
    <Section title="Rounds" note="All portfolios decide together, at one set of prices. Opposite orders cross inside; the rest is auctioned.">
      <Loaded answer={list} what="rounds">
        {(rounds) =>
          rounds.length === 0 ? (
            <Empty>No round has begun. The first one begins with the next interval, when there is a portfolio.</Empty>
          ) : (
            <>
              <Chart label="value of all portfolios" unit="unit of account" x={x} series={series} format={(n) => (n === null || n === undefined ? "–" : short(String(n)))} />
              <Table
                label="Rounds"
                rows={rounds.slice(0, 12)}
                rowKey={(r) => r.round}
                columns={[
                  { name: "Round", number: true, cell: (r) => r.round },
                  { name: "Prices of", cell: (r) => <Time at={r.time} /> },
                  { name: "Outcomes", cell: (r) => <span class="words">{r.counts.map((c) => `${c.portfolios} ${c.outcome}`).join(", ") || "–"}</span> },
                  { name: "Ordered", number: true, cell: (r) => value(r.ordered) },
                  { name: "Crossed", number: true, cell: (r) => value(r.crossed) },
                  { name: "Sold", number: true, cell: (r) => value(r.sold) },
                  { name: "Cost", number: true, wide: true, cell: (r) => value(r.lost) },
                  { name: "Auctions", number: true, wide: true, cell: (r) => real(r.lots) },
                ]}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
