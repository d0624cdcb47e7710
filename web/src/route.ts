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

// moved tells that somebody went from one view to another: the heading of a view then takes the focus, so that screen
// readers begin there. Where the page has only been loaded it does not.
export let moved = false;

export function follow(): void {
  addEventListener("hashchange", () => {
    const before = route.value;
    const now = read();
    moved = true;
    route.set(now);
    if (before.view === now.view && before.id === now.id) return;
    scrollTo(0, 0);
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
