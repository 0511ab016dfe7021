import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import type { HookPoint } from "./hook-points.ts";

/** Where an intervention acts. */
export interface InterventionPlace<H extends HookPoint = HookPoint> {
  readonly hook: H;
  /** Positions that are changed, `all` by default; query positions at an attention pattern. */
  readonly positions?: "all" | readonly number[];
  /** Sequences that are changed, `all` by default. */
  readonly rows?: "all" | readonly number[];
  /** At queries, keys, values and mixed values: the head whose vectors are meant; all heads side by side by default. */
  readonly head?: number;
}

/**
 * A change of an activation x at a hook point; vectors are as wide as the activation there ([dModel] in the residual stream, [nHeads dHead] at `hook_z`, [length] at
 * `hook_pattern`, [rank] at the hook point of an adapter), or [dHead] where a head is named.
 *
 * - add (the kind where none is given): x += scale vector
 * - project: x -= strength (x . r) r with the unit vector r along `direction` (strength 1 removes the component, 2 reflects it, -1 doubles it)
 * - clamp: x += strength (value - x . r) r: the component along r, or the coordinate, becomes `value`
 * - patch: x += strength (values - x), with the activation of another run, [count, ...] as it was captured
 * - scale: x_j *= factor for the given coordinates, or all (at the hook point of an adapter: scales its part in the output)
 */
export type Intervention<H extends HookPoint = HookPoint> =
  | (InterventionPlace<H> & {
      readonly kind?: "add";
      readonly vector: ArrayLike<number>;
      /** 1 by default. */
      readonly scale?: number;
    })
  | (InterventionPlace<H> & {
      readonly kind: "project";
      readonly direction: ArrayLike<number>;
      /** 1 by default. */
      readonly strength?: number;
    })
  | (InterventionPlace<H> & {
      readonly kind: "clamp";
      readonly value: number;
      /** Either a direction or the index of a coordinate. */
      readonly direction?: ArrayLike<number>;
      readonly coordinate?: number;
      /** 1 by default. */
      readonly strength?: number;
    })
  | (InterventionPlace<H> & {
      readonly kind: "patch";
      readonly values: ArrayLike<number>;
      /** 1 by default. */
      readonly strength?: number;
    })
  | (InterventionPlace<H> & {
      readonly kind: "scale";
      readonly factor: number;
      readonly coordinates?: readonly number[];
    });

/** An intervention in the numbers that the kernels take. */
export interface ResolvedIntervention {
  readonly hook: HookPoint;
  readonly kind: "add" | "project" | "clamp" | "patch" | "scale";
  /** `[width + 1]`, the last the target of `clamp`; for `patch` the values of all sequences. */
  readonly values: Float64Array;
  /** `[count, length]`: 0 where nothing changes. */
  readonly strength: Float64Array;
}

/** Sizes that an intervention must fit. */
export interface InterventionSizes {
  readonly count: number;
  readonly length: number;
  /** Groups (heads of a pattern) and width of the activation at the hook point. */
  readonly groups: number;
  readonly width: number;
  /** Width of a head where the hook point holds heads side by side, else undefined. */
  readonly headWidth: number | undefined;
}

function strengthOf(intervention: Intervention): number {
  switch (intervention.kind) {
    case "project":
    case "clamp":
    case "patch":
      return intervention.strength ?? 1;
    case "scale":
      return 1;
    default:
      return intervention.scale ?? 1;
  }
}

/** Whether an intervention of this strength leaves every activation as it is, bit for bit. */
export function isIdentity(intervention: Intervention): boolean {
  return strengthOf(intervention) === 0 || (intervention.kind === "scale" && intervention.factor === 1);
}

/**
 * Checks an intervention and writes it in the numbers that the kernels take.
 *
 * @throws InvalidArgumentError if a number is not finite, a direction is zero, or a position, row, head or coordinate does not exist
 * @throws ShapeError if a vector or the values of another run have another size
 */
