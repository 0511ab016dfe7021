import { createKey, normal } from "@semifactor/ghmm";
import {
  ccnrCriterion,
  concurrence,
  type Dimensions,
  entanglementOfFormation,
  linearEntropy,
  logNegativity,
  negativity,
  partialTrace,
  partialTranspose,
  pptCriterion,
  quantumMutualInformation,
  realignment,
  relativeEntropy,
  renyiEntropy,
  separability,
  vonNeumannEntropy,
} from "@semifactor/sfp";
import { seconds, takeTurns } from "../ghmm/timing.ts";
import { type PythonChild, startPython } from "../python-child.ts";

const TOLERANCE = 1e-9;

/** A complex density matrix over two factors. */
interface State {
  readonly dimensions: Dimensions;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

type Value = number | { readonly re: ArrayLike<number>; readonly im: ArrayLike<number> };

interface Measure {
  readonly name: string;
  /** The state it is measured on. */
  readonly state: "large" | "qubits";
  readonly calls: number;
  readonly run: (state: State, second: State) => Value;
}

/** A measure's seconds a call: ours, and QuTiP's where it has it. */
export interface MeasureRow {
  readonly measure: string;
  readonly size: number;
  readonly best: number;
  readonly median: number;
  readonly theirs?: { readonly best: number; readonly median: number };
  /** Their time over ours. */
  readonly ratio?: { readonly best: number; readonly median: number };
  /** Largest difference of the values. */
  readonly difference?: number;
}

export interface MeasureReport {
  /** Versions of the Python that answered, or why there is none. */
  readonly qutip?: { readonly python: string; readonly numpy: string; readonly qutip: string };
  readonly missing?: string;
  readonly rows: readonly MeasureRow[];
}

/** `G G* / tr`, with `G` complex Gaussian: of full rank. */
function randomState(dimensions: Dimensions, seed: number): State {
  const n = dimensions[0] * dimensions[1];
  const draws = normal(createKey(seed), 2 * n * n);
  const g = (part: 0 | 1, i: number, k: number): number => draws[part * n * n + i * n + k] ?? 0;
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  let trace = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        re[i * n + j] = (re[i * n + j] ?? 0) + g(0, i, k) * g(0, j, k) + g(1, i, k) * g(1, j, k);
        im[i * n + j] = (im[i * n + j] ?? 0) + g(1, i, k) * g(0, j, k) - g(0, i, k) * g(1, j, k);
      }
    }
    trace += re[i * n + i] ?? 0;
    im[i * n + i] = 0;
  }
  return { dimensions, re: re.map((value) => value / trace), im: im.map((value) => value / trace) };
}

const large = "large";
const MEASURES: readonly Measure[] = [
  { name: "vonNeumannEntropy", state: large, calls: 1, run: (rho) => vonNeumannEntropy(rho) },
  { name: "renyiEntropy", state: large, calls: 1, run: (rho) => renyiEntropy(rho, 2) },
  { name: "linearEntropy", state: large, calls: 20, run: (rho) => linearEntropy(rho) },
  { name: "negativity", state: large, calls: 1, run: (rho) => negativity(rho, rho.dimensions) },
  { name: "logNegativity", state: large, calls: 1, run: (rho) => logNegativity(rho, rho.dimensions) },
  {
    name: "quantumMutualInformation",
    state: large,
    calls: 1,
    run: (rho) => quantumMutualInformation(rho, rho.dimensions),
  },
  { name: "relativeEntropy", state: large, calls: 1, run: (rho, sigma) => relativeEntropy(rho, sigma) },
  {
    name: "partialTrace",
    state: large,
    calls: 20,
    run: (rho) => partialTrace(rho, rho.dimensions, { keep: "second" }),
  },
  { name: "partialTranspose", state: large, calls: 20, run: (rho) => partialTranspose(rho, rho.dimensions) },
  { name: "realignment", state: large, calls: 20, run: (rho) => realignment(rho, rho.dimensions) },
  { name: "pptCriterion", state: large, calls: 1, run: (rho) => pptCriterion(rho, rho.dimensions).value },
  { name: "ccnrCriterion", state: large, calls: 1, run: (rho) => ccnrCriterion(rho, rho.dimensions).value },
  {
    name: "separability",
    state: large,
    calls: 1,
    run: (rho) => (separability(rho, rho.dimensions).verdict === "entangled" ? 1 : 0),
  },
  { name: "concurrence", state: "qubits", calls: 100, run: (rho) => concurrence(rho) },
  { name: "entanglementOfFormation", state: "qubits", calls: 100, run: (rho) => entanglementOfFormation(rho) },
];

