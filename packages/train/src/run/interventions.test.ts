import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { createWasmEngine } from "../engines/wasm/index.ts";
import { largestError } from "../kernels/_testing/named-call.ts";
import { architectures } from "../model/_testing/architectures.ts";
import { directTransformer, type Edit } from "../model/_testing/direct-transformer.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { type HookPoint, hookLayout, hookPoints } from "../model/hook-points.ts";
import type { Intervention } from "../model/interventions.ts";
import { linearLayers } from "../model/parameters.ts";
import type { Transformer } from "../model/transformer.ts";
import { run } from "./run.ts";

const engine = createReferenceEngine();
const wasm = await createWasmEngine();
const length = 3;
const sequences = [
  [0, 1, 2],
  [4, 4, 1],
];
const input = { tokens: sequences.flat(), length };

const adapted = (options: object): Transformer => {
  const targets = linearLayers(randomModel(options).config).map(({ weight }) => weight);
  return randomModel(options, targets.slice(0, 2));
};
const models = [{ name: "default", options: {} }, ...architectures].map(({ name, options }) => ({
  name,
  model: adapted(options),
}));

/** The intervention on one row of an activation, from its definition. */
function changed(row: readonly number[], { kind, v, s, other }: Change, place: number): readonly number[] {
  const norm = Math.hypot(...v);
  const r = v.map((value) => value / norm);
  const along = r.reduce((sum, value, j) => sum + value * (row[j] ?? 0), 0);
  switch (kind) {
    case "add":
      return row.map((x, j) => x + s * (v[j] ?? 0));
    case "project":
      return row.map((x, j) => x - s * along * (r[j] ?? 0));
    case "clamp":
      return row.map((x, j) => x + s * (0.7 - along) * (r[j] ?? 0));
    case "patch":
      return row.map((x, j) => x + s * ((other[place * row.length + j] ?? Number.NaN) - x));
    case "scale":
      return row.map((x) => x * (1 + s));
  }
}

interface Change {
  readonly kind: "add" | "project" | "clamp" | "patch" | "scale";
  readonly v: readonly number[];
  readonly s: number;
  /** Values of the other run, of one sequence. */
  readonly other: readonly number[];
}

const kinds = ["add", "project", "clamp", "patch", "scale"] as const;
const positions = [0, 2];
const rows = [1];

/** The intervention in the form that `run` takes. */
function asIntervention(hook: HookPoint, { kind, v, s, other }: Change): Intervention {
  const place = { hook, positions, rows };
  switch (kind) {
    case "add":
      return { ...place, vector: v, scale: s };
    case "project":
      return { ...place, kind, direction: v, strength: s };
    case "clamp":
      return { ...place, kind, direction: v, value: 0.7, strength: s };
    case "patch":
      return { ...place, kind, values: [...other, ...other], strength: s };
    case "scale":
      return { ...place, kind, factor: 1 + s };
  }
}

describe.each(models)("interventions at every hook point of $name equal the direct evaluation", ({ model }) => {
  test.each(hookPoints(model.config, model.adapters))("%s", async (hook) => {
    const { groups, width } = hookLayout(model.config, model.adapters, hook, length);
    for (const kind of kinds) {
      const change: Change = {
        kind,
        s: kind === "patch" ? 1 : 0.6,
        v: Array.from({ length: width }, (_, j) => Math.cos(3 * j + 1)),
        other: Array.from({ length: groups * length * width }, (_, j) => Math.sin(j)),
      };
      const edit: Edit = (name, activation) =>
        name === hook
          ? activation.map((row, i) => (positions.includes(i % length) ? changed(row, change, i) : row))
          : activation;
      const expected = sequences.map((sequence, i) =>
        directTransformer(model, sequence, rows.includes(i) ? edit : undefined),
      );
      const interventions = [asIntervention(hook, change)];
      const { logits, captured } = await run(model, { ...input, engine, interventions, capture: [hook] });
      expect(
        largestError(
          logits,
          expected.flatMap((one) => one.logits.flat()),
        ),
        kind,
      ).toBeLessThan(1e-9);
      const activations = expected.flatMap(({ activations: all }) => all.get(hook) ?? [Number.NaN]);
      expect(largestError(captured[hook]?.values ?? [], activations), kind).toBeLessThan(1e-9);
    }
  });
});

describe("nothing else changes", () => {
  const [{ model }] = [{ model: adapted({}) }];
  const points = hookPoints(model.config, model.adapters);

  test.prop([fc.constantFrom(...points), fc.constantFrom(...kinds)], { numRuns: 40 })(
    "an intervention of strength 0 and a scaling by 1 change no bit, on any engine",
    async (hook, kind) => {
      const { groups, width } = hookLayout(model.config, model.adapters, hook, length);
      const v = new Array<number>(width).fill(1);
      const other = new Array<number>(groups * length * width).fill(1);
      const interventions = [asIntervention(hook, { kind, v, s: 0, other })];
      for (const device of [engine, wasm]) {
        const plain = await run(model, { ...input, engine: device });
        const same = await run(model, { ...input, engine: device, interventions });
        expect(same.logits).toEqual(plain.logits);
      }
    },
  );

  test.prop([fc.constantFrom(...points)], { numRuns: 20 })(
    "on the wasm engine the sequences that are not named keep their bits",
    async (hook) => {
      const { width } = hookLayout(model.config, model.adapters, hook, length);
      const interventions = [{ hook, vector: new Array<number>(width).fill(0.5), rows: [1] }];
      const plain = await run(model, { ...input, engine: wasm });
      const steered = await run(model, { ...input, engine: wasm, interventions });
      const half = plain.logits.length / 2;
      expect(steered.logits.subarray(0, half)).toEqual(plain.logits.subarray(0, half));
    },
  );

  test.prop([fc.constantFrom(...points)], { numRuns: 20 })(
    "patching a run with its own activations leaves it",
    async (hook) => {
      const plain = await run(model, { ...input, engine, capture: [hook] });
      const values = plain.captured[hook]?.values ?? [];
      const patched = await run(model, { ...input, engine, interventions: [{ kind: "patch", hook, values }] });
      expect(largestError(patched.logits, plain.logits)).toBeLessThan(1e-12);
    },
  );
});

