import type { MixedStatePresentation, PresentationTransition } from "./mixed-state-presentation.ts";

/** A mixed-state presentation as JSON: plain numbers, strings and arrays. */
export interface PresentationJson {
  readonly format: "semifactor.mixed-state-presentation";
  /** Grows with every change that an older reader would misunderstand. */
  readonly version: 1;
  /** Names of the tokens. */
  readonly alphabet: readonly string[];
  /** Number of coordinates of a belief. */
  readonly stateDim: number;
  /** Whether every mixed state is there with its steps. */
  readonly complete: boolean;
  readonly tolerance: number;
  readonly mergeDistance: number;
  /** One object for each mixed state, the initial one first. */
  readonly states: readonly {
    readonly belief: readonly number[];
    /** Length of the shortest word that leads to it. */
    readonly depth: number;
    /** Whether its steps are listed. */
    readonly expanded: boolean;
    readonly recurrent: boolean;
  }[];
  /** Recurrent classes, by indices of states. */
  readonly classes: readonly (readonly number[])[];
  /** Steps, sorted by `from`, then `token`. */
  readonly transitions: readonly PresentationTransition[];
}

/** What the field `format` of a presentation says. */
export const PRESENTATION_FORMAT = "semifactor.mixed-state-presentation";

/**
 * A presentation as an object to write with `JSON.stringify`; numbers keep all their digits.
 *
 * @example
 * ```ts
 * import { goldenMean, mixedStatePresentation, presentationToJson } from "@semifactor/ghmm";
 *
 * const json = presentationToJson(mixedStatePresentation(goldenMean({ p: 0.5 })));
 * expect(json.version).toBe(1);
 * expect(json.states.map((state) => state.recurrent)).toEqual([false, true, true]);
 * expect(JSON.parse(JSON.stringify(json))).toEqual(json);
 * ```
 */
export function presentationToJson(presentation: MixedStatePresentation): PresentationJson {
  const { process, states, depth, expanded, recurrent } = presentation;
  return {
    format: PRESENTATION_FORMAT,
    version: 1,
    alphabet: process.alphabet,
    stateDim: process.stateDim,
    complete: presentation.complete,
    tolerance: presentation.tolerance,
    mergeDistance: presentation.mergeDistance,
    states: states.map((belief, i) => ({
      belief: Array.from(belief),
      depth: depth[i] ?? 0,
      expanded: expanded[i] ?? false,
      recurrent: recurrent[i] ?? false,
    })),
    classes: presentation.classes,
    transitions: presentation.transitions,
  };
}
