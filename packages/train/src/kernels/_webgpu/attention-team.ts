import {
  flatWorkgroups,
  type WebgpuArguments,
  type WebgpuPass,
  type WebgpuVariant,
} from "../../engines/webgpu/webgpu-kernel.ts";

/** Invocations of a workgroup of the attention kernels. */
export const attentionLanes = 64;

/** Positions and columns that an invocation takes at a time: 4 x 4 elements in registers. */
export const blockEdge = 4;

/** Number of blocks of 4 that cover `count`. */
export function blocks(count: number | undefined): number {
  return Math.ceil((count ?? 0) / blockEdge);
}

/** Invocations that share four queries: one on a software adapter, where barriers are slow, else up to sixteen, as many as the sequence has blocks for. */
function teamSize(length: number | undefined, { gemm }: WebgpuVariant): number {
  if (gemm === "register-tiles") return 1;
  return blocks(length) === 1 ? 1 : blocks(length) <= 4 ? 4 : 16;
}

/** The vectors and pattern of one query head, and which keys a query sees. `windowed` says whether the kernel has the argument `window`. */
function placement(windowed: boolean): string {
  return `var<private> query_start: u32;
var<private> key_start: u32;
var<private> pattern_start: u32;
fn vector_of(i: u32) -> u32 { return query_start + i * p.heads * p.dh; }
fn key_of(j: u32) -> u32 { return key_start + j * p.kvHeads * p.dh; }
fn pattern_of(i: u32, j: u32) -> u32 { return pattern_start + i * p.length + j; }
fn place(sequence: u32, head: u32) {
  query_start = (sequence * p.length * p.heads + head) * p.dh;
  key_start = (sequence * p.length * p.kvHeads + head * p.kvHeads / p.heads) * p.dh;
  pattern_start = (sequence * p.heads + head) * p.length * p.length;
}
fn first_key(i: u32) -> u32 { return ${windowed ? "select(0u, i + 1u - p.window, p.window > 0u && i >= p.window)" : "0u"}; }
fn sees(i: u32, j: u32) -> bool { return i < p.length && j <= i && j >= first_key(i); }`;
}

/** Reductions over a team of invocations, in an order that does not depend on timing. */
const reductions = `var<workgroup> partial: array<vec4<f32>, ${attentionLanes}>;
fn team_reduce(lane: u32, member: u32, team: u32, value: vec4<f32>, largest: bool) -> vec4<f32> {
  partial[lane] = value;
  for (var step = team / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (member < step) {
      let other = partial[lane + step];
      partial[lane] = select(partial[lane] + other, max(partial[lane], other), largest);
    }
  }
  workgroupBarrier();
  let reduced = partial[lane - member];
  workgroupBarrier();
  return reduced;
}
fn team_barrier() { storageBarrier(); workgroupBarrier(); }`;

const alone = `fn team_reduce(lane: u32, member: u32, team: u32, value: vec4<f32>, largest: bool) -> vec4<f32> { return value; }
fn team_barrier() {}`;

/** A pass in which a team of invocations works on four queries of one head. */
export interface QueryPass {
  readonly windowed: boolean;
  readonly declarations: string;
  /** In scope: `first` (the first of the four queries), `member` and `team`, `wanted` (false past the end), `last_block` (the last block of keys that one of them sees). */
  readonly body: string;
}

