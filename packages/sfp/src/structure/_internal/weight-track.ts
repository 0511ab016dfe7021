import { InvalidArgumentError } from "@semifactor/ghmm";

/** One digit of the exponents: weights are `mantissa * 2^(-256 shift)`. */
const DIGIT = 2 ** 256;
const LOG_DIGIT = 256 * Math.LN2;
/** A weight with this shift or more is below the smallest double. */
const VANISHED = 5;
const SCALES = Float64Array.from({ length: VANISHED + 1 }, (_, shift) => 2 ** (-256 * shift));

/** `value` raised by whole digits until it is no smaller than one digit below 1, unless it is zero; counted in `shift[beta]`. */
function raised(value: number, shift: Int32Array, beta: number): number {
  let mantissa = value;
  while (mantissa !== 0 && Math.abs(mantissa) < 1 / DIGIT) {
    mantissa *= DIGIT;
    shift[beta] = (shift[beta] ?? 0) + 1;
  }
  return mantissa;
}

/** Weights that move by Bayes' rule, each with an exponent of its own: none vanishes by underflow. */
export class WeightTrack {
  readonly #source: string;
  readonly #initial: Float64Array;
  readonly #initialShift: Int32Array;
  readonly #mantissa: Float64Array;
  readonly #shift: Int32Array;

  /** @param initial - `[blocks]`, sum one */
  constructor(source: string, initial: Float64Array) {
    this.#source = source;
    this.#initial = initial.slice();
    this.#initialShift = new Int32Array(initial.length);
    for (let beta = 0; beta < initial.length; beta++) {
      this.#initial[beta] = raised(initial[beta] ?? 0, this.#initialShift, beta);
    }
    this.#mantissa = this.#initial.slice();
    this.#shift = this.#initialShift.slice();
  }

  reset(): void {
    this.#mantissa.set(this.#initial);
    this.#shift.set(this.#initialShift);
  }

  /** Whether a weight is not exactly zero. */
  isAlive(beta: number): boolean {
    return this.#mantissa[beta] !== 0;
  }

  #weight(beta: number): number {
    const shift = this.#shift[beta] ?? 0;
    const mantissa = this.#mantissa[beta] ?? 0;
    return shift === 0 ? mantissa : mantissa * (SCALES[Math.min(shift, VANISHED)] ?? 0);
  }

  /** Multiplies the weights by the likelihoods and normalises them; returns the probability `sum omega_beta P_beta`. */
  update(likelihood: Float64Array): number {
    const mantissa = this.#mantissa;
    const shift = this.#shift;
    let probability = 0;
    for (let beta = 0; beta < mantissa.length; beta++) probability += this.#weight(beta) * (likelihood[beta] ?? 0);
    const scale = 1 / probability;
    for (let beta = 0; beta < mantissa.length; beta++) {
      // neither is smaller than a digit, so their product does not underflow
      let m = (mantissa[beta] ?? 0) * raised((likelihood[beta] ?? 0) * scale, shift, beta);
      const size = Math.abs(m);
      if (size < 1 / DIGIT && size > 0) {
        m *= DIGIT;
        shift[beta] = (shift[beta] ?? 0) + 1;
      } else if (size > 1 && (shift[beta] ?? 0) > 0) {
        m /= DIGIT;
        shift[beta] = (shift[beta] ?? 0) - 1;
      }
      mantissa[beta] = m;
    }
    return probability;
  }

  writeWeights(out: Float64Array, at: number): void {
    for (let beta = 0; beta < this.#mantissa.length; beta++) out[at + beta] = this.#weight(beta);
  }

  writeLogWeights(out: Float64Array, at: number): void {
    for (let beta = 0; beta < this.#mantissa.length; beta++) {
      const mantissa = this.#mantissa[beta] ?? 0;
      if (mantissa < 0) {
        throw new InvalidArgumentError({
          source: this.#source,
          problem: `block ${beta} has weight ${this.#weight(beta)}`,
          remedy: "Ask for no logarithms of the weights of this signed process",
        });
      }
      out[at + beta] = Math.log(mantissa) - (this.#shift[beta] ?? 0) * LOG_DIGIT;
    }
  }
}
