import { useState } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { history, node } from "../data/http.ts";
import { useGet, type List } from "../data/use.ts";
import { to } from "../route.ts";
import { bps, percent, value } from "../text/number.ts";
import { capital } from "../text/words.ts";
import { Empty, Loaded, Section, Status, Time, Waiting } from "../ui/basic.tsx";
import { Table } from "../ui/table.tsx";

const atFirst = 20;

// Intervals lists what every round did with a portfolio. A row opens to the reason in words, and to its orders.
export function Intervals({ portfolio, list }: { portfolio: number; list: List<History.Interval> }) {
  const [open, setOpen] = useState(0);
  const [all, showAll] = useState(false);
  return (
    <Section title="Intervals" note="What every round did with this portfolio. Open one for the reason in words and its orders." tools={<a href={history(`portfolios/${portfolio}/intervals?format=csv&limit=500`)}>CSV</a>}>
      <Loaded answer={list} what="intervals">
        {(rows) =>
          rows.length === 0 ? (
            <Empty>No round has come to it yet: the first one does at the next interval.</Empty>
          ) : (
            <Table
              label="Intervals"
              rows={all ? rows : rows.slice(0, atFirst)}
              rowKey={(i) => i.round}
              more={all ? list.more : rows.length > atFirst ? () => showAll(true) : list.more}
              below={(i) => i.round === open && <Interval portfolio={portfolio} of={i} />}
              columns={[
                {
                  name: "Round",
                  cell: (i) => (
                    <button type="button" class="open" aria-expanded={i.round === open} onClick={() => setOpen(i.round === open ? 0 : i.round)}>
                      <span aria-hidden="true">{i.round === open ? "▾" : "▸"}</span> {i.round}
                    </button>
                  ),
                },
                { name: "Time", cell: (i) => <Time at={i.time} /> },
                { name: "Outcome", cell: (i) => <Status of={i.outcome} because={i.reason} /> },
                { name: "NAV", number: true, wide: true, cell: (i) => value(i.nav) },
                { name: "Drift", number: true, wide: true, cell: (i) => percent(i.drift) },
                { name: "Ordered", number: true, cell: (i) => value(i.ordered) },
                { name: "Crossed", number: true, wide: true, cell: (i) => value(i.crossed) },
                { name: "Sold", number: true, cell: (i) => value(i.sold) },
                { name: "Cost", unit: "bp against mid", number: true, cell: (i) => bps(i.cost_bps) },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function Interval({ portfolio, of: i }: { portfolio: number; of: History.Interval }) {
  const assets = useAssets();
  const why = useGet<Chain.Explained>(node(`ballast/rebalance/v1/portfolios/${portfolio}/explain?round=${i.round}`), i.settled_time === 0);
  const orders = useGet<History.Page<History.Order>>(history(`portfolios/${portfolio}/orders?round=${i.round}`), i.settled_time === 0);
  return (
    <div class="detail">
      {why.data !== undefined ? (
        <ul class="sentences">
          {why.data.sentences.map((s) => (
            <li key={s}>{s}</li>
          ))}
        </ul>
      ) : why.error !== undefined ? (
        <p>
          {capital(i.outcome)}
          {i.reason !== "" && `: ${i.reason}`}
          {i.denom !== "" && ` (${assets.name(i.denom)})`}
          {i.error !== "" && `: ${i.error}`}. <span class="faint">The chain no longer explains this round: it keeps only the last ones.</span>
        </p>
      ) : (
        <Waiting />
      )}
      {i.clamps.length > 0 && <p>Limits that acted: {i.clamps.join(", ")}.</p>}
      {orders.data !== undefined && orders.data.items.length > 0 && (
        <Table
          label={`Orders of round ${i.round}`}
          rows={orders.data.items}
          rowKey={(o) => o.seq}
          columns={[
            { name: "Sell", cell: (o) => assets.name(o.sell) },
            { name: "For", cell: (o) => assets.name(o.buy) },
            { name: "Units", number: true, cell: (o) => assets.amount(o.units, o.sell) },
            { name: "Came back", number: true, cell: (o) => (o.settled ? assets.amount(o.unsold, o.sell) : "in the market") },
            { name: "Got", number: true, cell: (o) => (o.got === "" ? "–" : assets.amount(o.got, o.buy)) },
            { name: "Auction", cell: (o) => (o.lot === 0 ? "crossed inside" : <a href={to.auction(o.lot)}>{o.lot}</a>) },
          ]}
        />
      )}
    </div>
  );
}
