import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { useState } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import { node, request } from "../data/http.ts";
import { useStore } from "../data/store.ts";
import { to } from "../route.ts";
import { unshift } from "../text/number.ts";
import { Section } from "../ui/basic.tsx";
import { Amount, Field } from "../ui/form.tsx";
import { ask } from "../wallet/ask.ts";
import { account } from "../wallet/keplr.ts";
import { multisig, packet, proposal, ready, type Draft } from "../wallet/message.ts";

type Compiled = { name: string; policy: JsonObject & { positions: { denom: string }[] }; payments: JsonObject[]; authority: string; warnings: string[] };

type Way = "sign" | "proposal" | "multisig" | "ica";

// gas is enough for any policy; nobody can be asked to sign for an estimate later.
const gas = "600000";

// Outcome makes of a policy what somebody can sign or send.
export function Outcome({ policy }: { policy: string }) {
  const who = useStore(account);
  const assets = useAssets();
  const [way, setWay] = useState<Way>("sign");
  const [name, setName] = useState("");
  const [id, setId] = useState("");
  const [owner, setOwner] = useState("");
  const [payee, setPayee] = useState("");
  const [deposit, setDeposit] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState("");
  const [made, setMade] = useState("");
  const me = who?.key.bech32Address ?? "";
  const named = assets.list.filter((a) => new RegExp(`asset:\\s*(${a.display}|${a.denom})\\b`).test(policy));

  const draft = (c: Compiled, speaker: string): Draft => {
    if (id !== "") return { kind: "updatePolicy", value: { owner: speaker, id, policy: c.policy } };
    const coins = named.flatMap((a) => {
      const text = deposit[a.denom] ?? "";
      if (text.trim() === "") return [];
      const units = unshift(text, a.exponent);
      if (units === undefined) throw new Error(`${a.display}: expected an amount with at most ${a.exponent} decimals, got ${text}.`);
      return units === "0" ? [] : [{ denom: a.denom, amount: units }];
    });
    coins.sort((a, b) => (a.denom < b.denom ? -1 : 1));
    const payments = c.payments.map((p) => ((p["to"] as JsonObject | undefined)?.["recipient"] ? p : { ...p, to: { recipient: payee.trim(), channel: "" } }));
    return { kind: "create", value: { owner: speaker, name: name.trim() || c.name, trustee: "", policy: c.policy, payments, deposit: coins } };
  };
  const go = async (e: Event): Promise<void> => {
    e.preventDefault();
    setWrong("");
    setMade("");
    try {
      const c = await request<Compiled>("/lab/policy", { method: "POST", headers: { "Content-Type": "text/yaml" }, body: policy });
      const speaker = way === "sign" ? me : way === "proposal" ? c.authority : owner.trim();
      const d = draft(c, speaker);
      if (way === "sign") {
        ask({ title: id === "" ? "Create a portfolio" : `Change the policy of portfolio ${id}`, drafts: [d], done: (events) => follow(events, id) });
        return;
      }
      setMade(JSON.stringify(await written(way, d, name.trim() || c.name), null, 2));
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  const needs = way === "sign" ? me !== "" : way === "proposal" || owner.trim() !== "";
  return (
    <Section title="Put it to work" note="Create a portfolio with this policy, or give it to one that exists. The assets must have a price on this chain, by these names.">
      <form class="row" onSubmit={(e) => void go(e)}>
        <Field name="As">
          {(i) => (
            <select id={i} value={way} onChange={(e) => setWay(e.currentTarget.value as Way)}>
              <option value="sign">a message that I sign</option>
              <option value="proposal">a governance proposal</option>
              <option value="multisig">a message of a multisig</option>
              <option value="ica">a message of an interchain account</option>
            </select>
          )}
        </Field>
        <Field name="Portfolio" hint="its number; empty: a new one">{(i) => <input id={i} inputMode="numeric" value={id} onInput={(e) => setId(e.currentTarget.value.trim())} />}</Field>
        {id === "" && <Field name="Name" hint="empty: the policy's name">{(i) => <input id={i} value={name} maxLength={100} onInput={(e) => setName(e.currentTarget.value)} />}</Field>}
        {(way === "multisig" || way === "ica") && <Field name="Owner" hint="the address here that it speaks for">{(i) => <input id={i} value={owner} onInput={(e) => setOwner(e.currentTarget.value)} />}</Field>}
        {/^payments:/m.test(policy) && <Field name="Payments to" hint="where the policy names nobody">{(i) => <input id={i} value={payee} onInput={(e) => setPayee(e.currentTarget.value)} />}</Field>}
        {id === "" &&
          named.map((a) => (
            <Amount key={a.denom} name={`Deposit of ${a.display}`} unit={a.display} value={deposit[a.denom] ?? ""} onChange={(t) => setDeposit({ ...deposit, [a.denom]: t })} />
          ))}
        <button type="submit" class="main" disabled={!needs}>{way === "sign" ? "Sign…" : "Write the message"}</button>
      </form>
      {way === "sign" && me === "" && <p class="faint">Connect a wallet to sign.</p>}
      <div role="status">{wrong !== "" && <p class="bad-text">{wrong}</p>}</div>
      {made !== "" && (
        <>
          <p class="lead">{how[way]}</p>
          <pre class="scroll short" tabIndex={0} aria-label="The message">{made}</pre>
          <button type="button" onClick={() => void navigator.clipboard.writeText(made)}>Copy</button>
        </>
      )}
    </Section>
  );
}

const how: Record<Way, string> = {
  sign: "",
  proposal: "Save it and submit it: ballastd tx gov submit-proposal FILE --from YOU.",
  multisig: "Save it. Every member signs it with ballastd tx sign FILE --multisig ADDRESS; ballastd tx multisign puts the signatures together.",
  ica: "Save it and send it from your chain: tx interchain-accounts controller send-tx CONNECTION FILE.",
};

async function written(way: Way, draft: Draft, title: string): Promise<JsonValue> {
  const message = ready(draft);
  if (way === "multisig") return multisig(message, gas);
  if (way === "ica") return packet(message);
  const { params } = await request<{ params: { min_deposit: { denom: string; amount: string }[] } }>(node("cosmos/gov/v1/params/deposit"));
  return proposal(message, title, params.min_deposit.map((c) => c.amount + c.denom).join(","));
}

// follow goes to the portfolio that was made.
function follow(events: { type: string; attributes: { key: string; value: string }[] }[], known: string): void {
  const made = events.find((e) => e.type === "ballast.portfolio.v1.EventCreated")?.attributes.find((a) => a.key === "id")?.value;
  const id = known !== "" ? known : made?.replaceAll('"', "");
  if (id !== undefined) location.hash = to.portfolio(id);
}
