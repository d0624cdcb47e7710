import { Store } from "../data/store.ts";
import type { Draft } from "./message.ts";

// Asked is what somebody wants to sign. The code that does it is loaded when it is needed.
export type Asked = { title: string; drafts: Draft[]; note?: string; done?: (events: { type: string; attributes: { key: string; value: string }[] }[]) => void };

export const asked = new Store<Asked | undefined>(undefined);

export const ask = (what: Asked): void => asked.set(what);
