import { useMemo } from "preact/hooks";
import { useAssets, type Assets } from "../data/assets.ts";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { history, node } from "../data/http.ts";
import { useGet } from "../data/use.ts";
import { to } from "../route.ts";
import { bps, exact, percent, price, real } from "../text/number.ts";
import { word } from "../text/words.ts";
import { Address, Empty, Loaded, Section, Status, Tile, Tiles, Time, Title, Trouble, Until } from "../ui/basic.tsx";
import { Chart } from "../ui/chart.tsx";
import { Table } from "../ui/table.tsx";
import { Quote } from "./quote.tsx";
import { Mine } from "./mine.tsx";

export function Auction({ id }: { id: string }) {
  const assets = useAssets();
  const lot = useGet<History.Lot>(history(`auctions/${encodeURIComponent(id)}`));
  const l = lot.data;
  return (
    <>
      <Title kicker={<a href={to.auctions}>Auctions</a>}>
        {l === undefined ? `Auction ${id}` : `${assets.name(l.sell)} → ${assets.name(l.buy)}`} <span class="faint">#{id}</span>
      </Title>
      <Loaded answer={lot} what="auction">
        {(of) => <Whole of={of} />}
      </Loaded>
    </>
  );
}

function Whole({ of: l }: { of: History.Lot }) {
  const assets = useAssets();
  const running = l.status === "open" || l.status === "frozen";
  const now = useGet<Chain.LotNow>(running ? node(`ballast/auction/v1/lots/${l.id}`) : "");
  const live = running ? now.data?.lot : undefined;
  const pair = `${assets.name(l.buy)} for one ${assets.name(l.sell)}`;
  return (
    <>
      {running && <Trouble answer={now} what="clock" />}
      <Tiles>
        <Tile name={running ? "Clock" : "Last price"} note={pair}>
          {price(running ? (live?.clock_price ?? l.clock) || l.start : l.price)}
        </Tile>
        <Tile name="State" note={live === undefined ? (l.closed_time > 0 ? <>closed <Time at={l.closed_time} /></> : undefined) : word(live.status, "LOT_STATUS_")}>
          <Status of={l.cancelled === "" ? l.status : "cancelled"} because={l.cancelled} />
        </Tile>
        <Tile name="Left" note={<>of {assets.coin(l.units, l.sell)}</>}>
          <span title={exact(l.remaining, l.sell_exponent)}>{assets.amount(live?.remaining ?? l.remaining, l.sell)}</span>
        </Tile>
        {live !== undefined && Number(live.next_time) > 0 ? (
          <Tile name="Next clearing" note={<>at {price(live.next_price)}</>}>
            <Until at={Number(live.next_time)} />
          </Tile>
        ) : (
          <Tile name="Brought" note={assets.name(l.buy)}>{assets.amount(l.proceeds, l.buy)}</Tile>
        )}
        <Tile name="From start to reserve" note={pair}>
          <span class="smaller">{price(l.start)} → {price(l.reserve)}</span>
        </Tile>
      </Tiles>
      <p class="people">
        Round {l.round}, opened <Time at={l.opened_time} /> in block {l.opened_height.toLocaleString()}
        {l.closed_height > 0 && <>, closed in block {l.closed_height.toLocaleString()}</>}.
      </p>
      <Clock of={l} now={running ? now.data : undefined} />
      {running && <Quote lot={l} />}
      {running && <Book of={l} />}
      <Mine lot={l} />
      <Clearings of={l} />
      <Bids of={l} />
    </>
  );
}

const surety = (assets: Assets, denom: string): string => `${assets.name(denom)} to ±${percent(assets.get(denom)?.confidence, 3)}`;

// Clock draws the clock and the prices of clearings against the oracle's mid.
function Clock({ of: l, now }: { of: History.Lot; now: Chain.LotNow | undefined }) {
  const clearings = useGet<History.Page<History.Clearing>>(history(`auctions/${l.id}/clearings?limit=500`), l.closed_time === 0);
  const assets = useAssets();
  const data = useMemo(() => {
    const number = (text: string): number | null => (text === "" ? null : Number(text));
    const list = clearings.data?.items ?? [];
    const x = [l.opened_time, ...list.map((c) => c.time)];
    const clock = [Number(l.start), ...list.map((c) => number(c.clock))];
    const paid = [null, ...list.map((c) => (c.fills > 0 ? c.price_real : null))];
    const mid = [null, ...list.map((c) => number(c.mid))];
    const low = [null, ...list.map((c) => number(c.mid_low))];
    const high = [null, ...list.map((c) => number(c.mid_high))];
    if (now !== undefined && Number(now.lot.last_time) > (x.at(-1) ?? 0)) {
      x.push(Number(now.lot.last_time));
      clock.push(Number(now.lot.clock_price));
      paid.push(null);
      mid.push(number(now.mid));
      low.push(number(now.mid_low));
      high.push(number(now.mid_high));
    }
    return {
      x,
      series: [
        { name: "Clock", values: clock, color: 0, steps: true },
        { name: "Cleared at", values: paid, color: 1, points: true },
        { name: "Oracle's mid", values: mid, color: 2, dash: true },
        { name: "Reserve", values: x.map(() => Number(l.reserve)), color: 7, dash: true },
        { name: "Mid at most", values: high, color: 2 },
        { name: "Mid at least", values: low, color: 2 },
      ],
    };
  }, [clearings.data, l.start, l.reserve, now]);
  return (
    <Section title="The clock against the oracle" note={`The area is where the mid may lie for all that the oracle knew. It is sure of ${surety(assets, l.sell)} and of ${surety(assets, l.buy)} now.`}>
      <Chart label="clock, clearing prices and the oracle's mid" unit="bought asset for one of the sold" x={data.x} series={data.series} band={[4, 5]} format={(n) => real(n, 6)} />
    </Section>
  );
}

