import { readBelief } from "../belief/token.ts";
import { observableCoordinates } from "../equivalence/observable-coordinates.ts";
import { CorruptFileError, InvalidArgumentError } from "../numeric/errors.ts";
import { recurrentClasses } from "../numeric/recurrent-classes.ts";
import type { Process } from "../process/process.ts";
import type { MixedStatePresentation, PresentationTransition } from "./mixed-state-presentation.ts";
import { PRESENTATION_FORMAT } from "./presentation-to-json.ts";

const SOURCE = "presentationFromJson";
/** How far the probabilities of a file may be from those of the process. */
const ROUNDING = 1e-6;

function corrupt(problem: string, cause?: unknown): CorruptFileError {
  return new CorruptFileError(
    { source: SOURCE, problem, remedy: "Read what presentationToJson gave for this process, complete and unchanged" },
    cause === undefined ? undefined : { cause },
  );
}

/** A value for a message: not more of it than helps, and nothing that cannot be written. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  return typeof value === "function" ? "a function" : String(value);
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isIndex = (value: unknown, count: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < count;

function objectOf(value: unknown, where: string): Fields {
  if (isFields(value)) return value;
  throw corrupt(`${where} is no object`);
}

function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (Array.isArray(value)) return value;
  throw corrupt(`${name} is no array`);
}

function number(fields: Fields, name: string, where: string): number {
  const value = fields[name];
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw corrupt(`${where}${name} is ${shown(value)}`);
}

function flag(fields: Fields, name: string, where: string): boolean {
  const value = fields[name];
  if (typeof value === "boolean") return value;
  throw corrupt(`${where}${name} is ${shown(value)}`);
}

/**
 * Reads what {@link presentationToJson} gave, checked against the process: it begins with the initial state, and every step is
 * there, with its probability and the state that it leads to.
 *
 * @param json - the object, or its text
 * @throws CorruptFileError if the text is truncated or no JSON, or the object is no presentation of this process
 * @throws InvalidArgumentError if the alphabet or the dimension is not that of the process
 * @throws UnsupportedError if the backward space of the process does not fit into memory
 * @example
 * ```ts
 * import { evenOnes, mixedStatePresentation, presentationFromJson, presentationToJson } from "@semifactor/ghmm";
 *
 * const process = evenOnes({ p: 0.5 });
 * const presentation = mixedStatePresentation(process);
 * const text = JSON.stringify(presentationToJson(presentation));
 * expect(presentationFromJson(process, text)).toEqual(presentation);
 * ```
 */
export function presentationFromJson(process: Process, json: unknown): MixedStatePresentation {
  const fields = objectOf(parse(json), "the presentation");
  const { format, version } = fields;
  if (format !== PRESENTATION_FORMAT) throw corrupt(`format is ${shown(format)}`);
  if (version !== 1) throw corrupt(`version is ${shown(version)}`);
  checkProcess(process, fields);
  const rows = Array.from(list(fields, "states"), (value, i) => readState(process, value, `states[${i}]`));
  if (rows.length === 0) throw corrupt("states is empty");
  const states = rows.map(({ belief }) => belief);
  const expanded = rows.map((row) => row.expanded);
  const transitions = readTransitions(process, fields, states);
  const tolerance = number(fields, "tolerance", "");
  const mergeDistance = number(fields, "mergeDistance", "");
  if (!(mergeDistance <= tolerance && tolerance <= 0.1)) {
    throw corrupt(`tolerance is ${tolerance} and mergeDistance ${mergeDistance}`);
  }
  checkSteps(process, states, expanded, transitions, tolerance);
  const complete = flag(fields, "complete", "");
  if (complete !== expanded.every(Boolean)) throw corrupt(`complete is ${complete}, unlike the states`);
  return {
    process,
    complete,
    states,
    depth: Uint32Array.from(rows, ({ depth }) => depth),
    expanded,
    ...recurrentClasses(expanded, transitions),
    transitions,
    tolerance,
    mergeDistance,
  };
}