/** Makes a dispatch of a {@link QueryPass}. */
export function queryPass({ windowed, declarations, body }: QueryPass): WebgpuPass {
  const teams = (args: WebgpuArguments): number => (args.batch ?? 0) * (args.heads ?? 0) * blocks(args.length);
  return {
    workgroupSize: attentionLanes,
    declarations: ({ gemm }) =>
      [placement(windowed), gemm === "register-tiles" ? alone : reductions, declarations].join("\n"),
    body: ({ gemm }) => `let all_blocks = (p.length + 3u) / 4u;
let team = ${gemm === "register-tiles" ? "1u" : "select(select(16u, 4u, all_blocks <= 4u), 1u, all_blocks == 1u)"};
let member = lane % team;
let index = flat_group(group) * (${attentionLanes}u / team) + lane / team;
let wanted = index < p.batch * p.heads * all_blocks;
let first = 4u * (index % all_blocks);
let head = (index / all_blocks) % p.heads;
place(min(index / all_blocks / p.heads, p.batch - 1u), head);
let last_block = min(first + 3u, p.length - 1u) / 4u;
let first_block = first_key(first) / 4u;
${body}`,
    workgroups: (args, variant) =>
      teams(args) === 0
        ? [0, 1]
        : flatWorkgroups(Math.ceil((teams(args) * teamSize(args.length, variant)) / attentionLanes)),
  };
}

/** A product of a pattern, transposed, with vectors of the queries, summed over the query heads that share a key head. */
export interface KeyProduct {
  /** Buffer of the pattern [batch, heads, length, length]. */
  readonly pattern: string;
  /** Buffer of the vectors of the queries. */
  readonly vectors: string;
  /** Buffer [rows, kvHeads dh] that is written. */
  readonly out: string;
}

/** A dispatch that computes one or several products, out_j = sum over the queries i that see key j of pattern_ij vectors_i; four keys and four columns per invocation. */
export function keyPass(products: readonly KeyProduct[], windowed: boolean): WebgpuPass {
  const each = (args: WebgpuArguments): number =>
    (args.batch ?? 0) * (args.kvHeads ?? 0) * blocks(args.length) * blocks(args.dh);
  const loop = ({
    pattern,
    vectors,
    out,
  }: KeyProduct): string => `for (var head = first_head; head < end_head; head++) {
  place(sequence, head);
  for (var i = key; i < end; i++) {
    let at_vector = vector_of(i);
    let at = pattern_of(i, 0u);
    let value = vec4(${[0, 1, 2, 3].map((c) => `${vectors}_at(at_vector + c${c})`).join(", ")});
${[0, 1, 2, 3].map((s) => `    if (key + ${s}u <= i) { t[${s}] += ${pattern}_at(at + key + ${s}u) * value; }`).join("\n")}
  }
}
place(sequence, first_head);
${[0, 1, 2, 3]
  .map(
    (s) => `if (key + ${s}u < p.length) { let to = key_of(key + ${s}u) + column;
${[0, 1, 2, 3].map((c) => `  if (column + ${c}u < p.dh) { ${out}_put(to + ${c}u, t[${s}][${c}]); }`).join("\n")} }`,
  )
  .join("\n")}`;
  return {
    workgroupSize: attentionLanes,
    declarations: placement(windowed),
    body: `let key_blocks = (p.length + 3u) / 4u;
let column_blocks = (p.dh + 3u) / 4u;
let each = p.batch * p.kvHeads * key_blocks * column_blocks;
let task = flat_group(group) * ${attentionLanes}u + lane;
if (task >= ${products.length}u * each) { return; }
let column = 4u * (task % column_blocks);
let key = 4u * (task / column_blocks % key_blocks);
let key_head = task / column_blocks / key_blocks % p.kvHeads;
let sequence = task / column_blocks / key_blocks / p.kvHeads % p.batch;
let first_head = (key_head * p.heads + p.kvHeads - 1u) / p.kvHeads;
let end_head = ((key_head + 1u) * p.heads + p.kvHeads - 1u) / p.kvHeads;
let end = ${windowed ? "select(p.length, min(p.length, key + 3u + p.window), p.window > 0u)" : "p.length"};
${[0, 1, 2, 3].map((c) => `let c${c} = min(column + ${c}u, p.dh - 1u);`).join("\n")}
var t: mat4x4<f32>;
${products.map((product, index) => `if (task / each == ${index}u) {\n${loop(product)}\n}`).join("\n")}`,
    workgroups: (args) =>
      each(args) === 0 ? [0, 1] : flatWorkgroups(Math.ceil((products.length * each(args)) / attentionLanes)),
  };
}
