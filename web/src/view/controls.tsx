import { useState } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { node } from "../data/http.ts";
import { useStore } from "../data/store.ts";
import { useGet } from "../data/use.ts";
import { unshift } from "../text/number.ts";
import { Section, Trouble } from "../ui/basic.tsx";
import { Amount, Field } from "../ui/form.tsx";
import { ask } from "../wallet/ask.ts";
import { account } from "../wallet/keplr.ts";

// Controls are what the owner, the trustee and depositors can do. The chain decides who may.
export function Controls({ of: p }: { of: History.PortfolioWhole }) {
  const who = useStore(account);
  const [open, setOpen] = useState("");
  const would = useGet<Chain.Explained>(node(`ballast/rebalance/v1/portfolios/${p.id}/simulate?due=true`));
  const me = who?.key.bech32Address ?? "";
  const owns = me !== "" && me === p.owner;
  const trusted = owns || (me !== "" && me === p.trustee);
  const id = String(p.id);
  const name = p.name || `portfolio ${id}`;
  const why = me === "" ? "Connect a wallet first." : "";
  const live = p.status !== "closed" && p.status !== "closing";
  const choose = (what: string) => (): void => setOpen(open === what ? "" : what);
  return (
    <Section title="What it would do now" note="Decided by the code of a round, at the prices of this moment, as if its interval were due.">
      <Trouble answer={would} what="simulation" />
      {would.data !== undefined && (
        <ul class="sentences">
          {would.data.sentences.map((s) => (
            <li key={s}>{s}</li>
          ))}
        </ul>
      )}
      <h3>Controls</h3>
      <p class="lead">
        {why !== "" ? why : owns ? "You own this portfolio." : trusted ? "You are its trustee." : "You do not own it: you can deposit, and nothing else."} Every
        message is tried by the chain first, and shows what it does before you sign.
      </p>
      <div class="tools">
        <button type="button" disabled={me === ""} aria-expanded={open === "deposit"} onClick={choose("deposit")}>Deposit</button>
        <button type="button" disabled={!owns} aria-expanded={open === "withdraw"} onClick={choose("withdraw")}>Withdraw</button>
        <button type="button" disabled={!owns || !live} aria-expanded={open === "weights"} onClick={choose("weights")}>Change weights</button>
        {p.status === "paused" ? (
          <button type="button" disabled={!trusted} onClick={() => ask({ title: `Resume ${name}`, drafts: [{ kind: "resume", value: { sender: me, id } }] })}>Resume</button>
        ) : (
          <button type="button" disabled={!trusted || !live} onClick={() => ask({ title: `Pause ${name}`, note: "Orders in the market finish; payments are still made.", drafts: [{ kind: "pause", value: { sender: me, id } }] })}>Pause</button>
        )}
        <button type="button" disabled={!owns || !live} onClick={() => ask({ title: `Close ${name}`, note: "Everything returns to you. With orders in the market it closes once they are settled.", drafts: [{ kind: "close", value: { owner: me, id } }] })}>Close</button>
        {p.pending_owner === me && me !== "" && (
          <button type="button" onClick={() => ask({ title: `Take over ${name}`, drafts: [{ kind: "acceptOwnership", value: { new_owner: me, id } }] })}>Accept ownership</button>
        )}
      </div>
      {open === "deposit" && <Move of={p} me={me} out={false} />}
      {open === "withdraw" && <Move of={p} me={me} out />}
      {open === "weights" && <Weights of={p} me={me} />}
    </Section>
  );
}

// Move sends coins into the portfolio, or takes them out.
function Move({ of: p, me, out }: { of: History.PortfolioWhole; me: string; out: boolean }) {
  const assets = useAssets();
  const [denom, setDenom] = useState(p.policy.positions[0]?.denom ?? "");
  const [text, setText] = useState("");
  const units = unshift(text, assets.exponent(denom));
  const wrong = text !== "" && units === undefined ? `A number with at most ${assets.exponent(denom)} decimals.` : "";
  const go = (e: Event): void => {
    e.preventDefault();
    if (units === undefined) return;
    const amount = [{ denom, amount: units }];
    const name = p.name || `portfolio ${p.id}`;
    if (out) ask({ title: `Withdraw from ${name}`, drafts: [{ kind: "withdraw", value: { owner: me, id: String(p.id), amount } }] });
    else ask({ title: `Deposit into ${name}`, drafts: [{ kind: "send", value: { from_address: me, to_address: p.address, amount } }] });
  };
  return (
    <form class="row" onSubmit={go}>
      <Field name="Asset">
        {(id) => (
          <select id={id} value={denom} onChange={(e) => setDenom(e.currentTarget.value)}>
            {p.policy.positions.map((x) => (
              <option key={x.denom} value={x.denom}>{assets.name(x.denom)}</option>
            ))}
          </select>
        )}
      </Field>
      <Amount name="Amount" unit={assets.name(denom)} value={text} onChange={setText} wrong={wrong} />
      <button type="submit" class="main" disabled={units === undefined}>{out ? "Withdraw…" : "Deposit…"}</button>
    </form>
  );
}

// Weights changes the targets. That they add up to one is for the chain to say.
function Weights({ of: p, me }: { of: History.PortfolioWhole; me: string }) {
  const assets = useAssets();
  const [texts, set] = useState(() => p.policy.positions.map((x) => x.weight));
  const good = texts.every((t) => /^(0|1|0?\.\d{1,18}|1\.0*)$/.test(t));
  const go = (e: Event): void => {
    e.preventDefault();
    const weights = p.policy.positions.map((x, i) => ({ denom: x.denom, weight: texts[i] ?? "", from_weight: "" }));
    ask({ title: `Change the weights of ${p.name || `portfolio ${p.id}`}`, drafts: [{ kind: "updateTargets", value: { owner: me, id: String(p.id), weights } }] });
  };
  return (
    <form class="row" onSubmit={go}>
      {p.policy.positions.map((x, i) => (
        <Amount key={x.denom} name={assets.name(x.denom)} unit="of 1" value={texts[i] ?? ""} onChange={(t) => set(texts.map((old, k) => (k === i ? t : old)))} />
      ))}
      <button type="submit" class="main" disabled={!good}>Change…</button>
    </form>
  );
}
