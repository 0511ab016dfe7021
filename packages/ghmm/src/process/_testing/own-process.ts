import type { Certificate, Process } from "../process.ts";

/** A process as a user may write it: a class with private fields, getters and methods on the prototype, and no storage. */
export class OwnProcess implements Process {
  readonly #inner: Process;

  constructor(inner: Process) {
    this.#inner = inner;
  }
  get alphabet(): readonly string[] {
    return this.#inner.alphabet;
  }
  get stateDim(): number {
    return this.#inner.stateDim;
  }
  get initial(): Float64Array {
    return this.#inner.initial;
  }
  get normalizer(): Float64Array {
    return this.#inner.normalizer;
  }
  get certificate(): Certificate {
    return this.#inner.certificate;
  }
  step(belief: ArrayLike<number>, token: number, out: Float64Array): number {
    return this.#inner.step(belief, token, out);
  }
  operator(token: number): Float64Array {
    return this.#inner.operator(token);
  }
}
