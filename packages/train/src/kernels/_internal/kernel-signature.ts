/**
 * What an argument of a kernel is: an address (`buffer`; 0 = absent), an integer, a 32-bit float, or the distance between two copies of a
 * buffer (`stride`: elements in a plan; an engine that addresses bytes multiplies it by the element size).
 */
export type ArgumentKind = "buffer" | "int" | "float" | "stride";

/** The name of a kernel and its arguments in order, each with its kind: the contract between plans and engines. */
export interface KernelSignature {
  readonly name: string;
  readonly args: readonly (readonly [name: string, kind: ArgumentKind])[];
}
