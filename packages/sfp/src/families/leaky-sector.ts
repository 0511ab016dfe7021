import type { Process } from "@semifactor/ghmm";
import { checkRange } from "../_internal/checks.ts";
import { type Partition, partition } from "../structure/partition.ts";
import type { TensorStructure } from "../structure/tensor-structure.ts";
import { type PersonaZ1rOptions, personaZ1rParameters, personaZ1rProcess, personaZ1rStructure } from "./persona-z1r.ts";

/** Options of {@link leakySector}. */
export interface LeakySectorOptions extends PersonaZ1rOptions {
  /** Probability that the persona is redrawn when the phase leaves SR, 0 to 1. */
  readonly leak: number;
}

/** A process with a tensor structure whose sectors are not closed. */
export interface LeakySector {
  readonly process: Process;
  readonly structure: TensorStructure;
  /** The sectors that would be blocks at leak 0. */
  readonly partition: Partition;
  /** Number of tokens of each part of a token: marked bit and capability bit. */
  readonly tokenSizes: readonly number[];
}

/**
 * The persona of {@link personaZ1r} made forgetful: its label is redrawn uniformly among the N personas with probability lambda =
 * `leak` at every step out of SR.
 *
 * The non-persistent control of a semi-factored process. At the `semi` parameters `max |P_beta T^x - T^x P_beta| = 0.3 lambda`,
 * and the effect of setting the persona decays as `(1 - lambda)^(visits to SR)` (T28), for any number of personas. Only lambda = 0
 * is semi-factored; lambda = 1 draws a new persona every period.
 *
 * @throws InvalidArgumentError if an option is out of range; NotNormalizedError if the weights do not sum to one
 * @example
 * ```ts
 * import { families, semiFactored } from "@semifactor/sfp";
 *
 * const { process, structure } = families.leakySector({ leak: 0.1 });
 * expect(() => semiFactored({ process, structure, blocks: "sectors" })).toThrow("joins block 0 with block 1");
 * ```
 */
export function leakySector(options: LeakySectorOptions): LeakySector {
  const { leak, ...rest } = options;
  checkRange("leakySector", "leak", leak, 0, 1);
  const parameters = personaZ1rParameters("leakySector", rest);
  const structure = personaZ1rStructure(parameters.weights.length);
  return {
    process: personaZ1rProcess(parameters, leak),
    structure,
    partition: partition({ structure, blocks: "sectors" }),
    tokenSizes: [2, 2],
  };
}