function parse(json: unknown): unknown {
  if (typeof json !== "string") return json;
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw corrupt(`${json.length} characters are no JSON`, cause);
  }
}

function checkProcess(process: Process, fields: Fields): void {
  const alphabet = list(fields, "alphabet");
  const { stateDim } = fields;
  const same = alphabet.length === process.alphabet.length && process.alphabet.every((name, x) => name === alphabet[x]);
  if (same && stateDim === process.stateDim) return;
  throw new InvalidArgumentError({
    source: SOURCE,
    problem: `a presentation of ${alphabet.length} tokens in dimension ${shown(stateDim)} for a process of ${process.alphabet.length} in dimension ${process.stateDim}`,
    remedy: "Give the process of the presentation, with the same names of tokens",
  });
}

function readState(process: Process, value: unknown, where: string) {
  const fields = objectOf(value, where);
  const belief = Array.from(list(fields, "belief"), (entry) => (typeof entry === "number" ? entry : Number.NaN));
  if (belief.length !== process.stateDim || !belief.every(Number.isFinite)) {
    throw corrupt(`the belief of ${where} is not ${process.stateDim} numbers`);
  }
  const depth = number(fields, "depth", `${where}.`);
  if (!isIndex(depth, 2 ** 32)) throw corrupt(`${where}.depth is ${depth}`);
  return { belief: Float64Array.from(belief), depth, expanded: flag(fields, "expanded", `${where}.`) };
}

function readTransitions(
  process: Process,
  fields: Fields,
  states: readonly Float64Array[],
): readonly PresentationTransition[] {
  const tokens = process.alphabet.length;
  let last = -1;
  return Array.from(list(fields, "transitions"), (value, i) => {
    const where = `transitions[${i}]`;
    const { from, token, to, probability } = objectOf(value, where);
    const known = isIndex(from, states.length) && isIndex(to, states.length) && isIndex(token, tokens);
    if (!known) throw corrupt(`${where} is [${[from, token, to].map(shown).join(", ")}]`);
    if (from * tokens + token <= last) throw corrupt(`${where} is out of order`);
    last = from * tokens + token;
    if (!(typeof probability === "number" && probability > 0 && probability <= 1 + ROUNDING)) {
      throw corrupt(`the probability of ${where} is ${shown(probability)}`);
    }
    return { from, token, to, probability };
  });
}

/** Compares the initial state, and the steps of the expanded states with where they lead, with those of the process. */
function checkSteps(
  process: Process,
  states: readonly Float64Array[],
  expanded: readonly boolean[],
  transitions: readonly PresentationTransition[],
  tolerance: number,
): void {
  const coordinates = observableCoordinates(process);
  const same = (belief: Float64Array, state: Float64Array): boolean => {
    const [own, listed] = [coordinates.of(belief), coordinates.of(state)];
    return own.every((value, i) => {
      return Math.abs(value - (listed[i] ?? 0)) <= tolerance + ROUNDING * Math.max(1, Math.abs(value));
    });
  };
  const [first = new Float64Array(0)] = states;
  if (!same(readBelief(SOURCE, process, process.initial), first)) {
    throw corrupt(`states[0] is [${first.join(", ")}], which is not the initial state of the process`);
  }
  const next = new Float64Array(process.stateDim);
  let at = 0;
  states.forEach((belief, from) => {
    for (let token = 0; token < process.alphabet.length; token++) {
      const step = transitions[at];
      const listed = step?.from === from && step.token === token ? step.probability : 0;
      if (listed !== 0) at++;
      const own = expanded[from] ? process.step(belief, token, next) : 0;
      if (Math.abs(listed - own) > ROUNDING) {
        throw corrupt(`token ${token} after state ${from} has probability ${listed}, and ${own} in the process`);
      }
      if (listed > 0 && own > 0 && !same(next, states[step?.to ?? 0] ?? next)) {
        throw corrupt(`token ${token} after state ${from} leads to state ${step?.to}, and elsewhere in the process`);
      }
    }
  });
}
