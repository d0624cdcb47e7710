import { useEffect, useRef, useState } from "preact/hooks";
import { useStore } from "../data/store.ts";
import { route } from "../route.ts";
import { plural } from "../text/words.ts";
import { Section, Title } from "../ui/basic.tsx";
import { call, Missing } from "./engine.ts";
import { change, terms } from "./fields.ts";
import { Outcome } from "./outcome.tsx";
import { Run } from "./run.tsx";
import { pack, unpack } from "./share.ts";

type Remark = { line: number; where: string; text: string };
export type Checked = { problems: Remark[]; warnings: Remark[]; sentences: string[] };

const first = "dao-treasury";

// Lab edits a policy; the engine in this browser checks, explains and backtests it.
export function Lab() {
  const here = useStore(route);
  const [text, setText] = useState("");
  const [checked, setChecked] = useState<Checked>();
  const [missing, setMissing] = useState(false);
  const [names, setNames] = useState<string[]>([]);
  const [tab, setTab] = useState<"form" | "yaml">("form");
  const fail = (e: unknown): void => setMissing(e instanceof Missing);
  const begin = (name: string): void => void call<{ text: string }>("template", { name }).then((t) => setText(t.text), fail);
  // What somebody has written while the engine started stays.
  const offer = (name: string): void => void call<{ text: string }>("template", { name }).then((t) => setText((now) => now || t.text), fail);
  useEffect(() => {
    const shared = here.rest.get("p");
    if (shared !== null) unpack(shared).then(setText, () => offer(first));
    else offer(first);
    call<{ names: string[] }>("templates", {}).then((t) => setNames(t.names), fail);
  }, []);
  useEffect(() => {
    if (text === "") return;
    let old = false;
    const wait = setTimeout(() => {
      void check(text).then((c) => !old && setChecked(c), fail);
    }, 250);
    return () => {
      old = true;
      clearTimeout(wait);
    };
  }, [text]);
  if (missing) return <Absent />;
  return (
    <>
      <Title>Policy lab</Title>
      <p class="lead prose">
        Write what a treasury is to hold and how it gets there. The chain's own engine runs in this browser: it checks the policy, says in words what it will do, and
        plays it over prices of the past. Nothing leaves your machine until you sign.
      </p>
      <div class="lab">
        <Section
          title="Policy"
          tools={
            <>
              <label>
                Start from{" "}
                <select value="" onChange={(e) => e.currentTarget.value !== "" && begin(e.currentTarget.value)}>
                  <option value="">a template…</option>
                  {names.map((n) => <option key={n}>{n}</option>)}
                </select>
              </label>
              <span role="group" aria-label="Edit as">
                <button type="button" aria-pressed={tab === "form"} onClick={() => setTab("form")}>Form</button>
                <button type="button" aria-pressed={tab === "yaml"} onClick={() => setTab("yaml")}>YAML</button>
              </span>
            </>
          }
        >
          {tab === "form" ? <Form text={text} onChange={setText} problems={checked?.problems ?? []} /> : <Yaml text={text} onChange={setText} problems={checked?.problems ?? []} />}
        </Section>
        <div>
          <Verdict of={checked} text={text} />
        </div>
      </div>
      {checked !== undefined && checked.problems.length === 0 && (
        <>
          <Run policy={text} />
          <Outcome policy={text} />
        </>
      )}
    </>
  );
}

async function check(policy: string): Promise<Checked> {
  const said = await call<{ problems: Remark[]; warnings: Remark[] }>("validate", { policy });
  if (said.problems.length > 0) return { ...said, sentences: [] };
  const told = await call<{ sentences: string[] }>("explain", { policy });
  return { ...said, sentences: told.sentences };
}

