import { dot } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";

/** Coordinates in which beliefs are equal if and only if they give all futures the same probabilities. */
export interface ObservableCoordinates {
  readonly dimension: number;
  /** Coordinates of a belief; the belief itself where all of its coordinates matter. */
  of(belief: Float64Array): Float64Array;
}

const known = new WeakMap<Process, ObservableCoordinates>();

/** Products of a belief with an orthonormal basis of `B = span { T^h w }`. */
export function observableCoordinates(process: Process): ObservableCoordinates {
  let coordinates = known.get(process);
  if (coordinates === undefined) {
    coordinates = findCoordinates(process);
    known.set(process, coordinates);
  }
  return coordinates;
}

function findCoordinates(process: Process): ObservableCoordinates {
  const basis = backwardBasis(process);
  const dimension = basis.length;
  if (dimension === process.stateDim) return { dimension, of: (belief) => belief };
  return { dimension, of: (belief) => Float64Array.from(basis, (vector) => dot(belief, vector)) };
}

/** Orthonormal basis of `B`, grown by one token at a time. */
function backwardBasis(process: Process): readonly Float64Array[] {
  const d = process.stateDim;
  const basis: Float64Array[] = [];
  const operators = process.alphabet.map((_, token) => process.operator(token));
  const add = (vector: Float64Array): void => {
    const size = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const overlap = dot(vector, b);
        for (let s = 0; s < d; s++) vector[s] = (vector[s] ?? 0) - overlap * (b[s] ?? 0);
      }
    }
    const rest = Math.sqrt(dot(vector, vector));
    if (rest > 1e-10 * size) basis.push(vector.map((value) => value / rest));
  };
  add(process.normalizer.slice());
  for (let i = 0; i < basis.length && basis.length < d; i++) {
    for (const operator of operators) {
      const image = new Float64Array(d);
      for (let s = 0; s < d; s++) image[s] = dot(operator.subarray(s * d, (s + 1) * d), basis[i] ?? image);
      add(image);
    }
  }
  return basis;
}
