import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import type { TransformerConfig } from "../model/config.ts";
import type { LoraAdapter } from "../model/lora-adapter.ts";
import { elementCount, type ParameterSpec, parameterSpecs, separateHeads } from "../model/parameters.ts";
import type { WeightArray } from "../model/transformer.ts";

/** Elements are padded to a multiple of this, so that every parameter starts on a 64-byte boundary in f32. */
const alignment = 16;

/** Smallest multiple of the alignment that holds `count` elements. */
export function padded(count: number): number {
  return Math.ceil(count / alignment) * alignment;
}

/** Where each parameter lies in the one flat vector of a model. */
export interface ParameterLayout {
  readonly length: number;
  readonly entries: ReadonlyMap<string, ParameterEntry>;
}

/** A parameter and its place in the flat vector. */
export interface ParameterEntry extends ParameterSpec {
  readonly offset: number;
  readonly count: number;
  /** Heads of a `W_Q`, `W_K` or `W_V`, stored as [dModel, heads*dHead] (TransformerLens: [heads, dModel, dHead]); 1 elsewhere, stored as it is. */
  readonly interleavedHeads: number;
}

/** Lays out the parameters of a model: matrices first, then vectors, each in canonical order, so that weight decay is one contiguous range. */
export function parameterLayout(config: TransformerConfig, adapters: readonly LoraAdapter[]): ParameterLayout {
  const specs = parameterSpecs(config, adapters);
  const entries = new Map<string, ParameterEntry>();
  let offset = 0;
  for (const kind of ["matrix", "vector"] as const) {
    for (const spec of specs.filter((candidate) => candidate.kind === kind)) {
      const count = elementCount(spec.shape);
      const interleavedHeads = separateHeads(config, spec.name);
      entries.set(spec.name, { ...spec, offset, count, interleavedHeads });
      offset += padded(count);
    }
  }
  return { length: offset, entries };
}

/** Place, relative to the start of the parameter in the flat vector, of element `index` of the TransformerLens array. */
function storedIndex({ interleavedHeads: heads, shape }: ParameterEntry, index: number): number {
  if (heads === 1) return index;
  const [, d = 1, dh = 1] = shape;
  const head = Math.floor(index / (d * dh));
  const row = Math.floor(index / dh) % d;
  return row * heads * dh + head * dh + (index % dh);
}

/**
 * Copies weights into the flat vector.
 *
 * @throws InvalidArgumentError if a parameter is missing, unknown or not finite; ShapeError if one has the wrong number of elements
 */
export function packParameters(
  layout: ParameterLayout,
  weights: ReadonlyMap<string, WeightArray>,
  source: string,
): Float64Array {
  for (const name of weights.keys()) {
    if (layout.entries.has(name)) continue;
    throw new InvalidArgumentError({
      source,
      problem: `the model has no parameter "${name}"`,
      remedy: `Remove it; the parameters are ${[...layout.entries.keys()].join(", ")}`,
    });
  }
  const given = [...layout.entries.values()].map((entry) => {
    const values = weights.get(entry.name);
    if (values === undefined) {
      throw new InvalidArgumentError({
        source,
        problem: `the weights of "${entry.name}" are missing`,
        remedy: `Give an array of shape [${entry.shape.join(", ")}]`,
      });
    }
    if (values.length !== entry.count) {
      throw new ShapeError({
        source,
        problem: `"${entry.name}" has ${values.length} elements`,
        remedy: `Give ${entry.count}: [${entry.shape.join(", ")}]`,
      });
    }
    return { entry, values };
  });
  const flat = new Float64Array(layout.length);
  for (const { entry, values } of given) {
    for (let i = 0; i < entry.count; i++) {
      const value = values[i] ?? Number.NaN;
      if (!Number.isFinite(value)) {
        throw new InvalidArgumentError({
          source,
          problem: `"${entry.name}" has the value ${value} at index ${i}`,
          remedy: "Give finite weights; look for where the model became non-finite",
        });
      }
      flat[entry.offset + storedIndex(entry, i)] = value;
    }
  }
  return flat;
}

/** The inverse of {@link packParameters}, in the precision of `flat`. */
export function unpackParameters(layout: ParameterLayout, flat: WeightArray): Map<string, WeightArray> {
  const weights = new Map<string, WeightArray>();
  for (const entry of layout.entries.values()) {
    const values = flat instanceof Float32Array ? new Float32Array(entry.count) : new Float64Array(entry.count);
    for (let i = 0; i < entry.count; i++) values[i] = flat[entry.offset + storedIndex(entry, i)] ?? Number.NaN;
    weights.set(entry.name, values);
  }
  return weights;
}
