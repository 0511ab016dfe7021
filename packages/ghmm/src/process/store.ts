import { InvalidArgumentError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { type Certificate, IMPOSSIBLE, type Process } from "./process.ts";
import { chooseStorage } from "./storage/choose.ts";
import type { OperatorStorage } from "./storage/operator-storage.ts";

/** The parts of a process beside its operators, already checked. */
export interface StateParts {
  readonly initial: Float64Array;
  readonly normalizer: Float64Array;
  readonly alphabet: readonly string[];
  readonly certificate: Certificate;
}

/** The parts of a process, already checked. */
export interface ProcessParts extends StateParts {
  readonly operators: readonly Float64Array[];
}

/** Throws unless `token` is an index into the alphabet. */
export function checkToken(source: string, process: Pick<Process, "alphabet">, token: number | undefined): void {
  if (Number.isInteger(token) && token !== undefined && token >= 0 && token < process.alphabet.length) return;
  throw new InvalidArgumentError({
    source,
    problem: `token is ${token}`,
    remedy: `Give a token index from 0 to ${process.alphabet.length - 1}`,
  });
}

/** A process over its own copy of the operators, stored by structure. Callers have checked the parts. */
export function storeProcess(parts: ProcessParts): Process {
  return assembleProcess(parts, chooseStorage(parts.operators, parts.initial.length));
}

/** A process over operators that are stored already. */
export function assembleProcess(parts: StateParts, storage: OperatorStorage): Process {
  const { initial, certificate } = parts;
  // of our own, since callers can write to the public one
  const normalizer = parts.normalizer.slice();
  const stateDim = initial.length;
  const alphabet = Object.freeze([...parts.alphabet]);
  const scratch = new Float64Array(stateDim);
  const process: Process = {
    alphabet,
    stateDim,
    initial,
    normalizer: parts.normalizer,
    certificate,
    storage: Object.freeze(storage.description),
    step(belief, token, out) {
      if (token >>> 0 !== token || token >= alphabet.length) checkToken("Process.step", process, token);
      storage.apply(belief, token, scratch);
      const probability = dot(scratch, normalizer);
      if (!(probability > IMPOSSIBLE)) return 0;
      for (let s = 0; s < stateDim; s++) out[s] = (scratch[s] ?? 0) / probability;
      return probability;
    },
    operator(token) {
      checkToken("Process.operator", process, token);
      return storage.operator(token);
    },
  };
  return Object.freeze(process);
}
