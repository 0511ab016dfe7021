import { readFileSync, statSync } from "node:fs";
import { createGhmm, SemifactorError } from "@semifactor/ghmm";
import type { TheoremSubject } from "@semifactor/ghmm/theorems";
import { UsageError } from "./options.ts";

/** Largest file that is read, in bytes. */
const LARGEST_FILE = 64 * 2 ** 20;

const FIELDS = ["alphabet", "operators", "initial", "normalizer", "factors", "blocks", "tokenSizes"] as const;
const FACTOR_FIELDS = ["name", "dimension", "normalizer"] as const;

type Fields = Readonly<Record<string, unknown>>;

/** Throws a {@link UsageError} that names the file. */
type Refuse = (problem: string, remedy: string) => never;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function readFile(path: string, refuse: Refuse): unknown {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > LARGEST_FILE) {
      refuse(`it has ${size} bytes`, `Give a process of fewer states: at most ${LARGEST_FILE} bytes are read`);
    }
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return refuse(error instanceof Error ? error.message : String(error), "Give a file that can be read");
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(
      `it is no JSON: ${error instanceof Error ? error.message : String(error)}`,
      "Give the whole file; JSON has no NaN, no comments and no comma after the last entry",
    );
  }
}

function fieldsOf(value: unknown, name: string, known: readonly string[], refuse: Refuse): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(`${name} is ${shown(value)}`, `Give an object with ${known.join(", ")}`);
  }
  const unknown = Object.keys(value).find((field) => !known.includes(field));
  if (unknown !== undefined) refuse(`${name} has a field ${shown(unknown)}`, `Known fields are ${known.join(", ")}`);
  return value as Fields;
}

function listOf(value: unknown, name: string, refuse: Refuse): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(`${name} is ${shown(value)}`, "Give a list");
}

function numbersOf(value: unknown, name: string, refuse: Refuse): readonly number[] {
  return listOf(value, name, refuse).map((entry, i) =>
    typeof entry === "number" && Number.isFinite(entry)
      ? entry
      : refuse(`${name}[${i}] is ${shown(entry)}`, "Give finite numbers only"),
  );
}

function integer(value: unknown, name: string, least: number, most: number, refuse: Refuse): number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
    ? value
    : refuse(`${name} is ${shown(value)}`, `Give an integer from ${least} to ${most}`);
}

const product = (values: readonly number[]): number => values.reduce((total, value) => total * value, 1);

/** Operators without a sign and without a normalizer are those of an HMM, whose rows are laws over tokens and next states. */
function checkRows(operators: readonly (readonly (readonly number[])[])[], refuse: Refuse): void {
  if (operators.flat(2).some((value) => value < 0)) return;
  operators[0]?.forEach((_, s) => {
    const total = operators.flatMap((operator) => operator[s] ?? []).reduce((sum, value) => sum + value, 0);
    if (Math.abs(total - 1) <= 1e-9) return;
    refuse(
      `row ${s} of all operators together sums to ${total}`,
      "Give probabilities of token and next state that sum to 1, or the normalizer of the process",
    );
  });
}

function processOf(fields: Fields, refuse: Refuse): TheoremSubject["process"] {
  const { operators: written, alphabet, initial, normalizer } = fields;
  const operators = listOf(written, "operators", refuse).map((matrix, x) =>
    listOf(matrix, `operators[${x}]`, refuse).map((row, s) => numbersOf(row, `operators[${x}][${s}]`, refuse)),
  );
  if (normalizer === undefined) checkRows(operators, refuse);
  const names =
    alphabet === undefined
      ? {}
      : {
          alphabet: listOf(alphabet, "alphabet", refuse).map((name, x) =>
            typeof name === "string" ? name : refuse(`alphabet[${x}] is ${shown(name)}`, "Give texts"),
          ),
        };
  try {
    return createGhmm({
      operators,
      ...names,
      ...(initial === undefined ? {} : { initial: numbersOf(initial, "initial", refuse) }),
      ...(normalizer === undefined ? {} : { normalizer: numbersOf(normalizer, "normalizer", refuse) }),
    });
  } catch (error) {
    if (error instanceof SemifactorError) return refuse(error.problem, error.remedy);
    throw error;
  }
}

