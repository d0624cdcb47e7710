import { getOption, hasOption, type DescField, type DescMessage, type Message } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { dont_omitempty, encoding, field_name, name as amino_name } from "../gen/amino/amino_pb.ts";
import { scalar } from "../gen/cosmos_proto/cosmos_pb.ts";

// The JSON that ledgers sign. The chain makes the same text of the bytes of a transaction, by the options of the .proto
// files; both must agree to the letter. Names are sorted by whoever signs.

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

// amino is a message of a transaction.
export function amino(desc: DescMessage, message: Message): { type: string; value: Json } {
  if (!hasOption(desc, amino_name)) throw new Error(`${desc.typeName} has no name for ledgers`);
  return { type: getOption(desc, amino_name), value: object(reflect(desc, message)) };
}

function object(m: ReflectMessage): { [name: string]: Json } {
  const value: { [name: string]: Json } = {};
  for (const field of m.fields) {
    const kept = hasOption(field, dont_omitempty) && getOption(field, dont_omitempty);
    if (!m.isSet(field) && !kept) continue;
    const name = hasOption(field, field_name) ? getOption(field, field_name) : field.name;
    value[name] = one(m, field);
  }
  return value;
}

function one(m: ReflectMessage, field: DescField): Json {
  switch (field.fieldKind) {
    case "list": {
      const items: Json[] = [];
      for (const item of m.get(field)) items.push(simple(item, field));
      // An empty list is null to the chain, except where coins always were a list.
      return items.length === 0 && !hasOption(field, encoding) ? null : items;
    }
    case "message":
      if (!m.isSet(field)) throw new Error(`${field.toString()} must be set`);
      return object(m.get(field));
    case "map":
      throw new Error(`${field.toString()}: maps cannot be signed by a ledger`);
    default:
      return simple(m.get(field), field);
  }
}

function simple(value: unknown, field: DescField): Json {
  switch (typeof value) {
    case "bigint":
      return value.toString();
    case "string":
      return value === "" && hasOption(field, scalar) && getOption(field, scalar) === "cosmos.Int" ? "0" : value;
    case "number":
    case "boolean":
      return value;
  }
  if (value instanceof Uint8Array) return base64Encode(value);
  return object(value as ReflectMessage);
}
