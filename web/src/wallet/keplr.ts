import { Store } from "../data/store.ts";

// The part of the interface of Keplr, which other wallets speak too, that this page uses.

export type Key = { name: string; bech32Address: string; pubKey: Uint8Array; isNanoLedger: boolean };

export type StdFee = { amount: { denom: string; amount: string }[]; gas: string };

export type StdSignDoc = {
  chain_id: string;
  account_number: string;
  sequence: string;
  fee: StdFee;
  msgs: { type: string; value: unknown }[];
  memo: string;
};

export type SignDoc = { bodyBytes: Uint8Array; authInfoBytes: Uint8Array; chainId: string; accountNumber: bigint };

type Signature = { signature: string }; // base64

export type Keplr = {
  enable(chain: string): Promise<void>;
  experimentalSuggestChain?(info: unknown): Promise<void>;
  getKey(chain: string): Promise<Key>;
  signDirect(chain: string, signer: string, doc: SignDoc): Promise<{ signed: { bodyBytes: Uint8Array; authInfoBytes: Uint8Array }; signature: Signature }>;
  signAmino(chain: string, signer: string, doc: StdSignDoc): Promise<{ signed: StdSignDoc; signature: Signature }>;
};

declare global {
  interface Window {
    keplr?: Keplr;
    leap?: Keplr;
    cosmostation?: { providers?: { keplr?: Keplr } };
  }
}

const found = (): Keplr | undefined => window.keplr ?? window.leap ?? window.cosmostation?.providers?.keplr;

export type Account = { key: Key; chain: string; wallet: Keplr };

// account is who is connected.
export const account = new Store<Account | undefined>(undefined);

const place = "wallet";

// connect asks the wallet for an account on this chain; it is told about the chain when it does not know it.
export async function connect(chain: string): Promise<void> {
  const wallet = found();
  if (wallet === undefined) {
    throw new Error("No wallet was found. Install one that speaks the interface of Keplr, allow it on this page, and load the page again.");
  }
  try {
    await wallet.enable(chain);
  } catch (e) {
    if (wallet.experimentalSuggestChain === undefined) throw e;
    await wallet.experimentalSuggestChain(describe(chain));
    await wallet.enable(chain);
  }
  account.set({ wallet, chain, key: await wallet.getKey(chain) });
  remember(true);
}

export function disconnect(): void {
  account.set(undefined);
  remember(false);
}

function remember(on: boolean): void {
  try {
    if (on) localStorage.setItem(place, "keplr");
    else localStorage.removeItem(place);
  } catch {
    // storage is switched off: one connects again after loading the page
  }
}

// resume connects again where somebody was connected before.
export function resume(chain: string): void {
  try {
    if (localStorage.getItem(place) === null || found() === undefined || account.value !== undefined) return;
  } catch {
    return;
  }
  connect(chain).catch(disconnect);
}

addEventListener("keplr_keystorechange", () => {
  const now = account.value;
  if (now !== undefined) connect(now.chain).catch(disconnect);
});

function describe(chain: string): unknown {
  const coin = { coinDenom: "BLST", coinMinimalDenom: "ublst", coinDecimals: 6 };
  const prefix = "ballast";
  return {
    chainId: chain,
    chainName: `Ballast (${chain})`,
    rpc: `${location.origin}/chain`,
    rest: `${location.origin}/chain`,
    bip44: { coinType: 118 },
    bech32Config: {
      bech32PrefixAccAddr: prefix,
      bech32PrefixAccPub: `${prefix}pub`,
      bech32PrefixValAddr: `${prefix}valoper`,
      bech32PrefixValPub: `${prefix}valoperpub`,
      bech32PrefixConsAddr: `${prefix}valcons`,
      bech32PrefixConsPub: `${prefix}valconspub`,
    },
    currencies: [coin],
    feeCurrencies: [{ ...coin, gasPriceStep: { low: 0, average: 0.01, high: 0.03 } }],
    stakeCurrency: coin,
  };
}
