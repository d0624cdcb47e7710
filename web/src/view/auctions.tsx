import { useState } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { history, node, query } from "../data/http.ts";
import { useStore } from "../data/store.ts";
import { useGet, usePages } from "../data/use.ts";
import { to } from "../route.ts";
import { bps, percent, price } from "../text/number.ts";
import { span } from "../text/time.ts";
import { capital, word } from "../text/words.ts";
import { Empty, Loaded, Section, Status, Tile, Tiles, Time, Title, Trouble, Until } from "../ui/basic.tsx";
import { Table } from "../ui/table.tsx";
import { account } from "../wallet/keplr.ts";

export function Auctions() {
  const [status, setStatus] = useState("");
  const running = useGet<History.Page<History.Lot>>(history("auctions?status=open&limit=100"));
  const past = usePages<History.Lot>(history(`auctions${query({ status, limit: 50 })}`), (l) => l.id);
  return (
    <>
      <Title>Auctions</Title>
      <Schedule />
      <Section title="Running" note="Every block clears once, at one price for all bids. The clock falls from start to reserve.">
        <Loaded answer={running} what="running auctions">
          {(page) =>
            page.items.length === 0 ? (
              <Empty>No auction runs. The next ones open shortly after the next interval, when portfolios have something to sell.</Empty>
            ) : (
              <Lots list={page.items} label="Running auctions" />
            )
          }
        </Loaded>
      </Section>
      <Maker />
      <Section
        title="All auctions"
        tools={
          <>
            <label>
              Show{" "}
              <select value={status} onChange={(e) => setStatus(e.currentTarget.value)}>
                <option value="">all</option>
                <option value="open">open</option>
                <option value="frozen">frozen</option>
                <option value="closed">closed</option>
              </select>
            </label>
            <a href={history("auctions?format=csv&limit=500")}>CSV</a>
          </>
        }
      >
        <Loaded answer={past} what="auctions">
          {(list) => (list.length === 0 ? <Empty>There is no such auction.</Empty> : <Lots list={list} label="All auctions" more={past.more} />)}
        </Loaded>
      </Section>
    </>
  );
}

// Maker is what the connected wallet has in all auctions.
function Maker() {
  const assets = useAssets();
  const me = useStore(account)?.key.bech32Address ?? "";
  const of = `ballast/auction/v1/accounts/${me}`;
  const bids = useGet<{ bids: Chain.ChainBid[] }>(me === "" ? "" : node(`${of}/bids?pagination.limit=50`));
  const fills = useGet<{ fills: Chain.ChainFill[] }>(me === "" ? "" : node(`${of}/fills?pagination.limit=50&pagination.reverse=true`));
  const seen = useGet<History.Page<History.Fill & { lot: number }>>(me === "" ? "" : history(`makers/${me}/fills?limit=200`));
  if (me === "") return null;
  const margin = new Map(seen.data?.items.map((f) => [`${f.lot}.${f.bid}`, f.cost_bps]));
  const resting = bids.data?.bids ?? [];
  const bought = fills.data?.fills ?? [];
  return (
    <Section title="Your bids and fills" note="Margin is how far below the oracle's mid you bought, as the history measured it.">
      <Trouble answer={fills} what="fills" />
      {resting.length === 0 && bought.length === 0 && <Empty>You have not bid in the auctions that the chain remembers. Open one that runs, and ask it for a quote.</Empty>}
      {resting.length > 0 && (
        <Table
          label="Your bids that rest"
          rows={resting}
          rowKey={(b) => `${b.lot_id}.${b.id}`}
          columns={[
            { name: "Resting in", cell: (b) => <a href={to.auction(b.lot_id)}>auction {b.lot_id}</a> },
            { name: "Limit", number: true, cell: (b) => price(b.limit) },
            { name: "Deposit", number: true, cell: (b) => assets.coin(b.escrow.amount, b.escrow.denom) },
            { name: "Until", cell: (b) => (b.expiry === "0" ? "the end" : <Time at={Number(b.expiry)} />) },
          ]}
        />
      )}
      {bought.length > 0 && (
        <Table
          label="Your fills"
          rows={bought}
          rowKey={(f) => `${f.lot_id}.${f.bid_id}`}
          columns={[
            { name: "Filled in", cell: (f) => <a href={to.auction(f.lot_id)}>auction {f.lot_id}</a> },
            { name: "Got", number: true, cell: (f) => assets.coin(f.units.amount, f.units.denom) },
            { name: "Paid", number: true, cell: (f) => assets.coin(f.payment.amount, f.payment.denom) },
            { name: "Price", number: true, cell: (f) => price(f.price) },
            { name: "Margin", unit: "bp below mid", number: true, cell: (f) => bps(margin.get(`${f.lot_id}.${f.bid_id}`)) },
            { name: "Time", wide: true, cell: (f) => <Time at={Number(f.time)} /> },
          ]}
        />
      )}
    </Section>
  );
}

