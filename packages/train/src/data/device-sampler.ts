/**
 * A hidden Markov model in the form that engines sample: integer thresholds over (token, next state), one row per state and one more, the last, for the initial state.
 *
 * State s has the outcomes rowStart[s] <= o < rowStart[s + 1]; a word u selects the first of them with (u xor 2^31, signed) <= last[o], which emits token[o] and leads to
 * next[o]. Word t of sequence i is half t mod 2 of the threefry block (i, t div 2) of a key; word 0 picks the initial state and emits nothing. Batch `step` holds the
 * sequences from `firstIndex` on, so an engine that follows this draws the tokens of `batch(step)`, bit for bit.
 */
export interface DeviceSampler {
  /** `[states + 2]`: first outcome of each row and, last, the number of outcomes. */
  readonly rowStart: Int32Array;
  /** `[outcomes]`: the largest word that selects an outcome, with its top bit flipped so that signed comparison orders it. */
  readonly last: Int32Array;
  /** `[outcomes]` */
  readonly token: Int32Array;
  /** `[outcomes]`: the state that follows. */
  readonly next: Int32Array;
  readonly states: number;
  /** The token at the front of every sequence, -1 for none. */
  readonly bos: number;
  /** Key and index of the first sequence of the batch of a step, as unsigned 32-bit integers. */
  source(step: number): readonly [k0: number, k1: number, firstIndex: number];
}
