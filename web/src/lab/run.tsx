import { useMemo, useState } from "preact/hooks";
import { useAssets } from "../data/assets.ts";
import { percent, short } from "../text/number.ts";
import { Section } from "../ui/basic.tsx";
import { Chart } from "../ui/chart.tsx";
import { Field } from "../ui/form.tsx";
import { call, stop } from "./engine.ts";
import { live } from "./prices.ts";

type Series = { time: number[]; nav: string[]; bench: string[][]; weights: string[][]; drift: string[] };
type Treasury = { name: string; assets: string[]; benchmarks: { name: string }[]; series: Series };
type Report = { summary: string; report: string; result: { treasuries: Treasury[]; synthetic: boolean }; warnings: string[] };

type File = { name: string; csv: string };

// Run plays a policy over prices.
export function Run({ policy }: { policy: string }) {
  const assets = useAssets();
  const [from, setFrom] = useState<"sample" | "live" | "file">("sample");
  const [file, setFile] = useState<File>();
  const [market, setMarket] = useState("auction");
  const [initial, setInitial] = useState("1_000_000");
  const [part, setPart] = useState<number>();
  const [wrong, setWrong] = useState("");
  const [report, setReport] = useState<Report>();
  const prices = async (): Promise<File> => {
    if (from === "file" && file !== undefined) return file;
    if (from === "live") {
      const named = assets.list.filter((a) => new RegExp(`asset:\\s*${a.display}\\b`).test(policy));
      return { name: "this chain", csv: await live(named) };
    }
    return call<File>("sample", {});
  };
  const go = async (e: Event): Promise<void> => {
    e.preventDefault();
    setWrong("");
    setReport(undefined);
    setPart(0);
    try {
      const q = { treasuries: [{ name: "policy", policy, initial }], prices: await prices(), market, seed: 1 };
      setReport(await call<Report>("backtest", q, setPart));
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    } finally {
      setPart(undefined);
    }
  };
  const read = async (input: HTMLInputElement): Promise<void> => {
    const chosen = input.files?.[0];
    if (chosen !== undefined) setFile({ name: chosen.name, csv: await chosen.text() });
  };
  return (
    <Section title="Backtest" note="The same run, and the same numbers, as ballast backtest on the command line.">
      <form class="row" onSubmit={(e) => void go(e)}>
        <Field name="Prices" hint="a file has time,ASSET,… in its first line">
          {(id) => (
            <select id={id} value={from} onChange={(e) => setFrom(e.currentTarget.value as typeof from)}>
              <option value="sample">the bundled synthetic history</option>
              <option value="live">what this chain's oracle saw</option>
              <option value="file">a file of mine (CSV)</option>
            </select>
          )}
        </Field>
        {from === "file" && <Field name="File">{(id) => <input id={id} type="file" accept=".csv,text/csv" onChange={(e) => void read(e.currentTarget)} />}</Field>}
        <Field name="Market">
          {(id) => (
            <select id={id} value={market} onChange={(e) => setMarket(e.currentTarget.value)}>
              <option value="auction">auctions, with makers</option>
              <option value="ideal">ideal: filled at the close</option>
            </select>
          )}
        </Field>
        <Field name="Initial" hint="a value in cash, or BTC=2,USDC=50_000">{(id) => <input id={id} value={initial} onInput={(e) => setInitial(e.currentTarget.value)} />}</Field>
        {part === undefined ? (
          <button type="submit" class="main" disabled={from === "file" && file === undefined}>Run</button>
        ) : (
          <button type="button" onClick={stop}>Stop</button>
        )}
      </form>
      <div role="status">
        {part !== undefined && <p><progress max={1} value={part} aria-label="Backtest" /> {percent(part.toFixed(2), 0)}</p>}
        {wrong !== "" && <p class="bad-text">{wrong}</p>}
      </div>
      {report !== undefined && <Shown of={report} />}
    </Section>
  );
}

function Shown({ of }: { of: Report }) {
  const t = of.result.treasuries[0];
  const data = useMemo(() => {
    const s = t?.series;
    const numbers = (list: string[] | undefined): number[] => (list ?? []).map(Number);
    return {
      x: s?.time ?? [],
      nav: [
        { name: "Policy", color: 0, values: numbers(s?.nav) },
        ...(t?.benchmarks ?? []).map((b, i) => ({ name: b.name, color: i + 1, dash: true, values: numbers(s?.bench[i]) })),
      ],
      weights: (t?.assets ?? []).map((name, i) => ({ name, color: i, values: numbers(s?.weights[i]) })),
    };
  }, [t]);
  const save = (name: string, kind: string, text: string) => (): void => {
    const url = URL.createObjectURL(new Blob([text], { type: kind }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <>
      <div class="pair">
        <div>
          <h3>NAV against benchmarks</h3>
          <Chart label="value of the policy and of benchmarks" unit={of.result.synthetic ? "unit of account, synthetic prices" : "unit of account"} x={data.x} series={data.nav} format={(n) => (n === null || n === undefined ? "–" : short(String(n)))} />
        </div>
        <div>
          <h3>Weights</h3>
          <Chart label="weights of the assets" unit="part of the NAV" x={data.x} series={data.weights} stack format={(n) => (n === null || n === undefined ? "–" : percent(n.toFixed(6), 1))} />
        </div>
      </div>
      <pre class="scroll" tabIndex={0} aria-label="Key figures">{of.summary}</pre>
      <p class="tools">
        <button type="button" onClick={save("report.html", "text/html", of.report)}>Save the whole report</button>
        <button type="button" onClick={save("result.json", "application/json", JSON.stringify(of.result))}>Save the numbers</button>
        <span class="faint">The report has every interval with its reason and every auction. It opens in any browser.</span>
      </p>
    </>
  );
}
