import { useState } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import type * as History from "../data/history.ts";
import { history } from "../data/http.ts";
import { useStore } from "../data/store.ts";
import { useGet } from "../data/use.ts";
import { price, unshift } from "../text/number.ts";
import { Section, Status, Time, Trouble } from "../ui/basic.tsx";
import { Amount, Field } from "../ui/form.tsx";
import { Table } from "../ui/table.tsx";
import { ask } from "../wallet/ask.ts";
import { account } from "../wallet/keplr.ts";

// OneTime lists the one-time orders of a portfolio with what they brought. Its owner places and ends them here.
export function OneTime({ of: p }: { of: History.PortfolioWhole }) {
  const assets = useAssets();
  const me = useStore(account)?.key.bech32Address ?? "";
  const owns = me !== "" && me === p.owner;
  const orders = useGet<History.Page<History.OneTimeOrder>>(history(`portfolios/${p.id}/one-time-orders`));
  const slices = useGet<History.Page<History.Slice>>(history(`portfolios/${p.id}/slices?order=desc&limit=20`));
  const list = orders.data?.items ?? [];
  if (list.length === 0 && !owns) return <Trouble answer={orders} what="one-time orders" />;
  return (
    <Section title="One-time orders" note="Sold in slices, one with each interval, beside what the policy does.">
      {list.length > 0 && (
        <Table
          label="One-time orders"
          rows={[...list].reverse()}
          rowKey={(o) => o.id}
          columns={[
            { name: "Order", cell: (o) => `#${o.id}` },
            { name: "Sell", number: true, cell: (o) => (o.amount === "0" ? "a share" : assets.coin(o.amount, o.sell)) },
            { name: "For", cell: (o) => assets.name(o.buy) },
            { name: "Left", number: true, cell: (o) => assets.amount(o.remaining, o.sell) },
            { name: "Limit", number: true, wide: true, cell: (o) => price(o.terms.limit) },
            { name: "Intervals", number: true, wide: true, cell: (o) => o.terms.intervals ?? "–" },
            { name: "State", cell: (o) => <Status of={o.status} /> },
            { name: "Since", wide: true, cell: (o) => <Time at={o.time} /> },
            {
              name: "What to do",
              silent: true,
              cell: (o) =>
                owns &&
                o.status === "live" && (
                  <button type="button" onClick={() => ask({ title: `End order ${o.id}`, note: "What is in the market is settled first.", drafts: [{ kind: "cancelOrder", value: { owner: me, id: String(p.id), order_id: String(o.id) } }] })}>
                    End it
                  </button>
                ),
            },
          ]}
        />
      )}
      {(slices.data?.items.length ?? 0) > 0 && (
        <details>
          <summary>What the last slices brought</summary>
          <Table
            label="Slices"
            rows={slices.data?.items ?? []}
            rowKey={(s) => `${s.one_time}.${s.round}`}
            columns={[
              { name: "Order", cell: (s) => `#${s.one_time}` },
              { name: "Round", number: true, cell: (s) => s.round },
              { name: "Time", cell: (s) => <Time at={s.time} /> },
              { name: "Sold", number: true, cell: (s) => assets.coin(s.sold, s.sell) },
              { name: "Got", number: true, cell: (s) => assets.coin(s.bought, s.buy) },
            ]}
          />
        </details>
      )}
      {owns && p.status !== "closed" && p.status !== "closing" && <Place of={p} me={me} />}
    </Section>
  );
}

// Place writes a new order. What the chain does not take, it says before anybody signs.
function Place({ of: p, me }: { of: History.PortfolioWhole; me: string }) {
  const assets = useAssets();
  const held = p.policy.positions.map((x) => x.denom);
  const [sell, setSell] = useState(held[0] ?? "");
  const [buy, setBuy] = useState(held[1] ?? "");
  const [text, setText] = useState("");
  const [intervals, setIntervals] = useState("1");
  const [limit, setLimit] = useState("");
  const units = unshift(text, assets.exponent(sell));
  const go = (e: Event): void => {
    e.preventDefault();
    if (units === undefined) return;
    const terms = {
      sell, buy, amount: units, share: "", intervals: intervals.trim(), limit: limit.trim(), proceeds: "PROCEEDS_POOL", payout_to: { recipient: "", channel: "" },
      outside_cap: false, min_slice: "0", accept_reversal: true,
    };
    ask({
      title: `Sell ${assets.name(sell)} for ${assets.name(buy)}`,
      note: "What it brings joins the portfolio, and its policy may trade it again.",
      drafts: [{ kind: "createOrder", value: { owner: me, id: String(p.id), terms } }],
    });
  };
  const choice = (name: string, value: string, set: (denom: string) => void) => (
    <Field name={name}>
      {(id) => (
        <select id={id} value={value} onChange={(e) => set(e.currentTarget.value)}>
          {held.map((d) => <option key={d} value={d}>{assets.name(d)}</option>)}
        </select>
      )}
    </Field>
  );
  return (
    <details>
      <summary>Place an order</summary>
      <form class="row" onSubmit={go}>
        {choice("Order sells", sell, setSell)}
        {choice("Order buys", buy, setBuy)}
        <Amount name="Order amount" unit={assets.name(sell)} value={text} onChange={setText} />
        <Field name="Intervals" hint="1 is at once">{(id) => <input id={id} inputMode="numeric" value={intervals} onInput={(e) => setIntervals(e.currentTarget.value)} />}</Field>
        <Field name="Worst price" hint={`${assets.name(buy)} for one ${assets.name(sell)}; empty: any within the slippage`}>
          {(id) => <input id={id} inputMode="decimal" value={limit} onInput={(e) => setLimit(e.currentTarget.value)} />}
        </Field>
        <button type="submit" class="main" disabled={units === undefined || units === "0"}>Order…</button>
      </form>
    </details>
  );
}
