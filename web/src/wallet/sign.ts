import { create, toBinary } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { node, Refusal, request } from "../data/http.ts";
import { PubKeySchema } from "../gen/cosmos/crypto/secp256k1/keys_pb.ts";
import { SignMode } from "../gen/cosmos/tx/signing/v1beta1/signing_pb.ts";
import { AuthInfoSchema, TxBodySchema, TxRawSchema } from "../gen/cosmos/tx/v1beta1/tx_pb.ts";
import { amino } from "./amino.ts";
import type { Account, StdFee } from "./keplr.ts";
import { packed, type Ready } from "./message.ts";

type Numbers = { number: string; sequence: string };

export type Event = { type: string; attributes: { key: string; value: string }[] };

// Effect is what a transaction would do now, by the chain's own simulation.
export type Effect = { gas: string; fee: StdFee; events: Event[]; numbers: Numbers };

// reserve is what is asked beyond the gas of the simulation: the state may be another one when the transaction runs.
const reserve = 15n; // tenths

async function numbers(address: string): Promise<Numbers> {
  try {
    const { info } = await request<{ info: { account_number?: string; sequence?: string } }>(node(`cosmos/auth/v1beta1/account_info/${address}`));
    return { number: info.account_number ?? "0", sequence: info.sequence ?? "0" };
  } catch (e) {
    if (e instanceof Refusal && e.status === 404) {
      throw new Refusal(404, "The chain does not know this account.", "Send it some coins first: it pays the fee with them.");
    }
    throw e;
  }
}

const body = (messages: Ready[], memo = ""): Uint8Array =>
  toBinary(TxBodySchema, create(TxBodySchema, { messages: messages.map(packed), memo }));

function info(key: Uint8Array, sequence: string, fee: StdFee, mode: SignMode): Uint8Array {
  return toBinary(
    AuthInfoSchema,
    create(AuthInfoSchema, {
      signerInfos: [
        {
          publicKey: create(AnySchema, { typeUrl: `/${PubKeySchema.typeName}`, value: toBinary(PubKeySchema, create(PubKeySchema, { key })) }),
          modeInfo: { sum: { case: "single", value: { mode } } },
          sequence: BigInt(sequence),
        },
      ],
      fee: { amount: fee.amount, gasLimit: BigInt(fee.gas) },
    }),
  );
}

const raw = (bodyBytes: Uint8Array, authInfoBytes: Uint8Array, signature: Uint8Array): string =>
  base64Encode(toBinary(TxRawSchema, create(TxRawSchema, { bodyBytes, authInfoBytes, signatures: [signature] })));

const post = <T>(path: string, value: unknown): Promise<T> =>
  request<T>(node(path), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

// fees is what the node wants for gas, at least, in the coins of fees.
async function fees(gas: bigint): Promise<StdFee> {
  const { minimum_gas_price: least } = await request<{ minimum_gas_price: string }>(node("cosmos/base/node/v1beta1/config"));
  const match = /^(\d+)(?:\.(\d+))?([a-z].*)$/.exec(least.split(",")[0] ?? "");
  if (match === null) return { amount: [], gas: gas.toString() };
  const frac = match[2] ?? "";
  const scale = 10n ** BigInt(frac.length);
  const amount = (gas * BigInt((match[1] ?? "") + frac) + scale - 1n) / scale;
  return { amount: amount === 0n ? [] : [{ denom: match[3] ?? "", amount: amount.toString() }], gas: gas.toString() };
}

// simulate asks the chain what messages would do. It refuses what would fail, with the chain's reason.
export async function simulate(who: Account, messages: Ready[]): Promise<Effect> {
  const n = await numbers(who.key.bech32Address);
  const auth = info(who.key.pubKey, n.sequence, { amount: [], gas: "0" }, SignMode.DIRECT);
  const tried = await post<{ gas_info: { gas_used: string }; result: { events: Event[] } }>("cosmos/tx/v1beta1/simulate", {
    tx_bytes: raw(body(messages), auth, new Uint8Array(64)),
  });
  const gas = (BigInt(tried.gas_info.gas_used) * reserve) / 10n;
  return { gas: gas.toString(), fee: await fees(gas), events: tried.result.events, numbers: n };
}

// sign lets the wallet sign: by the bytes, or as JSON, which is all that a ledger can do.
export async function sign(who: Account, messages: Ready[], effect: Effect): Promise<string> {
  const { key, wallet, chain } = who;
  const { number, sequence } = effect.numbers;
  if (key.isNanoLedger) {
    const { signed, signature } = await wallet.signAmino(chain, key.bech32Address, {
      chain_id: chain,
      account_number: number,
      sequence,
      fee: effect.fee,
      msgs: messages.map((m) => amino(m.desc, m.message)),
      memo: "",
    });
    const auth = info(key.pubKey, signed.sequence, signed.fee, SignMode.LEGACY_AMINO_JSON);
    return raw(body(messages, signed.memo), auth, base64Decode(signature.signature));
  }
  const { signed, signature } = await wallet.signDirect(chain, key.bech32Address, {
    bodyBytes: body(messages),
    authInfoBytes: info(key.pubKey, sequence, effect.fee, SignMode.DIRECT),
    chainId: chain,
    accountNumber: BigInt(number),
  });
  return raw(signed.bodyBytes, signed.authInfoBytes, base64Decode(signature.signature));
}

type Result = { code: number; raw_log: string; txhash: string; height: string; events: Event[] };

const patience = 60; // seconds until a transaction counts as lost

// send hands a transaction to the chain and waits until it is in a block.
export async function send(tx: string): Promise<Result> {
  const { tx_response: taken } = await post<{ tx_response: Result }>("cosmos/tx/v1beta1/txs", { tx_bytes: tx, mode: "BROADCAST_MODE_SYNC" });
  if (taken.code !== 0) throw new Refusal(400, taken.raw_log, "");
  for (let i = 0; i < patience; i++) {
    await new Promise((done) => setTimeout(done, 1_000));
    try {
      const { tx_response: done } = await request<{ tx_response: Result }>(node(`cosmos/tx/v1beta1/txs/${taken.txhash}`));
      if (done.code !== 0) throw new Refusal(400, done.raw_log, "");
      return done;
    } catch (e) {
      if (!(e instanceof Refusal) || e.status === 400) throw e;
    }
  }
  throw new Refusal(0, `The chain took the transaction ${taken.txhash}, but it is in no block after a minute.`, "Look for it before you send it again.");
}
