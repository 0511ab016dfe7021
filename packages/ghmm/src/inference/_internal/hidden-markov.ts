import { readBelief } from "../../belief/token.ts";
import { allocate } from "../../numeric/allocate.ts";
import { UnsupportedError } from "../../numeric/errors.ts";
import type { Process } from "../../process/process.ts";

/** The numbers of an HMM, written out in one array so that loops over states and tokens need no calls. */
export interface HiddenMarkov {
  readonly stateDim: number;
  /** Number of tokens `V`. */
  readonly tokens: number;
  /** `[d]`. */
  readonly initial: Float64Array;
  /** `P(x, s' | s)`, row-major `[V, d, d]`. */
  readonly transitions: Float64Array;
}

/** Throws unless the process is known to be an HMM: what a signed process calls a state is no event with a probability. */
export function requireHmm(source: string, process: Process): void {
  if (process.certificate.kind === "hmm") return;
  throw new UnsupportedError({
    source,
    problem: `the certificate of the process is "${process.certificate.kind}", so it has no hidden states`,
    remedy: "Give an HMM (createHmm); tokenPosteriors and backwardVectors serve every process",
  });
}

/** The numbers of a process with certificate `hmm`; throws for any other. */
export function hiddenMarkov(source: string, process: Process): HiddenMarkov {
  requireHmm(source, process);
  // throws where the initial state is no distribution
  readBelief(source, process, process.initial);
  const { stateDim, initial } = process;
  const tokens = process.alphabet.length;
  const transitions = allocate(source, Float64Array, tokens * stateDim * stateDim);
  for (let x = 0; x < tokens; x++) transitions.set(process.operator(x), x * stateDim * stateDim);
  return { stateDim, tokens, initial: initial.slice(), transitions };
}
