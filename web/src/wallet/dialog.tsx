import { useEffect, useRef, useState } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import { beat } from "../data/live.ts";
import { useStore } from "../data/store.ts";
import { count } from "../text/number.ts";
import { asked, type Asked } from "./ask.ts";
import { account } from "./keplr.ts";
import { ready, typed } from "./message.ts";
import { send, sign, simulate, type Effect, type Event } from "./sign.ts";
import { sentences } from "./words.ts";

type Step =
  | { at: "trying" }
  | { at: "asking"; effect: Effect }
  | { at: "signing" | "sending" }
  | { at: "done"; hash: string; height: string; events: Event[] }
  | { at: "failed"; why: string; hint: string };

// Dialog shows what a message does, before it is signed.
export function Dialog({ what }: { what: Asked }) {
  const assets = useAssets();
  const who = useStore(account);
  const box = useRef<HTMLDialogElement>(null);
  const [step, go] = useState<Step>({ at: "trying" });
  const [messages] = useState(() => what.drafts.map(ready));
  const close = (): void => asked.set(undefined);
  const fail = (e: unknown): void => {
    const { message, hint } = e as { message?: string; hint?: string };
    go({ at: "failed", why: message ?? String(e), hint: hint ?? "" });
  };
  const attempt = (): void => {
    if (who === undefined) return;
    go({ at: "trying" });
    simulate(who, messages).then((effect) => go({ at: "asking", effect }), fail);
  };
  useEffect(() => {
    box.current?.showModal();
    attempt();
  }, []);
  const agree = async (effect: Effect): Promise<void> => {
    if (who === undefined) return;
    try {
      go({ at: "signing" });
      const tx = await sign(who, messages, effect);
      go({ at: "sending" });
      const result = await send(tx);
      go({ at: "done", hash: result.txhash, height: result.height, events: result.events });
      beat.set(beat.value + 1);
      what.done?.(result.events);
    } catch (e) {
      fail(e);
    }
  };
  const me = who?.key.bech32Address ?? "";
  return (
    <dialog ref={box} aria-labelledby="sign-title" onClose={close}>
      <h2 id="sign-title">{what.title}</h2>
      {what.note !== undefined && <p class="lead">{what.note}</p>}
      <div role="status">
        {step.at === "trying" && <p class="waiting">The chain tries it…</p>}
        {step.at === "signing" && <p class="waiting">Look at the wallet: it asks whether to sign.</p>}
        {step.at === "sending" && <p class="waiting">Sent. It waits for a block…</p>}
        {step.at === "failed" && (
          <div class="trouble" role="alert">
            <p>
              <strong>Not done.</strong> {step.why} {step.hint}
            </p>
          </div>
        )}
        {step.at === "asking" && <Shown events={step.effect.events} me={me} lead="If it were in the next block:" />}
        {step.at === "done" && <Shown events={step.events} me={me} lead={`Done, in block ${count(Number(step.height))}:`} />}
      </div>
      {step.at === "asking" && (
        <p class="faint">
          Fee: {step.effect.fee.amount.length === 0 ? "nothing" : step.effect.fee.amount.map((c) => assets.coin(c.amount, c.denom)).join(", ")}, for at most{" "}
          {count(Number(step.effect.gas))} gas. Signed {who?.key.isNanoLedger === true ? "as JSON, by a ledger" : "directly"}.
        </p>
      )}
      {step.at === "done" && <p class="faint mono">{step.hash}</p>}
      <details>
        <summary>The message, as it is signed</summary>
        <pre class="scroll short" tabIndex={0} aria-label="The message">{JSON.stringify(messages.map(typed), null, 2)}</pre>
      </details>
      <div class="choices">
        {step.at === "failed" && <button type="button" onClick={attempt}>Try again</button>}
        <button type="button" onClick={() => box.current?.close()}>{step.at === "done" ? "Close" : "Cancel"}</button>
        {step.at === "asking" && (
          <button type="button" class="main" onClick={() => void agree(step.effect)}>
            Sign with the wallet
          </button>
        )}
      </div>
    </dialog>
  );
}

function Shown({ events, me, lead }: { events: Event[]; me: string; lead: string }) {
  const assets = useAssets();
  const list = sentences(events, me, assets);
  return (
    <>
      <p>{lead}</p>
      <ul class="sentences effect">
        {list.length === 0 ? <li>No coins move; the chain takes note.</li> : list.map((s) => <li key={s}>{s}</li>)}
      </ul>
    </>
  );
}
