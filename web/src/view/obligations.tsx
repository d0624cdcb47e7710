import { useAssets } from "../data/assets.ts";
import type * as History from "../data/history.ts";
import { history } from "../data/http.ts";
import { useGet } from "../data/use.ts";
import { Address, Empty, Loaded, Section, Status, Time } from "../ui/basic.tsx";
import { Table } from "../ui/table.tsx";

// Obligations lists what a portfolio owes, what left it, and what stopped it.
export function Obligations({ portfolio }: { portfolio: number }) {
  const assets = useAssets();
  const payments = useGet<History.Page<History.Payment>>(history(`portfolios/${portfolio}/payments`));
  const movements = useGet<History.Page<History.Movement>>(history(`portfolios/${portfolio}/movements?limit=50`));
  const pauses = useGet<History.Page<History.Pause>>(history(`portfolios/${portfolio}/pauses?limit=50`));
  return (
    <>
      <Section title="Obligations">
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
                  { name: "State", cell: (p) => <Status of={p.status} /> },
                  { name: "Next", cell: (p) => <Time at={p.next_attempt} whole /> },
                  { name: "Made", number: true, cell: (p) => p.made },
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
