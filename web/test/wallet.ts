import { create, toBinary } from "@bufbuild/protobuf";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bech32 } from "@scure/base";
import type { Page } from "puppeteer-core";
import { SignDocSchema } from "../src/gen/cosmos/tx/v1beta1/tx_pb.ts";

// A wallet for a test: it answers like Keplr and signs with a real key, without asking. The key stays outside the page.

export type Wallet = { address: string; use: (page: Page) => Promise<void> };

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));
const text = (b: Uint8Array): string => Buffer.from(b).toString("base64");

export function wallet(secret: Uint8Array, name: string, ledger: boolean): Wallet {
  const pubKey = secp256k1.getPublicKey(secret, true);
  const address = bech32.encode("ballast", bech32.toWords(ripemd160(sha256(pubKey))));
  const signed = (message: Uint8Array): string => text(secp256k1.sign(sha256(message), secret, { prehash: false }));
  const direct = (chainId: string, body: string, auth: string, account: string): string =>
    signed(toBinary(SignDocSchema, create(SignDocSchema, { bodyBytes: bytes(body), authInfoBytes: bytes(auth), chainId, accountNumber: BigInt(account) })));
  const amino = (doc: string): string => signed(new TextEncoder().encode(canonical(JSON.parse(doc))));
  return {
    address,
    use: async (page) => {
      await page.exposeFunction("testSignDirect", direct);
      await page.exposeFunction("testSignAmino", amino);
      await page.evaluateOnNewDocument(install, address, text(pubKey), name, ledger);
    },
  };
}

// canonical is the JSON that ledgers sign: names sorted, and what could be markup written as Go writes it.
export function canonical(value: unknown): string {
  const sorted = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(sorted);
    if (typeof v !== "object" || v === null) return v;
    return Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, x]) => [k, sorted(x)]));
  };
  return JSON.stringify(sorted(value)).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}

// install runs in the page.
function install(address: string, key: string, name: string, ledger: boolean): void {
  type Signer = (...args: string[]) => Promise<string>;
  const outside = window as unknown as { testSignDirect: Signer; testSignAmino: Signer };
  const decode = (s: string): Uint8Array => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
  const encode = (b: Uint8Array): string => btoa(String.fromCharCode(...b));
  const calls: string[] = [];
  Object.assign(window, {
    walletCalls: calls,
    keplr: {
      enable: (chain: string) => {
        calls.push(`enable ${chain}`);
        return calls.includes("suggest") ? Promise.resolve() : Promise.reject(new Error("unknown chain"));
      },
      experimentalSuggestChain: () => {
        calls.push("suggest");
        return Promise.resolve();
      },
      getKey: () => Promise.resolve({ name, bech32Address: address, pubKey: decode(key), isNanoLedger: ledger }),
      signDirect: async (chain: string, _: string, doc: { bodyBytes: Uint8Array; authInfoBytes: Uint8Array; accountNumber: bigint }) => {
        if (ledger) throw new Error("a ledger signs JSON only");
        const signature = await outside.testSignDirect(chain, encode(doc.bodyBytes), encode(doc.authInfoBytes), doc.accountNumber.toString());
        return { signed: doc, signature: { signature } };
      },
      signAmino: async (_chain: string, _signer: string, doc: object) => ({ signed: doc, signature: { signature: await outside.testSignAmino(JSON.stringify(doc)) } }),
    },
  });
}
