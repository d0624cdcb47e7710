import { useEffect, useState } from "preact/hooks";
import { AssetsProvider, useAllAssets } from "./data/assets.ts";
import { pulse } from "./data/live.ts";
import { useStore } from "./data/store.ts";
import { route, to } from "./route.ts";
import { span, utc } from "./text/time.ts";
import { capital } from "./text/words.ts";
import { useNow } from "./ui/basic.tsx";
import { theme } from "./ui/chart.tsx";
import { Lazy } from "./ui/lazy.tsx";
import { asked } from "./wallet/ask.ts";
import { WalletButton } from "./wallet/button.tsx";
import { Auction } from "./view/auction.tsx";
import { Auctions } from "./view/auctions.tsx";
import { Asset, Oracle } from "./view/oracle.tsx";
import { Overview } from "./view/overview.tsx";
import { Portfolio } from "./view/portfolio.tsx";

const places: { name: string; href: string; views: string[] }[] = [
  { name: "Overview", href: to.overview, views: ["", "portfolio"] },
  { name: "Auctions", href: to.auctions, views: ["auctions", "auction"] },
  { name: "Oracle", href: to.oracle, views: ["oracle", "asset"] },
  { name: "Policy lab", href: to.lab, views: ["lab"] },
];

function View() {
  const { view, id } = useStore(route);
  switch (view) {
    case "":
      return <Overview />;
    case "portfolio":
      return <Portfolio key={id} id={id} />;
    case "auctions":
      return <Auctions />;
    case "auction":
      return <Auction key={id} id={id} />;
    case "oracle":
      return <Oracle />;
    case "lab":
      return <Lazy load={async () => (await import("./lab/view.tsx")).Lab} props={{}} />;
    case "asset":
      return <Asset key={id} denom={id} />;
    default:
      return (
        <div class="card">
          <h1 tabIndex={-1}>There is no such page</h1>
          <p>
            <a href={to.overview}>The overview</a> leads to everything that there is.
          </p>
        </div>
      );
  }
}

export function App() {
  const assets = useAllAssets();
  const { view } = useStore(route);
  return (
    <AssetsProvider value={assets}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href={to.overview} aria-label="Ballast, overview">
          <img src="/icon.svg" alt="" width="28" height="28" /> Ballast
        </a>
        <nav aria-label="Views">
          {places.map((p) => (
            <a key={p.href} href={p.href} aria-current={p.views.includes(view) ? "page" : undefined}>
              {p.name}
            </a>
          ))}
        </nav>
        <div class="right">
          <Height />
          <WalletButton />
          <ThemeButton />
        </div>
      </header>
      <Away />
      <main id="main">
        <View />
      </main>
      <Signing />
      <footer>
        <p>
          Every number comes from the chain or from its <a href="/openapi.json">history</a>; this page computes none of them.
        </p>
      </footer>
    </AssetsProvider>
  );
}

// Signing draws the dialog when there is something to sign.
function Signing() {
  const what = useStore(asked);
  if (what === undefined) return null;
  return <Lazy load={async () => (await import("./wallet/dialog.tsx")).Dialog} props={{ what }} />;
}

function skip(e: Event): void {
  e.preventDefault();
  document.querySelector<HTMLElement>("main h1")?.focus();
}

// Height is how far the history is.
function Height() {
  const p = useStore(pulse);
  const now = useNow();
  const ok = p.state === "ok";
  const text = p.height > 0 ? p.height.toLocaleString() : "No block yet";
  return (
    <span class={`pulse ${ok ? "good" : "warn"}`} title={p.time > 0 ? utc(p.time) : ""}>
      <span aria-hidden="true">{ok ? "●" : "▲"}</span> {p.height > 0 && <span class="wide">Block </span>}
      {text}
      {p.time > 0 && <span class="faint wide"> · {span(now - p.time)} old</span>}
    </span>
  );
}

// Away says what is the matter when the history does not keep up.
function Away() {
  const p = useStore(pulse);
  const lag = useNow() - p.time;
  let text = "";
  if (p.state === "away") {
    text = "The server does not answer. What you see may be old. Check that ballast-index runs; this page comes back by itself.";
  } else if (p.state === "behind" || (p.state === "ok" && lag > 60)) {
    text =
      `The last block is ${span(lag)} old: the history is behind, or the chain stands still. ` +
      "Check the node, then the log of ballast-index. What you see is as of that block.";
  } else if (p.state === "empty") {
    text = "The history has no block yet. It fills by itself as soon as the node answers.";
  }
  return (
    <div class="away" role="status">
      {text !== "" && <p>{text}</p>}
    </div>
  );
}

type Theme = "system" | "light" | "dark";

function stored(): Theme {
  const now = document.documentElement.dataset["theme"];
  return now === "light" || now === "dark" ? now : "system";
}

const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const glyphs: Record<Theme, string> = { system: "◑", light: "☀", dark: "☾" };

function ThemeButton() {
  const [now, set] = useState(stored);
  useEffect(() => {
    if (now === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = now;
    try {
      localStorage.setItem("theme", now);
    } catch {
      // storage is switched off: until the page is closed
    }
    theme.set(theme.value + 1);
  }, [now]);
  return (
    <button type="button" class="quiet" onClick={() => set(next[now])} title={`${capital(now)} colours`} aria-label={`Colours: ${now}. Change.`}>
      <span aria-hidden="true">{glyphs[now]}</span>
    </button>
  );
}