function Book({ of: l }: { of: History.Lot }) {
  const assets = useAssets();
  const book = useGet<{ bids: Chain.ChainBid[] }>(node(`ballast/auction/v1/lots/${l.id}/bids?pagination.limit=200`));
  return (
    <Section title="Book" note="Bids that rest, the best limit first. All that fill in a block fill at one price; nobody pays more than the limit.">
      <Loaded answer={book} what="book">
        {({ bids }) =>
          bids.length === 0 ? (
            <Empty>Nobody bids. Whoever bids first, and alone, pays the clock's price.</Empty>
          ) : (
            <Table
              label="Book"
              rows={bids}
              rowKey={(b) => b.id}
              columns={[
                { name: "Limit", number: true, cell: (b) => price(b.limit) },
                { name: "At most", unit: assets.name(l.sell), number: true, cell: (b) => assets.amount(b.quantity, l.sell) },
                { name: "At least", unit: assets.name(l.sell), number: true, wide: true, cell: (b) => assets.amount(b.min_fill, l.sell) },
                { name: "Deposit", unit: assets.name(l.buy), number: true, cell: (b) => assets.amount(b.escrow.amount, b.escrow.denom) },
                { name: "Bidder", cell: (b) => <Address of={b.bidder} /> },
                { name: "Until", wide: true, cell: (b) => (b.expiry === "0" ? "the end" : <Time at={Number(b.expiry)} />) },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function Clearings({ of: l }: { of: History.Lot }) {
  const assets = useAssets();
  const clearings = useGet<History.Page<History.Clearing>>(history(`auctions/${l.id}/clearings?limit=500`), l.closed_time === 0);
  const fills = useGet<History.Page<History.Fill>>(history(`auctions/${l.id}/fills?limit=500`), l.closed_time === 0);
  return (
    <>
      <Section title="Clearings" tools={<a href={history(`auctions/${l.id}/clearings?format=csv&limit=500`)}>CSV</a>}>
        <Loaded answer={clearings} what="clearings">
          {(page) =>
            page.items.length === 0 ? (
              <Empty>Nothing has been sold in it{l.closed_time > 0 ? "." : " yet: the first clearing is when the opening is over."}</Empty>
            ) : (
              <Table
                label="Clearings"
                rows={page.items}
                rowKey={(c) => c.height}
                columns={[
                  { name: "Block", number: true, cell: (c) => c.height.toLocaleString() },
                  { name: "Time", cell: (c) => <Time at={c.time} /> },
                  { name: "Clock", number: true, wide: true, cell: (c) => price(c.clock) },
                  { name: "Price", number: true, cell: (c) => price(c.price) },
                  { name: "Mid", number: true, wide: true, cell: (c) => price(c.mid) },
                  { name: "Cost", unit: "bp against mid", number: true, cell: (c) => bps(c.cost_bps) },
                  { name: "Sold", unit: assets.name(l.sell), number: true, cell: (c) => assets.amount(c.sold, l.sell) },
                  { name: "For", unit: assets.name(l.buy), number: true, cell: (c) => assets.amount(c.proceeds, l.buy) },
                  { name: "Left", unit: assets.name(l.sell), number: true, wide: true, cell: (c) => assets.amount(c.remaining, l.sell) },
                ]}
              />
            )
          }
        </Loaded>
      </Section>
      {fills.data !== undefined && fills.data.items.length > 0 && (
        <Section title="Fills">
          <Table
            label="Fills"
            rows={fills.data.items}
            rowKey={(f) => f.bid}
            columns={[
              { name: "Bid", number: true, cell: (f) => `#${f.bid}` },
              { name: "Bidder", cell: (f) => <Address of={f.bidder} /> },
              { name: "Got", unit: assets.name(l.sell), number: true, cell: (f) => assets.amount(f.units, l.sell) },
              { name: "Paid", unit: assets.name(l.buy), number: true, cell: (f) => assets.amount(f.payment, l.buy) },
              { name: "Back", unit: assets.name(l.buy), number: true, wide: true, cell: (f) => assets.amount(f.refund, l.buy) },
              { name: "Price", number: true, cell: (f) => price(f.price) },
              { name: "Below mid", unit: "bp", number: true, wide: true, cell: (f) => bps(f.cost_bps) },
              { name: "Time", wide: true, cell: (f) => <Time at={f.time} /> },
            ]}
          />
        </Section>
      )}
    </>
  );
}

function Bids({ of: l }: { of: History.Lot }) {
  const assets = useAssets();
  const bids = useGet<History.Page<History.Bid>>(history(`auctions/${l.id}/bids?limit=500`), l.closed_time === 0);
  if (bids.data === undefined || bids.data.items.length === 0) return <Trouble answer={bids} what="bids" />;
  return (
    <Section title="All bids">
      <Table
        label="All bids"
        rows={bids.data.items}
        rowKey={(b) => b.id}
        columns={[
          { name: "Bid", number: true, cell: (b) => `#${b.id}` },
          { name: "Bidder", cell: (b) => <Address of={b.bidder} /> },
          { name: "Limit", number: true, cell: (b) => price(b.limit_price) },
          { name: "At most", unit: assets.name(l.sell), number: true, wide: true, cell: (b) => assets.amount(b.quantity, l.sell) },
          { name: "Placed", wide: true, cell: (b) => <Time at={b.time} /> },
          { name: "State", cell: (b) => <Status of={b.status === "return" ? "returned" : b.status} /> },
        ]}
      />
    </Section>
  );
}
