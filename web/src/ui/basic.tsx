import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer } from "../data/use.ts";
import { moved } from "../route.ts";
import { brief, moment, span, utc } from "../text/time.ts";
import { capital, shorten, tone } from "../text/words.ts";

const marks = { good: "●", busy: "◐", warn: "▲", bad: "■", idle: "○" };

// Status is a state in a word, with a mark that does not rely on colour.
export function Status({ of, because }: { of: string; because?: string | undefined }) {
  if (of === "") return <span class="faint">–</span>;
  const t = tone(of);
  return (
    <span class={`status ${t}`}>
      <span aria-hidden="true">{marks[t]}</span> {of.replaceAll("_", " ")}
      {because !== undefined && because !== "" && <span class="faint">: {because}</span>}
    </span>
  );
}

// Time is a moment in the zone of the reader; UTC when one points at it.
export function Time({ at, whole }: { at: number; whole?: boolean }) {
  if (at <= 0) return <span class="faint">–</span>;
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={utc(at)}>
      {whole === true ? moment(at) : brief(at)}
    </time>
  );
}

// useNow is the reader's clock, in unix seconds.
export function useNow(every = 1_000): number {
  const [now, set] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const id = setInterval(() => set(Date.now() / 1000), every);
    return () => clearInterval(id);
  }, [every]);
  return now;
}

// Until counts down to a moment.
export function Until({ at, past = "now" }: { at: number; past?: string }) {
  const left = Math.ceil(at - useNow());
  return <span title={at > 0 ? utc(at) : ""}>{at <= 0 ? "–" : left > 0 ? `in ${span(left)}` : past}</span>;
}

// Address is shortened; it can be copied whole.
export function Address({ of, href }: { of: string; href?: string }) {
  const [said, say] = useState("");
  if (of === "") return <span class="faint">nobody</span>;
  const copy = (): void => {
    navigator.clipboard.writeText(of).then(
      () => say("copied"),
      () => say("select it to copy"),
    );
    setTimeout(() => say(""), 1_500);
  };
  return (
    <span class="address">
      {href === undefined ? <span title={of}>{shorten(of)}</span> : <a href={href} title={of}>{shorten(of)}</a>}
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy ${of}`}>
        
        <svg width="13" height="13" viewBox="0 0 16 16" aria-hidden="true"><path d="M5 5V2h9v9h-3M2 5h9v9H2z" fill="none" stroke="currentColor" stroke-width="1.5" /></svg>
      </button>
      <span role="status" class="faint">{said}</span>
    </span>
  );
}

// Tile is a figure with its name.
export function Tile({ name, children, note }: { name: string; children: ComponentChildren; note?: ComponentChildren }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        <span class="figure">{children}</span>
        {note !== undefined && <span class="note">{note}</span>}
      </dd>
    </div>
  );
}

export const Tiles = ({ children }: { children: ComponentChildren }) => <dl class="tiles">{children}</dl>;

// Section is a part of a view with its heading.
export function Section(p: { title: string; id?: string; note?: ComponentChildren; tools?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="card" id={p.id}>
      <header>
        <h2>{p.title}</h2>
        {p.tools !== undefined && <div class="tools">{p.tools}</div>}
      </header>
      {p.note !== undefined && <p class="lead">{p.note}</p>}
      {p.children}
    </section>
  );
}

// Title is the heading of a view, which takes the focus when one comes to it.
export function Title({ children, kicker }: { children: ComponentChildren; kicker?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (moved) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="title">
      {kicker !== undefined && <p class="kicker">{kicker}</p>}
      <h1 tabIndex={-1} ref={heading}>{children}</h1>
    </div>
  );
}

// Trouble says why there is nothing to see and what to do.
export function Trouble({ answer, what }: { answer: Answer<unknown>; what: string }) {
  const { error } = answer;
  if (error === undefined) return null;
  return (
    <div class="trouble" role="alert">
      <p>
        <strong>{answer.data === undefined ? `No ${what}.` : `The ${what} may be old.`}</strong> {capital(error.message)}{" "}
        {error.hint !== "" && <span>{capital(error.hint)}</span>}
      </p>
      <button type="button" onClick={answer.again}>
        Try again
      </button>
    </div>
  );
}

// Empty says that there is nothing, and what would make something.
export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;

export const Waiting = () => <p class="waiting" aria-busy="true">Loading…</p>;

// Loaded draws what an answer holds, or why it holds nothing.
export function Loaded<T>(p: { answer: Answer<T>; what: string; children: (data: T) => ComponentChildren }) {
  const { data, error } = p.answer;
  return (
    <>
      <Trouble answer={p.answer} what={p.what} />
      {data !== undefined ? p.children(data) : error === undefined && <Waiting />}
    </>
  );
}
