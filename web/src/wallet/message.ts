import { create, fromJson, toJson, toBinary, type DescMessage, type JsonObject, type JsonValue, type Message } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { AnySchema, type Any } from "@bufbuild/protobuf/wkt";
import { MsgBidSchema, MsgCancelBidSchema, MsgClaimSchema } from "../gen/ballast/auction/v1/tx_pb.ts";
import {
  MsgAcceptOwnershipSchema,
  MsgCancelOrderSchema,
  MsgCloseSchema,
  MsgCreateOrderSchema,
  MsgCreateSchema,
  MsgPauseSchema,
  MsgResumeSchema,
  MsgRetryPaymentSchema,
  MsgUpdatePolicySchema,
  MsgUpdateTargetsSchema,
  MsgWithdrawSchema,
} from "../gen/ballast/portfolio/v1/tx_pb.ts";
import { MsgSendSchema } from "../gen/cosmos/bank/v1beta1/tx_pb.ts";
import { TxBodySchema } from "../gen/cosmos/tx/v1beta1/tx_pb.ts";

// Messages that this page signs, by their names. They are written as the JSON of the chain's API.
const schemas = {
  create: MsgCreateSchema,
  updatePolicy: MsgUpdatePolicySchema,
  updateTargets: MsgUpdateTargetsSchema,
  withdraw: MsgWithdrawSchema,
  pause: MsgPauseSchema,
  resume: MsgResumeSchema,
  close: MsgCloseSchema,
  acceptOwnership: MsgAcceptOwnershipSchema,
  retryPayment: MsgRetryPaymentSchema,
  createOrder: MsgCreateOrderSchema,
  cancelOrder: MsgCancelOrderSchema,
  send: MsgSendSchema,
  bid: MsgBidSchema,
  cancelBid: MsgCancelBidSchema,
  claim: MsgClaimSchema,
} satisfies Record<string, DescMessage>;

export type Kind = keyof typeof schemas;

export type Draft = { kind: Kind; value: JsonObject };

// Ready is a message as it will be signed.
export type Ready = { desc: DescMessage; message: Message };

export function ready(draft: Draft): Ready {
  const desc: DescMessage = schemas[draft.kind];
  return { desc, message: fromJson(desc, draft.value) };
}

export const packed = ({ desc, message }: Ready): Any =>
  create(AnySchema, { typeUrl: `/${desc.typeName}`, value: toBinary(desc, message) });

// typed is the JSON that command lines and proposals take.
export function typed({ desc, message }: Ready): JsonObject {
  const value = toJson(desc, message, { useProtoFieldName: true, alwaysEmitImplicit: true }) as JsonObject;
  return { "@type": `/${desc.typeName}`, ...value };
}

// proposal is what `ballastd tx gov submit-proposal` reads.
export const proposal = (message: Ready, title: string, deposit: string): JsonObject => ({
  messages: [typed(message)],
  metadata: "",
  deposit,
  title,
  summary: title,
  expedited: false,
});

// multisig is a transaction that nobody has signed: `ballastd tx sign` and `tx multisign` go on with it.
export const multisig = (message: Ready, gas: string): JsonValue => ({
  body: { messages: [typed(message)], memo: "", timeout_height: "0", extension_options: [], non_critical_extension_options: [] },
  auth_info: { signer_infos: [], fee: { amount: [], gas_limit: gas, payer: "", granter: "" }, tip: null },
  signatures: [],
});

// packet is what `interchain-accounts controller send-tx` of another chain reads. The messages of a packet have the
// place and the form of those of a transaction.
export const packet = (message: Ready): JsonValue => ({
  type: "TYPE_EXECUTE_TX",
  data: base64Encode(toBinary(TxBodySchema, create(TxBodySchema, { messages: [packed(message)] }))),
  memo: "",
});
