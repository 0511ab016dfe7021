import { InvalidArgumentError, NotNormalizedError, ShapeError } from "../numeric/errors.ts";
import { dot, matrixTimesVector } from "../numeric/matrix.ts";

/** Normalisations hold to this absolute tolerance. */
export const TOLERANCE = 1e-9;

/** Operators as a user writes them: `operators[x][s][s']`, one square matrix per token. */
export type Operators = readonly (readonly ArrayLike<number>[])[];

/** Throws unless `value` is a list: a hole, `null` or a text in the place of one has no rows or numbers. */
export function checkList(source: string, name: string, value: unknown): void {
  if (typeof value === "object" && value !== null && "length" in value) return;
  const shown = typeof value === "object" && value !== null ? "an object without length" : JSON.stringify(value);
  throw new ShapeError({ source, problem: `${name} is ${shown}`, remedy: "Give an array" });
}

/** Throws unless `value` has the methods of a process. */
export function checkProcess(source: string, name: string, value: unknown): void {
  if (typeof value === "object" && value !== null && "step" in value && "operator" in value) return;
  throw new InvalidArgumentError({
    source,
    problem: `${name} is no process`,
    remedy: "Give a process, as createHmm makes",
  });
}

/** Checks the shape and finiteness of `operators[x][s][s']` and copies them to row-major `[d, d]` matrices. */
export function readOperators(source: string, operators: Operators): readonly Float64Array[] {
  checkList(source, "operators", operators);
  if (operators.length > 0) checkList(source, "operators[0]", operators[0]);
  const stateDim = operators[0]?.length ?? 0;
  if (stateDim === 0) {
    throw new ShapeError({
      source,
      problem: operators.length === 0 ? "operators is empty" : "operators[0] has no rows",
      remedy: "Give at least one token and one state: operators[token][state][nextState]",
    });
  }
  return Array.from(operators, (operator, x) => {
    checkList(source, `operators[${x}]`, operator);
    if (operator.length !== stateDim) {
      throw new ShapeError({
        source,
        problem: `operators[${x}] has ${operator.length} rows and operators[0] has ${stateDim}`,
        remedy: "Give every token a square matrix of the same size",
      });
    }
    const copy = new Float64Array(stateDim * stateDim);
    for (let s = 0; s < stateDim; s++) {
      const row = operator[s] ?? [];
      checkList(source, `operators[${x}][${s}]`, operator[s]);
      if (row.length !== stateDim) {
        throw new ShapeError({
          source,
          problem: `operators[${x}][${s}] has ${row.length} entries for ${stateDim} states`,
          remedy: "Give every token a square matrix of the same size",
        });
      }
      for (let next = 0; next < stateDim; next++) {
        copy[s * stateDim + next] = finite(source, `operators[${x}][${s}][${next}]`, row[next]);
      }
    }
    return copy;
  });
}

function finite(source: string, name: string, value: number | undefined): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError({ source, problem: `${name} is ${value}`, remedy: "Give finite numbers only" });
}

/** Checks the length and finiteness of a vector and copies it. */
export function readVector(source: string, name: string, vector: ArrayLike<number>, stateDim: number): Float64Array {
  checkList(source, name, vector);
  if (vector.length !== stateDim) {
    throw new ShapeError({
      source,
      problem: `${name} has ${vector.length} entries for ${stateDim} states`,
      remedy: `Give ${stateDim} numbers`,
    });
  }
  return Float64Array.from({ length: stateDim }, (_, s) => finite(source, `${name}[${s}]`, vector[s]));
}

/** Checks shape and finiteness of a matrix, `[d][d]`, and copies it row-major. */
export function readSquare(source: string, name: string, rows: readonly ArrayLike<number>[], d: number): Float64Array {
  checkList(source, name, rows);
  if (rows.length !== d) {
    throw new ShapeError({
      source,
      problem: `${name} has ${rows.length} rows`,
      remedy: `Give ${d} rows of ${d} numbers`,
    });
  }
  const out = new Float64Array(d * d);
  Array.from(rows, (row, i) => out.set(readVector(source, `${name}[${i}]`, row, d), i * d));
  return out;
}

/** Throws at the first negative entry. */
export function checkNonNegative(source: string, name: (index: number) => string, values: Float64Array): void {
  values.forEach((value, i) => {
    if (value >= 0) return;
    throw new InvalidArgumentError({
      source,
      problem: `${name(i)} is ${value}`,
      remedy: "Probabilities are not negative; use createGhmm for operators with signs",
    });
  });
}

/** Checks the names of the tokens; without names, tokens are called "0", "1", ... */
export function readAlphabet(source: string, tokens: number, alphabet?: readonly string[]): readonly string[] {
  const names = alphabet ?? Array.from({ length: tokens }, (_, x) => String(x));
  checkList(source, "alphabet", names);
  if (names.length !== tokens) {
    throw new ShapeError({
      source,
      problem: `alphabet has ${names.length} names for ${tokens} operators`,
      remedy: "Give one name per token, in the order of the operators",
    });
  }
  const known = new Map<string, number>();
  // by index, since a hole of the list is no name
  for (let x = 0; x < tokens; x++) {
    const name = names[x] ?? "";
    const first = known.get(name) ?? x;
    known.set(name, first);
    if (typeof name === "string" && name !== "" && first === x) continue;
    throw new InvalidArgumentError({
      source,
      problem: `alphabet[${x}] is ${JSON.stringify(names[x])}${first < x ? `, the same as alphabet[${first}]` : ""}`,
      remedy: "Give every token its own non-empty name",
    });
  }
  return names;
}

/** The net operator `T = sum_x T^x`, row-major `[d, d]`. */
export function netOperator(operators: readonly Float64Array[], stateDim: number): Float64Array {
  const net = new Float64Array(stateDim * stateDim);
  for (const operator of operators) {
    for (let i = 0; i < net.length; i++) net[i] = (net[i] ?? 0) + (operator[i] ?? 0);
  }
  return net;
}

/** Throws unless `T w = w` (G1) and `w` is not zero; the tolerance is relative to the largest entry of `w`, whose scale is free. */
export function checkFixed(source: string, net: Float64Array, normalizer: Float64Array): void {
  const largest = normalizer.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (largest === 0) {
    throw new NotNormalizedError({
      source,
      problem: `normalizer is [${normalizer.join(", ")}]`,
      remedy: "Give a right fixed vector of the sum of the operators that is not zero",
    });
  }
  matrixTimesVector(net, normalizer).forEach((value, s) => {
    const expected = normalizer[s] ?? 0;
    if (Math.abs(value - expected) <= TOLERANCE * largest) return;
    throw new NotNormalizedError({
      source,
      problem: `T w differs from w: entry ${s} is ${value} instead of ${expected}, with T the sum of the operators`,
      remedy:
        "Divide the operators by the leading eigenvalue of their sum and pass its right eigenvector as normalizer",
    });
  });
}

/** Throws unless `eta0 . w = 1` (G2). */
export function checkInitialNorm(source: string, initial: Float64Array, normalizer: Float64Array): void {
  const norm = dot(initial, normalizer);
  if (Math.abs(norm - 1) <= TOLERANCE) return;
  throw new NotNormalizedError({
    source,
    problem: `initial . normalizer is ${norm}`,
    remedy:
      Math.abs(norm) > TOLERANCE && Number.isFinite(norm)
        ? "Divide initial by that number so that it becomes 1"
        : "Give an initial state whose product with the normalizer is 1",
  });
}
