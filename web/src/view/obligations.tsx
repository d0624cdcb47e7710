import { useAssets } from "../data/assets.ts";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { history } from "../data/http.ts";
import { useStore } from "../data/store.ts";
import { useGet } from "../data/use.ts";
import { span } from "../text/time.ts";
import { plural } from "../text/words.ts";
import { ask } from "../wallet/ask.ts";
import { account } from "../wallet/keplr.ts";
import { Address, Empty, Loaded, Section, Status, Time } from "../ui/basic.tsx";
import { Table } from "../ui/table.tsx";

// rhythm says how often a payment is due.
function rhythm(p: History.Payment): string {
  const { every_seconds: seconds = "0", every_months: months = "0" } = p.terms.schedule ?? {};
  if (months !== "0") return months === "1" ? "every month" : `every ${months} months`;
  return seconds === "0" ? "once" : `every ${span(Number(seconds))}`;
}

// Runways say how long the chain expects that payments can be met.
function Runways({ list }: { list: Chain.Runway[] }) {
  const assets = useAssets();
  return (
    <ul class="sentences">
      {list.map((r) => (
        <li key={r.denom}>
          {r.short ? (
            <span class="warn">▲ Payments in {assets.name(r.denom)} can be met for {plural(Number(r.months), "month")}: the one of </span>
          ) : (
            <>Payments in {assets.name(r.denom)} can be met for as far as one can see: </>
          )}
          <Time at={Number(r.due)} whole /> {r.short ? "is the first that cannot." : "is the last that was looked at."}
        </li>
      ))}
    </ul>
  );
}

// Obligations lists what a portfolio owes, what left it, and what stopped it.
export function Obligations({ portfolio, owner, runways }: { portfolio: number; owner: string; runways: Chain.Runway[] | undefined }) {
  const assets = useAssets();
  const me = useStore(account)?.key.bech32Address ?? "";
  const payments = useGet<History.Page<History.Payment>>(history(`portfolios/${portfolio}/payments`));
  const movements = useGet<History.Page<History.Movement>>(history(`portfolios/${portfolio}/movements?limit=50`));
  const pauses = useGet<History.Page<History.Pause>>(history(`portfolios/${portfolio}/pauses?limit=50`));
  return (
    <>
      <Section title="Obligations" note="Runway: from what is held, and by selling everything else as fast as the policy allows, at the worst price of an auction.">
        {runways !== undefined && runways.length > 0 && <Runways list={runways} />}
        <Loaded answer={payments} what="payments">
          {(page) =>
            page.items.length === 0 ? (
              <Empty>It owes nobody anything. A policy can schedule payments; what they need is then bought beforehand.</Empty>
            ) : (
              <Table
                label="Payments"
                rows={page.items}
                rowKey={(p) => p.id}
                columns={[
                  { name: "Payment", cell: (p) => `#${p.id}` },
                  { name: "Amount", number: true, cell: (p) => assets.coin(p.amount, p.denom) },
                  { name: "To", cell: (p) => <Address of={p.recipient} /> },
                  { name: "By", cell: (p) => p.channel || "this chain" },
                  { name: "When", cell: rhythm },
                  { name: "State", cell: (p) => <Status of={p.status} /> },
                  { name: "Next", cell: (p) => <Time at={p.next_attempt} whole /> },
                  { name: "Made", number: true, cell: (p) => p.made },
                  {
                    name: "What to do",
                    silent: true,
                    cell: (p) =>
                      me === owner &&
                      p.status === "failed" && (
                        <button type="button" onClick={() => ask({ title: `Pay payment ${p.id} now`, drafts: [{ kind: "retryPayment", value: { owner: me, id: String(portfolio), payment_id: String(p.id) } }] })}>
                          Pay now
                        </button>
                      ),
                  },
                ]}
              />
            )
          }
        </Loaded>
      </Section>
      {movements.data !== undefined && movements.data.items.length > 0 && (
        <Section title="What left and came back">
          <Table
            label="Movements"
            rows={movements.data.items}
            rowKey={(m) => `${m.height}.${m.seq}`}
            columns={[
              { name: "Time", cell: (m) => <Time at={m.time} /> },
              { name: "What", cell: (m) => m.kind },
              { name: "Coins", number: true, cell: (m) => assets.coins(m.coins) },
              { name: "To", cell: (m) => (m.recipient === "" ? "–" : <Address of={m.recipient} />) },
              { name: "Why", cell: (m) => m.reason || "–" },
            ]}
          />
        </Section>
      )}
      {pauses.data !== undefined && pauses.data.items.length > 0 && (
        <Section title="Pauses">
          <Table
            label="Pauses"
            rows={pauses.data.items}
            rowKey={(p) => `${p.height}.${p.seq}`}
            columns={[
              { name: "Time", cell: (p) => <Time at={p.time} /> },
              { name: "What", cell: (p) => p.kind },
              { name: "Why", cell: (p) => p.reason || "–" },
              { name: "By", cell: (p) => (p.actor === "" ? "the chain" : <Address of={p.actor} />) },
            ]}
          />
        </Section>
      )}
    </>
  );
}