function flat(value: Value): readonly number[] {
  if (typeof value === "number") return [value];
  return Array.from(value.re).flatMap((re, i) => [re, value.im[i] ?? 0]);
}

interface Answer {
  readonly seconds: number;
  readonly value: readonly number[];
}

/** One measure here and there, in turns; their values have to agree. */
async function measureOne(
  { name, state, calls, run }: Measure,
  states: Readonly<Record<string, State>>,
  child: PythonChild | undefined,
  repetitions: number,
): Promise<MeasureRow> {
  const [rho, sigma] = [states[state], states.second];
  if (rho === undefined || sigma === undefined) throw new Error(`there is no state ${state}`);
  let value: Value = Number.NaN;
  let answer: Answer | undefined;
  const contenders = [
    {
      name: "ours",
      run: () =>
        seconds(() => {
          for (let call = 0; call < calls; call++) value = run(rho, sigma);
        }) / calls,
    },
  ];
  const theirs = {
    name: "QuTiP",
    run: async () => {
      answer = (await child?.ask({ measure: name, state, second: "second", calls })) as Answer;
      return answer.seconds;
    },
  };
  const [mine, peer] = await takeTurns(child === undefined ? contenders : [...contenders, theirs], repetitions);
  if (mine === undefined) throw new Error("nothing was measured");
  const size = rho.dimensions[0] * rho.dimensions[1];
  const row = { measure: name, size, best: mine.best, median: mine.median };
  if (peer === undefined || answer === undefined) return row;
  const here = flat(value);
  const difference = answer.value.reduce((worst, there, i) => Math.max(worst, Math.abs(there - (here[i] ?? NaN))), 0);
  if (!(difference <= TOLERANCE) || here.length !== answer.value.length) {
    throw new Error(`${name} differs from QuTiP by ${difference}`);
  }
  return {
    ...row,
    theirs: { best: peer.best, median: peer.median },
    ratio: { best: peer.best / mine.best, median: peer.median / mine.median },
    difference,
  };
}

/** Every measure on an 8 x 8 density matrix (64 x 64 entries), those of two qubits on 4 x 4, beside QuTiP where it can be had. */
export async function measureMeasures(repetitions: number): Promise<MeasureReport> {
  const states = {
    large: randomState([8, 8], 1),
    second: randomState([8, 8], 2),
    qubits: randomState([2, 2], 3),
  };
  const started = await startPython("sfp_measures.py", "/usr/bin/python3");
  const child = "missing" in started ? undefined : started;
  const rows: MeasureRow[] = [];
  try {
    const greeting = child?.greeting as
      | { python: string; numpy: string; qutip: string; measures: string[] }
      | undefined;
    await child?.ask({
      states: Object.fromEntries(
        Object.entries(states).map(([name, { dimensions, re, im }]) => [
          name,
          { dimensions, re: Array.from(re), im: Array.from(im) },
        ]),
      ),
    });
    for (const measure of MEASURES) {
      const both = greeting?.measures.includes(measure.name) === true;
      rows.push(await measureOne(measure, states, both ? child : undefined, repetitions));
    }
    if (greeting === undefined) return { missing: "missing" in started ? started.missing : "no answer", rows };
    const { python, numpy, qutip } = greeting;
    return { qutip: { python, numpy, qutip }, rows };
  } finally {
    child?.close();
  }
}
