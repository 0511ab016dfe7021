import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { compileCode, index, range } from "./compiled-code.ts";
import type { FilterKernel } from "./filter-work.ts";

/**
 * Products in all operators together up to which they are written out: engines do not optimise functions of more than about
 * 60 kB of bytecode, and a product takes some 15 bytes.
 */
const MOST_PRODUCTS = 2048;
/** Up to this many states the entries are looked up in a table, two sequences at a time; above, each token has its own code. */
const MOST_STATES_IN_TABLE = 4;

/** What the written function is called with; it returns false where a {@link FilterKernel} does. */
type Written = (
  table: Float64Array,
  tokens: Int32Array,
  count: number,
  length: number,
  initial: Float64Array,
  beliefs: Float64Array,
  probabilities: Float64Array,
) => boolean;

const PARAMETERS = ["table", "tokens", "count", "length", "initial", "beliefs", "probabilities"];

/** A process as the writers below need it. */
interface Operators {
  readonly d: number;
  readonly tokens: number;
  readonly normalizer: Float64Array;
  readonly entry: (token: number, from: number, to: number) => number;
}

function readOperators(process: Process): Operators {
  const { stateDim: d } = process;
  const operators = process.alphabet.map((_, token) => process.operator(token));
  return {
    d,
    tokens: operators.length,
    normalizer: process.normalizer.slice(),
    entry: (token, from, to) => operators[token]?.[from * d + to] ?? 0,
  };
}

const sum = (terms: readonly string[]): string => (terms.length === 0 ? "0" : terms.join("+"));
const times = (name: string, factor: number): string => (factor === 1 ? name : `${name}*${factor}`);
/** `u . w`, for components named `u0`, `u1`, ... of which those in `columns` can differ from zero. */
function norm({ normalizer }: Operators, columns: readonly number[], name: string): string {
  return sum(columns.filter((j) => normalizer[j] !== 0).map((j) => times(`${name}${j}`, normalizer[j] ?? 0)));
}

/** Starts sequence `i + k`: its belief in `b{k}_0`, ..., the offsets of what comes next in `at{k}` and `position{k}`. */
function start(d: number, k: number): string {
  const states = range(d).map((j) => `let b${k}_${j}=initial[${j}];beliefs[${index(`at${k}`, j)}]=b${k}_${j};`);
  return [
    `let at${k}=Math.imul(Math.imul(i+${k}|0,length+1|0),${d}),position${k}=Math.imul(i+${k}|0,length);`,
    ...states,
    `at${k}=at${k}+${d}|0;`,
  ].join("");
}

/** Divides `u` by its probability `p` and stores both. */
function finish(d: number, k: number): string {
  return [
    `if(!(p${k}>${IMPOSSIBLE}))return false;const r${k}=1/p${k};`,
    ...range(d).map((j) => `b${k}_${j}=u${k}_${j}*r${k};beliefs[${index(`at${k}`, j)}]=b${k}_${j};`),
    `at${k}=at${k}+${d}|0;probabilities[position${k}]=p${k};position${k}=position${k}+1|0;`,
  ].join("");
}

/** One straight line for all tokens, which multiplies by the entries in the token's row of the table: nothing to mispredict. */
function writeTable(operators: Operators): { readonly source: string; readonly table: Float64Array } {
  const { d, tokens, entry } = operators;
  const everyToken = range(tokens);
  const pairs = range(d).flatMap((to) => range(d).map((from) => ({ from, to })));
  const used = pairs.filter(({ from, to }) => everyToken.some((x) => entry(x, from, to) !== 0));
  const step = (k: number): string => {
    const product = (e: number, from: number): string => `b${k}_${from}*table[${index(`row${k}`, e)}]`;
    const components = range(d).map(
      (j) => `const u${k}_${j}=${sum(used.flatMap(({ from, to }, e) => (to === j ? [product(e, from)] : [])))};`,
    );
    return [
      `const x${k}=tokens[position${k}];if(x${k}>>>0>=${tokens})return false;const row${k}=Math.imul(x${k},${used.length});`,
      ...components,
      `const p${k}=${norm(operators, range(d), `u${k}_`)};`,
    ].join("");
  };
  const body = (lanes: readonly number[]): string =>
    [
      ...lanes.map((k) => start(d, k)),
      "for(let t=0;t<length;t=t+1|0){",
      ...lanes.map(step),
      ...lanes.map((k) => finish(d, k)),
      "}",
    ].join("");
  return {
    source: `let i=0;for(;(i+2|0)<=count;i=i+2|0){${body([0, 1])}}for(;i<count;i=i+1|0){${body([0])}}return true;`,
    table: Float64Array.from(everyToken.flatMap((x) => used.map(({ from, to }) => entry(x, from, to)))),
  };
}

/** One straight line for each token, over its non-zero entries. */
function writeSwitch(operators: Operators): string {
  const { d, tokens, entry } = operators;
  const cases = range(tokens).map((x) => {
    const columns = range(d).filter((to) => range(d).some((from) => entry(x, from, to) !== 0));
    const assignments = columns.map((to) => {
      const terms = range(d).filter((from) => entry(x, from, to) !== 0);
      return `u0_${to}=${sum(terms.map((from) => times(`b0_${from}`, entry(x, from, to))))};`;
    });
    return `case ${x}:${assignments.join("")}p0=${norm(operators, columns, "u0_")};break;`;
  });
  return [
    `for(let i=0;i<count;i=i+1|0){${start(d, 0)}for(let t=0;t<length;t=t+1|0){`,
    `let p0=0,${range(d)
      .map((j) => `u0_${j}=0`)
      .join(",")};`,
    `switch(tokens[position0]){${cases.join("")}default:return false;}`,
    `${finish(d, 0)}}}return true;`,
  ].join("");
}

/**
 * A kernel written for one process: straight-line JavaScript over its non-zero entries, made by `new Function` from numbers
 * only. Undefined if that would be too long, or where a content-security policy forbids it.
 */
export function compileFilter(process: Process): FilterKernel | undefined {
  const operators = readOperators(process);
  const { d, tokens, entry } = operators;
  const byTable = d <= MOST_STATES_IN_TABLE;
  let products = tokens * d;
  for (let x = 0; x < tokens; x++) {
    for (let from = 0; from < d; from++) for (let to = 0; to < d; to++) if (entry(x, from, to) !== 0) products++;
  }
  if (!byTable && products > MOST_PRODUCTS) return undefined;
  const { source, table } = byTable
    ? writeTable(operators)
    : { source: writeSwitch(operators), table: new Float64Array(0) };
  const written = compileCode<Written>(PARAMETERS, source);
  if (written === undefined) return undefined;
  return ({ tokens: word, count, length, initial, beliefs, probabilities }) =>
    written(table, word, count, length, initial, beliefs, probabilities);
}
