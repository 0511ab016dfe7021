import { createHmm, UnsupportedError } from "@semifactor/ghmm";
import { type SemiFactoredProcess, semiFactored } from "../../structure/semi-factored.ts";
import { tensorStructure } from "../../structure/tensor-structure.ts";
import { writeEmission } from "./code.ts";
import { capabilityRate, type PersonaSegments } from "./definition.ts";

const LARGEST_DIMENSION = 1024;
/** Entries of all operators together: a quarter of a gigabyte, needed twice. */
const LARGEST_SIZE = 2 ** 25;

function tokenNames({ code, outputSize, contexts }: PersonaSegments): readonly string[] {
  const emission = (token: number) => `${code === "direct" ? "d" : "s"}${token >> 1}y${token & 1}`;
  return [
    ...Array.from({ length: outputSize }, (_, token) => emission(token)),
    ...Array.from({ length: contexts }, (_, c) => `c${c}`),
  ];
}

function refuse(problem: string, remedy: string): never {
  throw new UnsupportedError({ source: "personaSegmentsSemiFactored", problem, remedy });
}

/**
 * The shared persona (`sharing` 1) as a semi-factored process over all tokens but BOS, with one block per persona.
 *
 * Structure: persona (2) (x) capability, where the capability register counts: `[boundary, phase]` (3 states, waiting for a context token),
 * then `[context, emission index, phase]`, so `3 + 3 K emissions` states. The phase survives the boundary. `T^x` is `sum_d T_A^(d) (x) T_C`:
 * one term in the direct code (a tensor product), two in the pairs code, where a symbol is "aligned" in one context and "misaligned" in
 * another. Context tokens are iid uniform and segments go on without end, that is `perSequence = contexts`; which contexts a sequence visits
 * has no influence on any belief about persona and phase.
 *
 * @throws UnsupportedError if `sharing` is not 1, or there are more than 1024 states or 2^25 entries in all operators
 * @example
 * ```ts
 * import { families, personaSegmentsSemiFactored } from "@semifactor/sfp";
 *
 * const process = personaSegmentsSemiFactored(families.personaSegments({ code: "pairs", contexts: 3 }));
 * expect([process.kind, process.stateDim, process.partition.blocks.length]).toEqual(["sector", 2 * (3 + 36), 2]);
 * ```
 */
export function personaSegmentsSemiFactored(process: PersonaSegments): SemiFactoredProcess {
  const { contexts, emissions, noise, misaligned, outputSize } = process;
  const dC = 3 + 3 * contexts * emissions;
  const d = 2 * dC;
  if (process.sharing !== 1) {
    refuse(
      `sharing is ${process.sharing}`,
      "Use sharing 1: other processes have 2^contexts assignments and no two-dimensional persona factor",
    );
  }
  if (d > LARGEST_DIMENSION || (outputSize + contexts) * d ** 2 > LARGEST_SIZE) {
    refuse(
      `the process has ${d} states and ${outputSize + contexts} tokens`,
      `Use contexts and emissions that give at most ${LARGEST_DIMENSION} states and ${LARGEST_SIZE} entries in all operators`,
    );
  }
  const operators = Array.from({ length: outputSize + contexts }, () =>
    Array.from({ length: d }, () => new Float64Array(d)),
  );
  const set = (token: number, row: number, column: number, value: number): void => {
    const entries = operators[token]?.[row];
    if (entries !== undefined) entries[column] = (entries[column] ?? 0) + value;
  };
  const inside = (context: number, emitted: number, phase: number) => 3 + 3 * (context * emissions + emitted) + phase;
  for (let persona = 0; persona < 2; persona++) {
    for (let context = 0; context < contexts; context++) {
      for (let phase = 0; phase < 3; phase++) {
        set(outputSize + context, persona * dC + phase, persona * dC + inside(context, 0, phase), 1 / contexts);
        const rate = capabilityRate(process, context, phase);
        for (let emitted = 0; emitted < emissions; emitted++) {
          const after = (phase + 1) % 3;
          const to = emitted === emissions - 1 ? after : inside(context, emitted + 1, after);
          for (let outcome = 0; outcome < 4; outcome++) {
            const [bit, y] = [outcome >> 1, outcome & 1];
            const probability = (bit === persona ? 1 - noise : noise) * (y === 1 ? rate : 1 - rate);
            const token = writeEmission(process, context, bit, y);
            set(token, persona * dC + inside(context, emitted, phase), persona * dC + to, probability);
          }
        }
      }
    }
  }
  const initial = new Float64Array(d);
  for (let phase = 0; phase < 3; phase++) {
    initial[phase] = (1 - misaligned) / 3;
    initial[dC + phase] = misaligned / 3;
  }
  return semiFactored({
    process: createHmm({ operators, initial, alphabet: tokenNames(process) }),
    structure: tensorStructure({
      factors: [
        { name: "persona", dimension: 2 },
        { name: "capability", dimension: dC },
      ],
    }),
    blocks: "sectors",
  });
}
