import { Store } from "./data/store.ts";

// Routes are behind the #: the server needs to know one page only, and what is shared in a link never reaches it.
export type Route = { view: string; id: string; rest: URLSearchParams };

function read(): Route {
  const [path = "", rest = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [view = "", id = ""] = path.split("/");
  return { view, id: safe(id), rest: new URLSearchParams(rest) };
}

function safe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const route = new Store<Route>(read());

export function follow(): void {
  addEventListener("hashchange", () => {
    const before = route.value;
    const now = read();
    route.set(now);
    if (before.view === now.view && before.id === now.id) return;
    scrollTo(0, 0);
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true }); // screen readers begin there
  });
}

export const to = {
  overview: "#/",
  portfolio: (id: number | string): string => `#/portfolio/${id}`,
  auctions: "#/auctions",
  auction: (id: number | string): string => `#/auction/${id}`,
  oracle: "#/oracle",
  asset: (denom: string): string => `#/asset/${encodeURIComponent(denom)}`,
  lab: "#/lab",
};
