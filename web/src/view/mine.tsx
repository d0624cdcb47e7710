import { useState } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { history, node } from "../data/http.ts";
import { useStore } from "../data/store.ts";
import { useGet } from "../data/use.ts";
import { bps, price, unshift } from "../text/number.ts";
import { Empty, Section } from "../ui/basic.tsx";
import { Amount, Field } from "../ui/form.tsx";
import { Table } from "../ui/table.tsx";
import { ask } from "../wallet/ask.ts";
import { account } from "../wallet/keplr.ts";

// Mine is what the connected wallet has in an auction, and lets it bid.
export function Mine({ lot: l }: { lot: History.Lot }) {
  const who = useStore(account);
  const me = who?.key.bech32Address ?? "";
  const running = l.status === "open" || l.status === "frozen";
  if (me === "") {
    return running ? (
      <Section title="Bid">
        <Empty>Connect a wallet to bid, and to see your own bids and fills here.</Empty>
      </Section>
    ) : null;
  }
  return (
    <>
      {running && <Bid lot={l} me={me} />}
      <Own lot={l} me={me} />
    </>
  );
}

function Bid({ lot: l, me }: { lot: History.Lot; me: string }) {
  const assets = useAssets();
  const [amount, setAmount] = useState("");
  const [limit, setLimit] = useState(l.clock || l.start);
  const [all, setAll] = useState(false);
  const units = unshift(amount, l.sell_exponent);
  const go = (e: Event): void => {
    e.preventDefault();
    if (units === undefined) return;
    ask({
      title: `Bid for ${assets.name(l.sell)} in auction ${l.id}`,
      note: "You deposit the most that you can pay. What your limit is above the price of the clearing comes back.",
      drafts: [{ kind: "bid", value: { bidder: me, lot_id: String(l.id), amount_out: units, amount_in: "0", limit: limit.trim(), min_fill: "0", all_or_none: all } }],
    });
  };
  return (
    <Section title="Bid">
      <form class="row" onSubmit={go}>
        <Amount name="At most" unit={assets.name(l.sell)} value={amount} onChange={setAmount} />
        <Field name="Limit" hint={`${assets.name(l.buy)} for one ${assets.name(l.sell)}, the most that you pay`}>
          {(id) => <input id={id} inputMode="decimal" value={limit} onInput={(e) => setLimit(e.currentTarget.value)} />}
        </Field>
        <label class="check">
          <input type="checkbox" checked={all} onChange={(e) => setAll(e.currentTarget.checked)} /> all or none
        </label>
        <button type="submit" class="main" disabled={units === undefined}>Bid…</button>
      </form>
    </Section>
  );
}

function Own({ lot: l, me }: { lot: History.Lot; me: string }) {
  const assets = useAssets();
  const bids = useGet<History.Page<History.Bid>>(history(`auctions/${l.id}/bids?bidder=${me}`));
  const fills = useGet<History.Page<History.Fill>>(history(`auctions/${l.id}/fills?bidder=${me}`));
  const owed = useGet<{ claims: { id: string; coins: Chain.Coin[]; failed: boolean }[] }>(node(`ballast/auction/v1/accounts/${me}/claims`));
  const mine = bids.data?.items ?? [];
  if (mine.length === 0) return null;
  const fill = new Map(fills.data?.items.map((f) => [f.bid, f]));
  const stuck = (owed.data?.claims ?? []).filter((c) => c.failed);
  return (
    <Section
      title="Your bids"
      note="Margin is how far below the oracle's mid you bought, as the history measured it."
      tools={stuck.length > 0 && <button type="button" onClick={() => ask({ title: "Claim what you are owed", drafts: [{ kind: "claim", value: { owner: me } }] })}>Claim {stuck.length}</button>}
    >
      <Table
        label="Your bids"
        rows={mine}
        rowKey={(b) => b.id}
        columns={[
          { name: "Bid", number: true, cell: (b) => `#${b.id}` },
          { name: "Limit", number: true, cell: (b) => price(b.limit_price) },
          { name: "At most", unit: assets.name(l.sell), number: true, cell: (b) => assets.amount(b.quantity, l.sell) },
          { name: "State", cell: (b) => (b.status === "return" ? "returned" : b.status) },
          { name: "Got", unit: assets.name(l.sell), number: true, cell: (b) => assets.amount(fill.get(b.id)?.units ?? "0", l.sell) },
          { name: "Paid", unit: assets.name(l.buy), number: true, cell: (b) => assets.amount(fill.get(b.id)?.payment ?? "0", l.buy) },
          { name: "Price", number: true, cell: (b) => price(fill.get(b.id)?.price) },
          { name: "Margin", unit: "bp below mid", number: true, cell: (b) => bps(fill.get(b.id)?.cost_bps) },
          { name: "What to do", silent: true, cell: (b) => b.status === "resting" && <button type="button" onClick={() => ask({ title: `Take back bid ${b.id}`, note: "It takes part in the next clearing once more.", drafts: [{ kind: "cancelBid", value: { bidder: me, lot_id: String(l.id), bid_id: String(b.id) } }] })}>Take back</button> },
        ]}
      />
    </Section>
  );
}
