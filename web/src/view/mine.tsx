import type * as History from "../data/history.ts";

// Mine is what the connected wallet has in an auction.
export function Mine(_: { lot: History.Lot }) {
  return null;
}