describe("the conventions of the field", () => {
  const model = randomModel();
  const hook = "blocks.0.hook_resid_mid";
  const direction = [1, -2, 0.5, 3];
  const norm = Math.hypot(...direction);
  const component = async (strength: number) => {
    const { captured } = await run(model, {
      ...input,
      engine,
      capture: [hook],
      interventions: [{ kind: "project", hook, direction, strength }],
    });
    const values = captured[hook].values;
    return Array.from({ length: values.length / 4 }, (_, t) =>
      direction.reduce((sum, r, j) => sum + (r / norm) * (values[4 * t + j] ?? 0), 0),
    );
  };

  // GOLDENS 80
  test("strength 1 removes the component, -1 doubles it", async () => {
    const plain = await component(0);
    for (const value of await component(1)) expect(Math.abs(value)).toBeLessThan(1e-14);
    for (const [t, value] of (await component(-1)).entries()) expect(value).toBeCloseTo(2 * (plain[t] ?? 0), 12);
  });

  test("a head of z is addressed alone", async () => {
    const z = "blocks.0.attn.hook_z";
    const plain = await run(model, { ...input, engine, capture: [z] });
    const steered = await run(model, {
      ...input,
      engine,
      capture: [z],
      interventions: [{ hook: z, vector: [1, 2], head: 1 }],
    });
    for (const [i, value] of steered.captured[z].values.entries()) {
      const added = i % 4 < 2 ? 0 : (i % 4) - 1;
      expect(value).toBeCloseTo((plain.captured[z].values[i] ?? 0) + added, 12);
    }
  });

  test("scaling the scalar of an adapter by 0 removes the adapter", async () => {
    const target = "blocks.1.mlp.W_out";
    const with_ = randomModel({}, [target]);
    const interventions = [{ kind: "scale", hook: `${target}.hook_lora`, factor: 0 }] as const;
    const without = new Map([...with_.weights].filter(([name]) => !name.includes("lora")));
    const bare = await run({ config: with_.config, adapters: [], weights: without }, { ...input, engine });
    expect(largestError((await run(with_, { ...input, engine, interventions })).logits, bare.logits)).toBeLessThan(
      1e-12,
    );
  });

  test("captured positions come in the order they are asked for", async () => {
    const points = ["blocks.0.hook_resid_mid", "blocks.0.attn.hook_pattern", "blocks.1.attn.hook_q"] as const;
    const whole = await run(model, { ...input, engine, capture: points });
    const some = await run(model, { ...input, engine, capture: points, capturePositions: [2, 0] });
    expect(some.captured["blocks.0.hook_resid_mid"].shape).toEqual([2, 2, 4]);
    expect(some.captured["blocks.0.attn.hook_pattern"].shape).toEqual([2, 2, 2, 3]);
    expect(some.captured["blocks.1.attn.hook_q"].shape).toEqual([2, 2, 2, 2]);
    for (const [point, rowsOf, width] of [
      [points[0], 2, 4],
      [points[1], 4, 3],
      [points[2], 2, 4],
    ] as const) {
      for (let row = 0; row < rowsOf; row++) {
        for (const [i, position] of [2, 0].entries()) {
          const from = (row * length + position) * width;
          const to = (row * 2 + i) * width;
          expect(some.captured[point].values.subarray(to, to + width)).toEqual(
            whole.captured[point].values.subarray(from, from + width),
          );
        }
      }
    }
    expect(some.logits).toEqual(whole.logits);
  });
});

describe("refusals", () => {
  const model = randomModel();
  const hook = "blocks.0.hook_resid_mid";
  test.each<[string, object, RegExp]>([
    ["a direction of zeros", { kind: "project", direction: [0, 0, 0, 0] }, /direction is zero/],
    ["a coordinate that is not there", { kind: "clamp", coordinate: 4, value: 0 }, /coordinate 4.*0 to 3/s],
    ["a clamp of nothing", { kind: "clamp", value: 0 }, /either a direction or a coordinate/],
    ["a target that is not finite", { kind: "clamp", coordinate: 0, value: Number.NaN }, /value is NaN/],
    ["values of another shape", { kind: "patch", values: [1, 2] }, /2 numbers.*24/s],
    ["a factor that is not finite", { kind: "scale", factor: Number.POSITIVE_INFINITY }, /factor is Infinity/],
    ["a sequence that is not there", { vector: [1, 1, 1, 1], rows: [2] }, /row 2/],
    ["a head of the stream", { vector: [1, 1], head: 0 }, /a head/],
    ["a head that is not there", { hook: "blocks.0.attn.hook_z", vector: [1, 1], head: 2 }, /head 2/],
    ["no vector", {}, /vector at "blocks.0.hook_resid_mid" is undefined/],
    ["no direction", { kind: "project" }, /direction at ".*" is undefined/],
    ["no values", { kind: "patch" }, /values at ".*" is undefined/],
    ["one position where a list is wanted", { vector: [1, 1, 1, 1], positions: 1 }, /positions at ".*" is 1/],
    ["an unknown kind", { kind: "erase" }, /"erase"/],
  ])("%s", async (_, options, message) => {
    const intervention = { hook, ...options } as unknown as Intervention;
    await expect(run(model, { ...input, engine, interventions: [intervention] })).rejects.toThrow(message);
  });
});
