import { emissionVectors } from "../../belief/update.ts";
import type { Process } from "../../process/process.ts";

/** Largest difference of two probabilities that count as equal. */
const EQUAL = 1e-10;

/** The one state that follows each state and token, `[d, V]`, -1 where the token is impossible; or a state and token with two. */
function successors(process: Process): Int32Array | { readonly state: number; readonly token: number } {
  const [d, tokens] = [process.stateDim, process.alphabet.length];
  const next = new Int32Array(d * tokens).fill(-1);
  for (let token = 0; token < tokens; token++) {
    const operator = process.operator(token);
    for (let at = 0; at < d * d; at++) {
      if ((operator[at] ?? 0) <= 0) continue;
      const state = Math.floor(at / d);
      if ((next[state * tokens + token] ?? -1) >= 0) return { state, token };
      next[state * tokens + token] = at % d;
    }
  }
  return next;
}

/** Class of every state such that states of one class give all words the same probabilities; for a unifilar HMM. */
function futureClasses(process: Process, next: Int32Array): Int32Array {
  const [d, tokens] = [process.stateDim, process.alphabet.length];
  const emission = emissionVectors(process);
  const sameNow = (a: number, b: number): boolean =>
    emission.every((vector) => Math.abs((vector[a] ?? 0) - (vector[b] ?? 0)) <= EQUAL);
  const classOf = new Int32Array(d).map((_, s) => {
    for (let earlier = 0; earlier < s; earlier++) if (sameNow(earlier, s)) return earlier;
    return s;
  });
  // split classes by the classes of the successors until nothing changes: at most d times
  for (let changed = true; changed; ) {
    changed = false;
    const before = classOf.slice();
    const goal = (s: number, x: number): number => {
      const to = next[s * tokens + x] ?? -1;
      return to < 0 ? -1 : (before[to] ?? -1);
    };
    const first = new Map<string, number>();
    for (let s = 0; s < d; s++) {
      let signature = `${before[s]}`;
      for (let x = 0; x < tokens; x++) signature += `,${goal(s, x)}`;
      const known = first.get(signature);
      if (known === undefined) first.set(signature, s);
      const label = known ?? s;
      if (label !== classOf[s]) changed = true;
      classOf[s] = label;
    }
  }
  return classOf;
}

/** Why the states of a process are not its causal states; `undefined` if they are: a unifilar HMM with distinct futures. */
export function whyNotCausalStates(process: Process): string | undefined {
  const { kind } = process.certificate;
  if (kind !== "hmm") return `the process is no hidden Markov model: its certificate is "${kind}"`;
  const next = successors(process);
  if (!(next instanceof Int32Array)) {
    return `the model is not unifilar: token ${next.token} leads from state ${next.state} to several states`;
  }
  const classOf = futureClasses(process, next);
  const twin = classOf.findIndex((label, s) => label !== s);
  return twin < 0 ? undefined : `states ${classOf[twin]} and ${twin} give all futures the same probabilities`;
}
