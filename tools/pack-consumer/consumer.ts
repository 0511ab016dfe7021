/** A user's first program, compiled and run against the packed packages: one real call into each of them. */
import { fitProbe } from "@semifactor/diagnostics";
import { beliefState, createKey, filterBeliefs, sampleSequences, zeroOneRandom } from "@semifactor/ghmm";
import { families } from "@semifactor/sfp";
import { createEngine, createTransformer, run, tokenArraySource, train } from "@semifactor/train";

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`consumer: ${what}`);
}

const process = zeroOneRandom({ p: 0.5 });
const [zero = 0, one = 0, random = 0] = beliefState(process, [1, 0]);
check(Math.abs(zero - 0.5) + Math.abs(one - 0.5) + random < 1e-12, "the belief of Z1R after 10 is (1/2, 1/2, 0)");

const { vocabularySize, length } = families.personaSegments({ code: "pairs" });
check(vocabularySize === 37 && length === 21, "the study has 37 tokens and sequences of 21");

const batch = sampleSequences(process, { key: createKey(0), count: 64, length: 9 });
const source = tokenArraySource({
  tokens: batch.tokens,
  length: 8,
  vocabularySize: 2,
  batchSize: 16,
  key: createKey(1),
});
const untrained = createTransformer({ nLayers: 1, dModel: 16, nHeads: 2, nCtx: 8, vocabularySize: 2 });
const engine = await createEngine({ device: "wasm", threads: 2 });
const { model, state } = await train({
  model: untrained,
  source,
  engine,
  steps: 40,
  optimizer: { learningRate: 0.01 },
});
const [first = 0, last = 0] = [state.history.loss.at(0), state.history.loss.at(-1)];
check(last < first, `training lowers the loss (${first} -> ${last})`);

const tokens = new Int32Array(64 * 8);
for (let row = 0; row < 64; row++) tokens.set(batch.tokens.subarray(row * 9, row * 9 + 8), row * 8);
const hook = "blocks.0.hook_resid_post";
const { captured } = await run(model, { engine, tokens, length: 8, capture: [hook] });
await engine.dispose();

const { beliefs } = filterBeliefs(process, { tokens, count: 64, length: 8 });
const after = Float64Array.from({ length: 64 * 8 * 3 }, (_, i) => beliefs[i + 3 * (Math.floor(i / 24) + 1)] ?? 0);
const probe = fitProbe({
  activations: captured[hook].values,
  targets: after,
  dimension: 16,
  shuffles: 2,
});
check(Number.isFinite(probe.r2), "the probe has a score");

console.log({ engine: engine.variant, loss: [first, last], r2: probe.r2 });
