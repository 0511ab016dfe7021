import { ShapeError } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import type { Engine } from "../../engines/engine.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { directTransformer } from "../../model/_testing/direct-transformer.ts";
import { randomModel } from "../../model/_testing/random-model.ts";
import { rowLosses } from "./row-losses.ts";

const model = randomModel();
const engine = createReferenceEngine();
const length = 3;
const count = 65;
const tokens = Int32Array.from({ length: count * (length + 1) }, (_, i) => (i * i + (i >> 3)) % 3);

/** -ln p of the targets of sequence b, by the direct evaluation. */
function direct(b: number): readonly number[] {
  const sequence = Array.from(tokens.subarray(b * (length + 1), (b + 1) * (length + 1)));
  return directTransformer(model, sequence.slice(0, length)).logits.map((row, t) => {
    const normalizer = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return normalizer - (row[sequence[t + 1] ?? 0] ?? Number.NaN);
  });
}

test("-ln p of every target, also in the last, padded chunk", async () => {
  const losses = await rowLosses("test", model, { tokens, length, engine });
  expect(losses.length).toBe(count * length);
  for (let b = 0; b < count; b++) {
    for (const [t, loss] of direct(b).entries()) expect(losses[b * length + t]).toBeCloseTo(loss, 12);
  }
});

test("0 where a target is not scored, the others unchanged", async () => {
  const lossMask = Uint8Array.from({ length: count * length }, (_, i) => (i % 4 === 1 ? 0 : 1));
  const all = await rowLosses("test", model, { tokens, length, engine });
  const some = await rowLosses("test", model, { tokens, length, lossMask, engine });
  expect([...some]).toEqual([...all].map((loss, i) => (i % 4 === 1 ? 0 : loss)));
});

test("an engine whose downloads are promises gives the same", async () => {
  const late: Engine = {
    ...engine,
    execute: async (plan, phase) => engine.execute(plan, phase),
    download: async (plan, buffer, out) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return engine.download(plan, buffer, out);
    },
  };
  expect(await rowLosses("test", model, { tokens, length, engine: late })).toEqual(
    await rowLosses("test", model, { tokens, length, engine }),
  );
});

test("refusals name the caller", async () => {
  const attempt = (extra: object) => rowLosses("caller", model, { tokens, length, engine, ...extra });
  await expect(attempt({ tokens: new Int32Array(5) })).rejects.toThrow(ShapeError);
  await expect(attempt({ lossMask: new Uint8Array(2) })).rejects.toThrow(/^caller: lossMask has 2 entries/);
  await expect(attempt({ tokens: Int32Array.of(0, 0, 0, 4) })).rejects.toThrow(/^caller: target 4/);
});
