import { InvalidArgumentError } from "../numeric/errors.ts";
import { unitRays } from "../process/certificate.ts";
import { type Certificate, HMM_CERTIFICATE, type Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { readAlphabet } from "../process/validate.ts";
import { checkWords } from "./_internal/composite-certificate.ts";
import { checkWrittenSize } from "./_internal/written-out.ts";

/** What {@link withBoundaryTokens} takes: at least one of `bos` and `eos`, and with `eos` one of `stop` and `length`. */
export interface BoundaryOptions {
  /** Name of the token that begins every sequence. */
  readonly bos?: string;
  /** Name of the token that ends every sequence. */
  readonly eos?: string;
  /** Name of the token that follows after the end, for ever; the end token itself by default. */
  readonly pad?: string;
  /** Probability of ending before each token: the body has `n` tokens with probability `(1 - stop)^n stop`. */
  readonly stop?: number;
  /** The body has exactly this many tokens. */
  readonly length?: number;
}

function refuse(problem: string, remedy: string): InvalidArgumentError {
  return new InvalidArgumentError({ source: "withBoundaryTokens", problem, remedy });
}

function checkOptions({ bos, eos, pad, stop, length }: BoundaryOptions): void {
  if (bos === undefined && eos === undefined) throw refuse("neither bos nor eos is given", "Name at least one of them");
  if (eos === undefined && (pad !== undefined || stop !== undefined || length !== undefined)) {
    throw refuse("pad, stop or length is given without eos", "Name the token that ends a sequence");
  }
  if (eos !== undefined && (stop === undefined) === (length === undefined)) {
    throw refuse(`stop is ${stop} and length is ${length}`, "With eos, give exactly one of them");
  }
  if (stop !== undefined && !(stop > 0 && stop <= 1)) {
    throw refuse(`stop is ${stop}`, "Give a probability above 0 and at most 1");
  }
  if (length !== undefined && !(Number.isInteger(length) && length >= 0 && length <= 2 ** 20)) {
    throw refuse(`length is ${length}`, `Give an integer from 0 to ${2 ** 20}`);
  }
}

/** What proves the result valid; its states are `copies` of those of the process, with `before` and `after` states of their own. */
function boundaryCertificate(
  process: Process,
  options: BoundaryOptions,
  { before, copies, after, d }: { before: number; copies: number; after: number; d: number },
): Certificate | undefined {
  const { certificate, stateDim } = process;
  if (certificate.kind === "hmm") return HMM_CERTIFICATE;
  if (certificate.kind === "similar-to-hmm") {
    return { kind: "similar-to-hmm", hmm: withBoundaryTokens(certificate.hmm, options) };
  }
  if (certificate.kind === "kraus") {
    return { kind: "kraus", dimension: certificate.dimension * copies + before + after };
  }
  if (certificate.kind !== "cone") return undefined;
  const inCopies = Array.from({ length: copies }, (_, copy) =>
    certificate.rays.map((ray) => {
      const padded = new Float64Array(d);
      padded.set(ray, before + copy * stateDim);
      return padded;
    }),
  );
  const own = unitRays(d).filter((_, s) => s < before || s >= d - after);
  return { kind: "cone", rays: [...own, ...inCopies.flat()] };
}

/**
 * A process whose sequences have a beginning and an end, as language models see them.
 *
 * `bos` adds a first state that emits the new token and starts the process. `eos` adds a last state: before each body token the
 * process ends with probability `stop`, or the body is exactly `length` tokens long (the states are then copied `length + 1` times
 * to count). After the end only `pad` is emitted. States are ordered first, body, last; the new tokens follow the old ones in the
 * order bos, eos, pad. Nothing of this is stationary. {@link layoutTokens} lays out token rows in the same way.
 *
 * @throws InvalidArgumentError if no boundary is named, or `eos` comes without exactly one of `stop` (above 0, at most 1) and
 * `length`, or a name is used already
 * @throws UnsupportedError if the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { coin, withBoundaryTokens, wordProbability } from "@semifactor/ghmm";
 *
 * const process = withBoundaryTokens(coin({ p: 0.7 }), { bos: "BOS", eos: "EOS", pad: "PAD", stop: 0.1 });
 * expect(process.alphabet).toEqual(["0", "1", "BOS", "EOS", "PAD"]);
 * expect(wordProbability(process, [2, 0, 1, 3, 4, 4])).toBeCloseTo(0.9 * 0.7 * 0.9 * 0.3 * 0.1, 14);
 * ```
 */
export function withBoundaryTokens(process: Process, options: BoundaryOptions): Process {
  const source = "withBoundaryTokens";
  checkOptions(options);
  const { bos, eos, pad, stop, length } = options;
  const own = process.stateDim;
  const before = bos === undefined ? 0 : 1;
  const after = eos === undefined ? 0 : 1;
  const copies = (length ?? 0) + 1;
  const d = before + copies * own + after;
  const names = [...process.alphabet, ...[bos, eos, pad].filter((name) => name !== undefined)];
  checkWrittenSize(source, names.length, d);
  const alphabet = readAlphabet(source, names.length, names);
  const operators = alphabet.map(() => new Float64Array(d * d));
  const normalizer = new Float64Array(d).fill(1);
  const initial = new Float64Array(d);
  for (let copy = 0; copy < copies; copy++) normalizer.set(process.normalizer, before + copy * own);
  if (bos === undefined) initial.set(process.initial, before);
  else {
    initial[0] = 1;
    operators[process.alphabet.length]?.set(process.initial, before);
  }
  process.alphabet.forEach((_, token) => {
    const operator = process.operator(token).map((value) => value * (1 - (stop ?? 0)));
    const target = operators[token];
    for (let copy = 0; copy < copies; copy++) {
      const [from, to] = length === undefined ? [before, before] : [before + copy * own, before + (copy + 1) * own];
      if (length !== undefined && copy === length) continue;
      for (let s = 0; s < own; s++) target?.set(operator.subarray(s * own, (s + 1) * own), (from + s) * d + to);
    }
  });
  if (eos !== undefined) {
    const end = operators[process.alphabet.length + before];
    process.normalizer.forEach((value, s) => {
      const at = (d - own + s) * d - 1; // last column, rows of the last copy
      end?.fill(value * (stop ?? 1), at, at + 1);
    });
    operators[operators.length - 1]?.fill(1, d * d - 1);
  }
  const parts = { operators, initial, normalizer, alphabet };
  const certificate = boundaryCertificate(process, options, { before, copies, after, d });
  return storeProcess({ ...parts, certificate: certificate ?? checkWords(source, parts) });
}
