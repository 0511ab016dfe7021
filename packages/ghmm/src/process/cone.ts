import { InvalidArgumentError, ShapeError, UnsupportedError } from "../numeric/errors.ts";
import { dot, vectorTimesMatrix } from "../numeric/matrix.ts";
import { nonNegativeLeastSquares } from "../numeric/non-negative-least-squares.ts";
import { IMPOSSIBLE } from "./process.ts";
import type { ProcessParts } from "./store.ts";
import { checkList, readVector, TOLERANCE } from "./validate.ts";

/** Multiplications that a check may take: a few seconds. */
const MOST_WORK = 2 ** 31;

const length = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));

/** The rays, scaled to length one. */
function readRays(source: string, rays: readonly ArrayLike<number>[], stateDim: number): readonly Float64Array[] {
  checkList(source, "certificate.rays", rays);
  if (rays.length === 0) {
    throw new ShapeError({
      source,
      problem: "certificate.rays is empty",
      remedy: "Give at least one ray: a cone without rays contains no state",
    });
  }
  return Array.from(rays, (given, i) => {
    const ray = readVector(source, `certificate.rays[${i}]`, given, stateDim);
    const size = length(ray);
    if (size > 0 && Number.isFinite(size)) return ray.map((value) => value / size);
    throw new InvalidArgumentError({
      source,
      problem: `certificate.rays[${i}] has length ${size}`,
      remedy: "Give rays that are not zero and whose squares are finite",
    });
  });
}

/**
 * Checks that the cone of `rays` proves the process valid: the initial state is in it, every operator maps each ray into it,
 * and no ray has a negative product with the normalizer. Distances are relative to the length of the vector, to 1e-9.
 *
 * @returns the rays, scaled to length one
 */
export function checkCone(
  source: string,
  { operators, initial, normalizer }: Pick<ProcessParts, "operators" | "initial" | "normalizer">,
  given: readonly ArrayLike<number>[],
): readonly Float64Array[] {
  const d = initial.length;
  const rays = readRays(source, given, d);
  const work = operators.length * rays.length * d ** 2 * (rays.length + d);
  if (work > MOST_WORK) {
    throw new UnsupportedError({
      source,
      problem: `checking ${rays.length} rays in ${d} dimensions takes about ${work} multiplications`,
      remedy: `Give a cone of fewer rays: at most ${MOST_WORK} multiplications are made`,
    });
  }
  const refuse = (problem: string): never => {
    throw new InvalidArgumentError({
      source,
      problem: `the cone of certificate.rays ${problem}`,
      remedy:
        "Give a cone that contains initial, that every operator maps into itself and where normalizer is not negative",
    });
  };
  const distance = (vector: Float64Array): number =>
    nonNegativeLeastSquares(rays, vector).residual / (length(vector) || 1);
  rays.forEach((ray, i) => {
    const product = dot(ray, normalizer);
    if (product < -TOLERANCE * length(normalizer)) {
      refuse(`has a ray with a negative normalizer: rays[${i}] . w is ${dot(given[i] ?? [], normalizer)}`);
    }
  });
  const outside = distance(initial);
  if (outside > TOLERANCE) refuse(`does not contain initial: it is ${outside} of its length away`);
  rays.forEach((ray, i) => {
    operators.forEach((operator, token) => {
      const image = new Float64Array(d);
      vectorTimesMatrix(ray, operator, d, image);
      // an image that is rounding beside its ray has no direction
      if (length(image) <= IMPOSSIBLE) return;
      const away = distance(image);
      if (away > TOLERANCE) refuse(`does not contain rays[${i}] T^${token}: it is ${away} of its length away`);
    });
  });
  return rays;
}
