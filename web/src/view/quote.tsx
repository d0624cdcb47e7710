import { useState } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import type * as Chain from "../data/chain.ts";
import type * as History from "../data/history.ts";
import { node, query, Refusal, request } from "../data/http.ts";
import { price, unshift } from "../text/number.ts";
import { Section, Time } from "../ui/basic.tsx";
import { Amount, Field } from "../ui/form.tsx";

// Quote asks the chain what a bid would get, now or later, by the code that will clear it.
export function Quote({ lot: l }: { lot: History.Lot }) {
  const assets = useAssets();
  const [amount, setAmount] = useState("");
  const [limit, setLimit] = useState("");
  const [after, setAfter] = useState("0");
  const [all, setAll] = useState(false);
  const [answer, setAnswer] = useState<Chain.Quote>();
  const [wrong, setWrong] = useState("");
  const units = unshift(amount, l.sell_exponent);
  const ask = (e: Event): void => {
    e.preventDefault();
    if (units === undefined) {
      setWrong(`Expected an amount of ${assets.name(l.sell)} with at most ${l.sell_exponent} decimals.`);
      return;
    }
    setWrong("");
    const at = after === "0" ? undefined : Math.floor(Date.now() / 1000) + Number(after);
    request<Chain.Quote>(node(`ballast/auction/v1/lots/${l.id}/quote${query({ amount_out: units, limit: limit.trim(), at, all_or_none: all || undefined })}`))
      .then(setAnswer)
      .catch((error: unknown) => {
        setAnswer(undefined);
        setWrong(error instanceof Refusal ? error.message : String(error));
      });
  };
  return (
    <Section title="Quote" note="What a bid would get if no other came: the chain runs the clearings that will be run.">
      <form class="row" onSubmit={ask}>
        <Amount name="At most" unit={assets.name(l.sell)} value={amount} onChange={setAmount} />
        <Field name="Limit" hint={`${assets.name(l.buy)} for one; empty: the clock's price`}>
          {(id) => <input id={id} inputMode="decimal" value={limit} onInput={(e) => setLimit(e.currentTarget.value)} />}
        </Field>
        <Field name="Placed" hint="a future time shows a later clock">
          {(id) => (
            <select id={id} value={after} onChange={(e) => setAfter(e.currentTarget.value)}>
              {[["0", "now"], ["5", "in 5 s"], ["15", "in 15 s"], ["30", "in 30 s"], ["60", "in a minute"], ["300", "in 5 minutes"]].map(([v, name]) => (
                <option key={v} value={v}>{name}</option>
              ))}
            </select>
          )}
        </Field>
        <label class="check">
          <input type="checkbox" checked={all} onChange={(e) => setAll(e.currentTarget.checked)} /> all or none
        </label>
        <button type="submit">Ask for a quote</button>
      </form>
      <div role="status">
        {wrong !== "" && <p class="bad-text">{wrong}</p>}
        {answer !== undefined && (
          <p>
            {answer.price === "" ? "It would not fill. " : (
              <>
                It gets <strong>{assets.coin(answer.units.amount, answer.units.denom)}</strong> for{" "}
                <strong>{assets.coin(answer.payment.amount, answer.payment.denom)}</strong>, at {price(answer.price)}.{" "}
              </>
            )}
            Of its deposit {assets.coin(answer.refund.amount, answer.refund.denom)} come back. It is over <Time at={Number(answer.time)} />.
          </p>
        )}
      </div>
    </Section>
  );
}
