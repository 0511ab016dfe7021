import type { Process } from "@semifactor/ghmm";
import {
  type BlockDefinition,
  type ComplexMatrix,
  type DensityMatrix,
  type Dimensions,
  type Partition,
  type PerFactor,
  partition,
  type Sectors,
  type SemiFactoredProcess,
  semiFactored,
  type TensorStructure,
  tensorStructure,
} from "@semifactor/sfp";
import type { Input } from "../input.ts";
import { type Json, type JsonObject, rows } from "../vector.ts";

export const numbers = (values: ArrayLike<number>): number[] => Array.from(values);

/** A number, or the string that stands for an infinite one. */
export const number = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** The factors of `dimensions`, called 0, 1 and so on, with the normalizers given. */
export function structureOf(input: Input): TensorStructure {
  const normalizers = input.has("normalizers") ? input.matrix("normalizers") : [];
  const factors = input.numbers("dimensions").map((dimension, n) => {
    const normalizer = normalizers[n];
    return { name: String(n), dimension, ...(normalizer === undefined ? {} : { normalizer }) };
  });
  return tensorStructure({ factors: factors as unknown as PerFactor<(typeof factors)[number]> });
}

/** The partition of `blocks`, of the sectors given. */
export function partitionOf(input: Input): Partition {
  const sectors = input.raw.sectors as unknown as PerFactor<Sectors> | undefined;
  const blocks = input.raw.blocks as unknown as BlockDefinition;
  return partition({ structure: structureOf(input), blocks, ...(sectors === undefined ? {} : { sectors }) });
}

/** The process with its partition. */
export function semiFactoredOf(input: Input): SemiFactoredProcess {
  const blocks = partitionOf(input);
  const process: Process = input.process();
  return semiFactored({ process, structure: blocks.structure, blocks, ...input.given("tolerance") });
}

/** Joint states of every block. */
export const statesOf = ({ blocks }: Partition): Json => blocks.map(({ states }) => states);

export function dimensionsOf(input: Input): Dimensions {
  return input.numbers("dimensions") as unknown as Dimensions;
}

/** A matrix of rows, with its imaginary part if there is one. */
export function densityOf(input: Input, name = "density"): DensityMatrix {
  const re = input.matrix(name).flat();
  return input.has("imaginary") && name === "density" ? { re, im: input.matrix("imaginary").flat() } : re;
}

const isComplex = (rho: ArrayLike<number> | ComplexMatrix): rho is ComplexMatrix => "re" in rho;

/** A row-major matrix as rows of `width` numbers; the imaginary part beside it. */
export function matrixOf(rho: ArrayLike<number> | ComplexMatrix, width?: number): JsonObject {
  const of = (part: ArrayLike<number>) => rows(part, width ?? Math.sqrt(part.length));
  return isComplex(rho) ? { density: of(rho.re), imaginary: of(rho.im) } : { density: of(rho) };
}
