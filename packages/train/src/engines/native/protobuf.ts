/** A message of the protocol buffers wire format, written field by field (https://protobuf.dev/programming-guides/encoding). */
export interface ProtobufMessage {
  /** An integer field (varint); negative numbers take ten bytes, as int64 does. */
  integer(field: number, value: number): ProtobufMessage;
  /** A float field (four bytes, little-endian). */
  float(field: number, value: number): ProtobufMessage;
  /** A string field in UTF-8. */
  text(field: number, value: string): ProtobufMessage;
  /** A field of raw bytes. */
  bytes(field: number, value: Uint8Array): ProtobufMessage;
  /** A nested message. */
  message(field: number, value: ProtobufMessage): ProtobufMessage;
  /** A packed repeated integer field. */
  integers(field: number, values: readonly number[]): ProtobufMessage;
  /** A packed repeated float field. */
  floats(field: number, values: readonly number[]): ProtobufMessage;
  /** The message on the wire. */
  encode(): Uint8Array;
}

const wireVarint = 0;
const wireDelimited = 2;
const wireFixed32 = 5;

/** Base-128 digits of a safe integer, least significant first, the high bit set on all but the last; two's complement in 64 bits where it is negative. */
function varint(value: number): readonly number[] {
  if (value < 0) {
    const digits: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) digits.push(Number(rest & 127n) | 128);
    return [...digits, Number(rest)];
  }
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return [...digits, rest];
}

function floatBytes(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [i, value] of values.entries()) view.setFloat32(4 * i, value, true);
  return new Uint8Array(view.buffer);
}

/** Joins chunks into one array. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let end = 0;
  for (const chunk of chunks) {
    all.set(chunk, end);
    end += chunk.length;
  }
  return all;
}

/** An empty message. */
export function protobufMessage(): ProtobufMessage {
  const chunks: Uint8Array[] = [];
  const put = (field: number, wire: number, ...data: readonly Uint8Array[]): ProtobufMessage => {
    chunks.push(Uint8Array.from(varint(field * 8 + wire)), ...data);
    return message;
  };
  const delimited = (field: number, data: Uint8Array): ProtobufMessage =>
    put(field, wireDelimited, Uint8Array.from(varint(data.length)), data);
  const message: ProtobufMessage = {
    integer: (field, value) => put(field, wireVarint, Uint8Array.from(varint(value))),
    float: (field, value) => put(field, wireFixed32, floatBytes([value])),
    text: (field, value) => delimited(field, new TextEncoder().encode(value)),
    bytes: delimited,
    message: (field, value) => delimited(field, value.encode()),
    integers: (field, values) => delimited(field, Uint8Array.from(values.flatMap(varint))),
    floats: (field, values) => delimited(field, floatBytes(values)),
    encode: () => joined(chunks),
  };
  return message;
}
