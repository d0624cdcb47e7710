import { createContext } from "preact";
import { useContext, useMemo } from "preact/hooks";
import { history } from "./http.ts";
import type { Asset, Page } from "./history.ts";
import { useGet } from "./use.ts";
import * as number from "../text/number.ts";

// Assets names the assets of the chain: what people call them, and how many base units one is.
export class Assets {
  readonly list: Asset[];
  readonly #of: Map<string, Asset>;

  constructor(list: Asset[]) {
    this.list = [...list].sort((a, b) => (a.display < b.display ? -1 : 1));
    this.#of = new Map(list.map((a) => [a.denom, a]));
  }

  get(denom: string): Asset | undefined {
    return this.#of.get(denom);
  }

  // name of a denom; one that has no price keeps its own.
  name(denom: string): string {
    return this.#of.get(denom)?.display ?? (denom === "ublst" ? "BLST" : denom);
  }

  exponent(denom: string): number {
    return this.#of.get(denom)?.exponent ?? (denom === "ublst" ? 6 : 0);
  }

  amount(units: string, denom: string): string {
    return number.amount(units, this.exponent(denom));
  }

  // coin is an amount with its name, all digits.
  coin(units: string, denom: string): string {
    return `${number.exact(units, this.exponent(denom))} ${this.name(denom)}`;
  }

  // coins reads what the chain writes, such as 5uatom,7uusdc.
  coins(text: string): string {
    return text
      .split(",")
      .map((part) => {
        const match = /^(\d+)(.+)$/.exec(part);
        return match === null ? part : this.coin(match[1] ?? "", match[2] ?? "");
      })
      .join(", ");
  }
}

const context = createContext(new Assets([]));
export const AssetsProvider = context.Provider;
export const useAssets = (): Assets => useContext(context);

// useAllAssets reads them; only the root does.
export function useAllAssets(): Assets {
  const { data } = useGet<Page<Asset>>(history("assets?limit=500"));
  return useMemo(() => new Assets(data?.items ?? []), [data]);
}
