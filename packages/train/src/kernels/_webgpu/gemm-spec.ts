/** A factor of a product as WGSL reads it: element (outer o, inner k) of the buffer is at o * outer + k * inner. */
export interface GemmFactor {
  /** Name of the buffer argument. */
  readonly buffer: string;
  /** Distance between two rows of the left factor or two columns of the right one, a WGSL expression; `1u` where they are neighbours. */
  readonly outer: string;
  /** Distance between two terms of the sum; `1u` where they are neighbours. */
  readonly inner: string;
}

/** A product c [m, n] = sum_k left(m, k) right(k, n) in WGSL; the sizes are expressions. */
export interface GemmSpec {
  readonly m: string;
  readonly n: string;
  readonly k: string;
  readonly left: GemmFactor;
  readonly right: GemmFactor;
  /** Body of `fn finish(row: u32, column: u32, sum: f32)`, which takes an element of the product; `undefined` if the product is not wanted. */
  readonly finish: string | undefined;
  /** Sums over k of one factor for each of its outer indices, taken by the body of `fn finish_sum(outer: u32, sum: f32)`. */
  readonly sums?: { readonly of: "left" | "right"; readonly finish: string };
}

/** Rows m and columns n of the product of one call. */
export interface GemmSizes {
  readonly m: number;
  readonly n: number;
}

/** One way to compute products, as the parts of a kernel. */
export interface GemmTiling {
  readonly workgroupSize: number;
  /** Number of workgroups, numbered by `flat_group(group)`. */
  count(sizes: GemmSizes): number;
  declarations(spec: GemmSpec): string;
  body(spec: GemmSpec): string;
}

/** WGSL of the element (outer, inner) of a factor. */
export function factorAt({ buffer, outer, inner }: GemmFactor, outerIndex: string, innerIndex: string): string {
  const term = (index: string, stride: string): string => (stride === "1u" ? index : `${index} * ${stride}`);
  return `${buffer}_at(${term(outerIndex, outer)} + ${term(innerIndex, inner)})`;
}

/** The functions that take the results of a product. */
export function finishFunctions({ finish, sums }: GemmSpec): string {
  return [
    finish === undefined ? "" : `fn finish(row: u32, column: u32, sum: f32) {\n${finish}\n}`,
    sums === undefined ? "" : `fn finish_sum(outer: u32, sum: f32) {\n${sums.finish}\n}`,
  ].join("\n");
}
