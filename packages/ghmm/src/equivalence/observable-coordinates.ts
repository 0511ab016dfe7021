import { dot } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { backwardSpace } from "./krylov.ts";

/** Coordinates in which beliefs are equal if and only if they give all futures the same probabilities. */
export interface ObservableCoordinates {
  readonly dimension: number;
  /** Coordinates of a belief; the belief itself where all of its coordinates matter. */
  of(belief: Float64Array): Float64Array;
}

const known = new WeakMap<Process, ObservableCoordinates>();

/** Products of a belief with an orthonormal basis of the backward space, found at first use. */
export function observableCoordinates(process: Process): ObservableCoordinates {
  let coordinates = known.get(process);
  if (coordinates === undefined) {
    const { dimension, basis } = backwardSpace(process);
    coordinates =
      dimension === process.stateDim
        ? { dimension, of: (belief) => belief }
        : { dimension, of: (belief) => Float64Array.from(basis, (vector) => dot(belief, vector)) };
    known.set(process, coordinates);
  }
  return coordinates;
}