export function resolveIntervention(
  source: string,
  intervention: Intervention,
  sizes: InterventionSizes,
): ResolvedIntervention {
  const { hook } = intervention;
  const { count, length, groups, width, headWidth } = sizes;
  const invalid = (problem: string, remedy: string): never => {
    throw new InvalidArgumentError({ source, problem: `${problem} at "${hook}"`, remedy });
  };
  const finite = (name: string, value: number): number =>
    Number.isFinite(value) ? value : invalid(`${name} is ${value}`, "Give a finite number");
  const indices = (name: string, given: "all" | readonly number[] | undefined, limit: number): readonly number[] => {
    if (given === undefined || given === "all") return Array.from({ length: limit }, (_, i) => i);
    checkList(source, `${name}s at "${hook}"`, given);
    for (const index of given) {
      if (!Number.isInteger(index) || index < 0 || index >= limit) {
        invalid(`${name} ${index}`, `Give integers from 0 to ${limit - 1}`);
      }
    }
    return given;
  };

  const { head } = intervention;
  if (head !== undefined && (headWidth === undefined || intervention.kind === "patch")) {
    invalid("a head", "Name a head at hook_q, hook_k, hook_v, hook_rot_q, hook_rot_k or hook_z, and not to patch");
  }
  const own = head === undefined ? width : (headWidth ?? width);
  const offset = head === undefined ? 0 : own * (indices("head", [head], width / own)[0] ?? 0);
  /** A vector of the activation's width with the given one at the head's place. */
  const place = (vector: ArrayLike<number>, name = "vector"): Float64Array => {
    checkList(source, `${name} at "${hook}"`, vector);
    if (vector.length !== own) {
      throw new ShapeError({
        source,
        problem: `${name} at "${hook}" has ${vector.length} elements`,
        remedy: `Give ${own}`,
      });
    }
    const placed = new Float64Array(width + 1);
    for (let i = 0; i < own; i++) placed[offset + i] = finite(`an element of ${name}`, vector[i] ?? Number.NaN);
    return placed;
  };
  const unit = (direction: ArrayLike<number>): Float64Array => {
    const placed = place(direction, "direction");
    const norm = Math.hypot(...placed);
    if (!(norm > 0)) invalid("the direction is zero", "Give a direction");
    return placed.map((value) => value / norm);
  };
  const basis = (coordinates: readonly number[], value: number): Float64Array => {
    const placed = new Float64Array(own);
    for (const i of indices("coordinate", coordinates, own)) placed[i] = value;
    return place(placed);
  };

  const values = ((): Float64Array => {
    switch (intervention.kind) {
      case undefined:
      case "add":
        return place(intervention.vector);
      case "project":
        return unit(intervention.direction);
      case "clamp": {
        const { direction, coordinate } = intervention;
        if ((direction === undefined) === (coordinate === undefined)) {
          invalid("a clamp", "Give either a direction or a coordinate");
        }
        const clamped = coordinate === undefined ? unit(direction ?? []) : basis([coordinate], 1);
        clamped[width] = finite("value", intervention.value);
        return clamped;
      }
      case "patch": {
        checkList(source, `values at "${hook}"`, intervention.values);
        const expected = count * groups * length * width;
        if (intervention.values.length !== expected) {
          throw new ShapeError({
            source,
            problem: `the values at "${hook}" are ${intervention.values.length} numbers`,
            remedy: `Give the activation of a run on as many sequences of this length: ${expected}`,
          });
        }
        return Float64Array.from(intervention.values, (value) => finite("a value of the other run", value));
      }
      case "scale": {
        const factor = finite("factor", intervention.factor);
        return basis(intervention.coordinates ?? Array.from({ length: own }, (_, i) => i), factor - 1);
      }
      default:
        return invalid(
          `an intervention of the kind ${JSON.stringify((intervention as { readonly kind: unknown }).kind)}`,
          "Use add, project, clamp, patch or scale",
        );
    }
  })();
  const strength = new Float64Array(count * length);
  const size = finite(
    intervention.kind === undefined || intervention.kind === "add" ? "scale" : "strength",
    strengthOf(intervention),
  );
  const positions = indices("position", intervention.positions, length);
  for (const row of indices("row", intervention.rows, count)) {
    for (const position of positions) strength[row * length + position] = size;
  }
  return { hook, kind: intervention.kind ?? "add", values, strength };
}