function factorsOf(value: unknown, stateDim: number, refuse: Refuse): NonNullable<TheoremSubject["factors"]> {
  const factors = listOf(value, "factors", refuse).map((entry, n) => {
    const { name, dimension, normalizer } = fieldsOf(entry, `factors[${n}]`, FACTOR_FIELDS, refuse);
    if (typeof name !== "string" || name === "") return refuse(`factors[${n}].name is ${shown(name)}`, "Give a name");
    const size = integer(dimension, `factors[${n}].dimension`, 1, stateDim, refuse);
    if (normalizer === undefined) return { name, dimension: size };
    const own = numbersOf(normalizer, `factors[${n}].normalizer`, refuse);
    if (own.length !== size) {
      refuse(`factors[${n}].normalizer has ${own.length} entries for dimension ${size}`, `Give ${size} numbers`);
    }
    return { name, dimension: size, normalizer: own };
  });
  const names = factors.map(({ name }) => name);
  const repeated = names.find((name, n) => names.indexOf(name) !== n);
  if (repeated !== undefined) refuse(`factors has two of the name ${shown(repeated)}`, "Give each its own name");
  if (factors.length < 2) refuse(`factors has ${factors.length} entries`, "Give two or more, or leave factors out");
  const dimensions = factors.map(({ dimension }) => dimension);
  if (product(dimensions) !== stateDim) {
    refuse(
      `factors have dimensions ${dimensions.join(" x ")} = ${product(dimensions)} for ${stateDim} states`,
      "Give dimensions whose product is the number of states",
    );
  }
  return factors;
}

function blocksOf(value: unknown, stateDim: number, refuse: Refuse): NonNullable<TheoremSubject["blocks"]> {
  const owner = new Map<number, number>();
  const blocks = listOf(value, "blocks", refuse).map((block, k) =>
    listOf(block, `blocks[${k}]`, refuse).map((state, i) => {
      const index = integer(state, `blocks[${k}][${i}]`, 0, stateDim - 1, refuse);
      const other = owner.get(index);
      if (other !== undefined) {
        refuse(`state ${index} is in blocks[${other}] and in blocks[${k}]`, "Give every state to one block");
      }
      owner.set(index, k);
      return index;
    }),
  );
  const empty = blocks.findIndex((block) => block.length === 0);
  if (empty >= 0) refuse(`blocks[${empty}] is empty`, "Give every block a state");
  if (blocks.length < 2) refuse(`blocks has ${blocks.length} entries`, "Give two or more, or leave blocks out");
  const missing = Array.from({ length: stateDim }, (_, s) => s).find((s) => !owner.has(s));
  if (missing !== undefined) refuse(`state ${missing} is in no block`, "Give every state to one block");
  return blocks;
}

function tokenSizesOf(value: unknown, tokens: number, factors: number | undefined, refuse: Refuse): readonly number[] {
  const sizes = listOf(value, "tokenSizes", refuse).map((size, n) =>
    integer(size, `tokenSizes[${n}]`, 1, tokens, refuse),
  );
  if (product(sizes) !== tokens) {
    refuse(`tokenSizes is ${shown(sizes)} for ${tokens} tokens`, "Give integers whose product is the number of tokens");
  }
  if (factors !== undefined && sizes.length !== factors) {
    refuse(`tokenSizes has ${sizes.length} entries for ${factors} factors`, "Give one number for each factor");
  }
  return sizes;
}

/**
 * The process in a JSON file, `{ operators, alphabet?, initial?, normalizer?, factors?, blocks?, tokenSizes? }`, as theorems take it.
 *
 * @throws UsageError if the file cannot be read, is too large or no JSON, or holds something else than a process
 */
export function readProcessFile(path: string): TheoremSubject {
  const refuse: Refuse = (problem, remedy) => {
    throw new UsageError(`theorems: ${path}: ${problem}. ${remedy}.`);
  };
  const fields = fieldsOf(readFile(path, refuse), "the file", FIELDS, refuse);
  const process = processOf(fields, refuse);
  const { stateDim, alphabet } = process;
  const { factors, blocks, tokenSizes } = fields;
  const declared = factors === undefined ? undefined : factorsOf(factors, stateDim, refuse);
  return {
    process,
    ...(declared === undefined ? {} : { factors: declared }),
    ...(blocks === undefined ? {} : { blocks: blocksOf(blocks, stateDim, refuse) }),
    ...(tokenSizes === undefined
      ? {}
      : { tokenSizes: tokenSizesOf(tokenSizes, alphabet.length, declared?.length, refuse) }),
  };
}