function Lots({ list, label, more }: { list: History.Lot[]; label: string; more?: (() => void) | undefined }) {
  const assets = useAssets();
  return (
    <Table
      label={label}
      rows={list}
      rowKey={(l) => l.id}
      more={more}
      columns={[
        { name: "Auction", cell: (l) => <a class="name" href={to.auction(l.id)}>{assets.name(l.sell)} → {assets.name(l.buy)}</a> },
        { name: "Round", number: true, wide: true, cell: (l) => l.round },
        { name: "State", cell: (l) => <Status of={l.cancelled === "" ? l.status : "cancelled"} /> },
        { name: "Units", unit: "sold asset", number: true, cell: (l) => assets.amount(l.units, l.sell) },
        { name: "Left", unit: "sold asset", number: true, cell: (l) => assets.amount(l.remaining, l.sell) },
        { name: "Clock", number: true, cell: (l) => price(l.clock || l.start) },
        { name: "Last price", number: true, cell: (l) => price(l.price) },
        { name: "Bids", number: true, wide: true, cell: (l) => l.bids },
        { name: "Fills", number: true, wide: true, cell: (l) => l.fills },
        { name: "Opened", wide: true, cell: (l) => <Time at={l.opened_time} /> },
      ]}
    />
  );
}

// Schedule says when the next lots open and by which rule.
function Schedule() {
  const assets = useAssets();
  const schedule = useGet<Chain.Schedule>(node("ballast/rebalance/v1/schedule"));
  const round = useGet<Chain.Round>(node("ballast/rebalance/v1/round"));
  const phase = word(round.data?.phase, "PHASE_");
  const s = schedule.data;
  if (s === undefined) return <Trouble answer={schedule} what="schedule" />;
  const seconds = (name: string): string => span(Number(s.auction[name] ?? 0));
  return (
    <>
      <Tiles>
        <Tile name="Next round" note={`every ${span(Number(s.interval_seconds))}`}>
          {round.data?.halted === true ? "halted" : <Until at={Number(s.next_freeze_at)} />}
        </Tile>
        <Tile name="This round" note={round.data && `round ${round.data.round}`}>{phase === "" || phase === "unspecified" ? "over" : capital(phase)}</Tile>
        <Tile name="A lot takes bids for" note={`then falls for ${seconds("window_seconds")}, and rests for ${seconds("tail_seconds")}`}>
          {String(s.auction["opening_blocks"])} blocks
        </Tile>
        <Tile name="Shape" note={`a step every ${seconds("block_seconds")}`}>{word(String(s.auction["kind"]), "CURVE_KIND_")}</Tile>
      </Tiles>
      <Section title="Where prices start and end">
        <p class="prose">{s.rule}</p>
        {s.spreads.length > 0 && (
          <details>
            <summary>What {s.spreads.length} pairs have learned</summary>
            <Table
              label="Learned widths"
              rows={s.spreads}
              rowKey={(p) => `${p.sell} ${p.buy}`}
              columns={[
                { name: "Pair", cell: (p) => `${assets.name(p.sell)} → ${assets.name(p.buy)}` },
                { name: "Start above mid", number: true, cell: (p) => percent(p.start, 3) },
                { name: "Reserve below mid", number: true, cell: (p) => percent(p.reserve, 3) },
              ]}
            />
          </details>
        )}
      </Section>
    </>
  );
}