function Absent() {
  return (
    <>
      <Title>Policy lab</Title>
      <Section title="The lab is not part of this program">
        <p>
          It was built without it. <code>make build</code> compiles the engine for browsers and builds it in; start <code>ballast-index</code> again after it. On the command
          line <code>ballast validate</code>, <code>ballast explain</code> and <code>ballast backtest</code> do the same.
        </p>
      </Section>
    </>
  );
}

function Verdict({ of, text }: { of: Checked | undefined; text: string }) {
  const [said, say] = useState("");
  const share = async (): Promise<void> => {
    const link = `${location.origin}${location.pathname}#/lab?p=${await pack(text)}`;
    history.replaceState(null, "", link);
    await navigator.clipboard.writeText(link).then(
      () => say("The link is copied."),
      () => say("The link is in the address bar."),
    );
  };
  return (
    <Section title="What it says" tools={<button type="button" onClick={() => void share()}>Share as a link</button>}>
      <p role="status" class="faint">{said}</p>
      {of === undefined ? (
        <p class="waiting">The engine starts…</p>
      ) : of.problems.length > 0 ? (
        <div role="alert">
          <p class="bad-text">{plural(of.problems.length, "problem")}:</p>
          <Remarks list={of.problems} />
        </div>
      ) : (
        <>
          <ul class="sentences">{of.sentences.map((s) => <li key={s}>{s}</li>)}</ul>
          {of.warnings.length > 0 && (
            <>
              <h3>Worth a second look</h3>
              <Remarks list={of.warnings} />
            </>
          )}
        </>
      )}
    </Section>
  );
}

const Remarks = ({ list }: { list: Remark[] }) => (
  <ul class="sentences">
    {list.map((r) => (
      <li key={`${r.line} ${r.where} ${r.text}`}>
        {r.line > 0 && <strong>Line {r.line}: </strong>}
        {r.where !== "" && <code>{r.where}</code>} {r.text}
      </li>
    ))}
  </ul>
);

type Editor = { text: string; onChange: (text: string) => void; problems: Remark[] };

function Form({ text, onChange, problems }: Editor) {
  const groups = new Map<string, ReturnType<typeof terms>>();
  for (const t of terms(text)) {
    const group = t.path.slice(0, -1).join(" ").replaceAll("_", " ") || "policy";
    groups.set(group, [...(groups.get(group) ?? []), t]);
  }
  return (
    <div class="form">
      {[...groups].map(([group, list]) => (
        <fieldset key={group}>
          <legend>{group}</legend>
          {list.map((t) => {
            const wrong = problems.find((p) => p.line === t.line + 1);
            const id = `term-${t.line}-${t.path.at(-1)}`;
            return (
              <div key={id} class="term">
                <label for={id}>{(t.path.at(-1) ?? "").replaceAll("_", " ")}</label>
                <input id={id} value={t.value.trim()} aria-invalid={wrong !== undefined} onInput={(e) => onChange(change(text, t, e.currentTarget.value))} />
                {wrong !== undefined ? <span class="hint bad-text">{wrong.text}</span> : t.comment !== "" && <span class="hint">{t.comment}</span>}
              </div>
            );
          })}
        </fieldset>
      ))}
      <p class="hint">Texts of several lines, lists in brackets, and what is not in the file yet, are edited as YAML.</p>
    </div>
  );
}

function Yaml({ text, onChange, problems }: Editor) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const wrong = new Set(problems.map((p) => p.line));
  const lines = text.split("\n").length;
  return (
    <div class="editor">
      <div class="gutter" ref={gutter} aria-hidden="true">
        {Array.from({ length: lines }, (_, i) => (
          <div key={i} class={wrong.has(i + 1) ? "bad" : ""}>{i + 1}</div>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label="Policy as YAML"
        spellcheck={false}
        wrap="off"
        rows={30}
        value={text}
        onInput={(e) => onChange(e.currentTarget.value)}
        onScroll={(e) => gutter.current !== null && (gutter.current.scrollTop = e.currentTarget.scrollTop)}
      />
    </div>
  );
}
