import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { kernelSignatures } from "../kernels/index.ts";
import { architectures } from "../model/_testing/architectures.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { hookPoints } from "../model/hook-points.ts";
import { linearLayers } from "../model/parameters.ts";
import { interventionModes } from "./_internal/intervention-modes.ts";
import { bufferAt, callsOf, gradientTargets, namedArguments } from "./_testing/inspect-plan.ts";
import { compilePlan, type PlanOptions } from "./compile.ts";
import { parameterLayout } from "./parameter-layout.ts";

const model = randomModel({}, ["blocks.0.attn.W_K"]);

describe("plans", () => {
  const plan = compilePlan({
    config: model.config,
    adapters: model.adapters,
    batch: 4,
    length: 3,
    shards: 2,
    trainable: "all",
    capture: ["blocks.0.hook_resid_mid"],
    keepLogits: true,
  });

  test("buffers of a region start on multiples of 16, do not overlap and stay inside it", () => {
    for (const region of ["shared", "shard", "workspace"] as const) {
      let end = 0;
      const buffers = [...plan.buffers.values()].filter((buffer) => buffer.region === region);
      for (const { offset, length, shape } of buffers.sort((a, b) => a.offset - b.offset)) {
        expect(offset % 16).toBe(0);
        expect(offset).toBeGreaterThanOrEqual(end);
        expect(shape.reduce((product, size) => product * size, 1)).toBe(length);
        end = offset + length;
      }
      expect(plan.regionLengths[region]).toBeGreaterThanOrEqual(end);
      expect(plan.regionLengths[region] % 16).toBe(0);
    }
  });

  test("every call has an argument of the right kind for every parameter of its signature", () => {
    for (const phase of Object.values(plan.phases)) {
      for (const { kernel, args } of [...phase.perShard, ...phase.shared]) {
        const { args: expected } = kernelSignatures[kernel];
        expect(args.length).toBe(expected.length);
        for (const [i, [name, kind]] of expected.entries()) {
          const argument = args[i];
          if (kind === "buffer") expect(typeof argument === "object" || argument === 0, `${kernel}.${name}`).toBe(true);
          else expect(Number.isFinite(argument), `${kernel}.${name}`).toBe(true);
        }
      }
    }
  });

  test("the stride of the reduction is the length of a shard", () => {
    const reduce = plan.phases.gradient?.shared.find(({ kernel }) => kernel === "reduce_shards");
    expect(reduce?.args[1]).toBe(plan.regionLengths.shard);
  });
});

/** Models, shapes, trainable sets, captures and interventions of every kind, small. */
const options: fc.Arbitrary<PlanOptions & { readonly trainable: readonly { readonly parameter: string }[] }> = fc
  .record({
    nLayers: fc.integer({ min: 1, max: 2 }),
    nHeads: fc.integer({ min: 1, max: 2 }),
    architecture: fc.constantFrom({ options: {} }, ...architectures),
  })
  .chain(({ architecture, nHeads, nLayers }) => {
    const its = { nHeads, dModel: 4, attentionWindows: new Array<number>(nLayers).fill(0), ...architecture.options };
    const sizes = { ...its, nLayers, attentionWindows: its.attentionWindows.slice(0, nLayers) };
    const bare = randomModel(sizes);
    return fc.subarray(linearLayers(bare.config).map(({ weight }) => weight)).chain((lora) => {
      const { config, adapters } = randomModel(sizes, lora);
      const entries = [...parameterLayout(config, adapters).entries.values()];
      const points = hookPoints(config, adapters);
      return fc.record({
        config: fc.constant(config),
        adapters: fc.constant(adapters),
        batch: fc.constantFrom(2, 4),
        shards: fc.constantFrom(1, 2),
        length: fc.integer({ min: 1, max: 4 }),
        keepLogits: fc.boolean(),
        capture: fc.subarray([...points]),
        interventions: fc.array(
          fc.record({
            hook: fc.constantFrom(...points),
            kind: fc.constantFrom(...interventionModes),
          }),
          { maxLength: 2 },
        ),
        trainable: fc
          .tuple(fc.subarray(entries, { minLength: 1 }), fc.boolean())
          .map(([some, byRow]) =>
            some.map(({ name, interleavedHeads }) =>
              byRow && interleavedHeads === 1 ? { parameter: name, rows: [0] } : { parameter: name },
            ),
          ),
      });
    });
  });

describe("laws of plans", () => {
  test.prop([options], { numRuns: 50 })("no two buffers of a region overlap", (some) => {
    const { buffers, regionLengths } = compilePlan(some);
    for (const region of ["shared", "shard", "workspace"] as const) {
      const own = [...buffers.values()].filter((buffer) => buffer.region === region);
      const taken = new Uint8Array(regionLengths[region]);
      for (const { name, offset, length } of own) {
        expect(offset + length, name).toBeLessThanOrEqual(regionLengths[region]);
        expect(
          taken.subarray(offset, offset + length).every((used) => used === 0),
          name,
        ).toBe(true);
        taken.fill(1, offset, offset + length);
      }
    }
  });

  test.prop([options], { numRuns: 50 })("every address that a call is given lies inside a buffer", (some) => {
    const plan = compilePlan(some);
    for (const call of callsOf(plan)) {
      for (const [name, argument] of Object.entries(namedArguments(call))) {
        if (typeof argument === "object") expect(bufferAt(plan, argument), `${call.kernel}.${name}`).toBeDefined();
      }
    }
  });

  test.prop([options], { numRuns: 50 })(
    "kernels compute gradients of the trained parameters and of no other",
    (some) => {
      expect(gradientTargets(compilePlan(some))).toEqual(some.trainable.map(({ parameter }) => parameter).sort());
    },
  );

  test.prop([options], { numRuns: 25 })(
    "training, capturing and the number of shards leave the model's own calls alone",
    (some) => {
      const { trainable: _, ...rest } = some;
      const kernels = (its: PlanOptions) => compilePlan(its).phases.forward?.perShard.map(({ kernel }) => kernel);
      expect(kernels(some)).toEqual(kernels({ ...rest, loss: true }));
      expect(kernels({ ...rest, shards: 1 })).toEqual(kernels({ ...rest, shards: 2 }));
      expect(kernels({ ...rest, loss: true })).toEqual([...(kernels(rest) ?? []), "cross_entropy"]);
    },
  );

  test("without a trainable set there is the forward phase alone, without gradients", () => {
    const plan = compilePlan({ config: model.config, adapters: model.adapters, batch: 2, length: 2, loss: true });
    expect(Object.keys(plan.phases)).toEqual(["forward"]);
    expect(callsOf(plan).filter(({ kernel }) => kernel.includes("backward"))).toEqual([]);
    expect([...plan.buffers.keys()]).not.toContain("shardGradient");
  });
});

describe("refusals", () => {
  test.each<[string, object, new (...args: never[]) => Error, RegExp]>([
    ["an empty batch", { batch: 0, shards: 1 }, ShapeError, /batch has 0/],
    ["no positions", { length: 0 }, ShapeError, /length 0/],
    ["sequences beyond the context", { length: 5 }, ShapeError, /length 5.*nCtx 4/],
    ["shards that do not divide the batch", { shards: 3 }, InvalidArgumentError, /3 shards for a batch of 4/],
    ["an unknown capture", { capture: ["blocks.2.hook_resid_pre"] }, InvalidArgumentError, /blocks\.2\.hook_resid_pre/],
    ["an unknown place of a gradient", { captureGradients: ["hook_x"] }, InvalidArgumentError, /hook_x/],
    [
      "an unknown intervention",
      { interventions: [{ hook: "blocks.0.hook_resid_mid", kind: "erase" }] },
      InvalidArgumentError,
      /"erase"/,
    ],
    [
      "a position beyond the sequence",
      { capturePositions: [0, 3] },
      InvalidArgumentError,
      /position 3 of sequences of length 3/,
    ],
    [
      "a capture of no positions",
      { capture: ["hook_embed"], capturePositions: [] },
      InvalidArgumentError,
      /capturePositions is empty/,
    ],
    ["no configuration", { config: undefined }, InvalidArgumentError, /config is undefined/],
    ["no replicas", { replicas: 0 }, InvalidArgumentError, /replicas is 0/],
    [
      "a separate backward pass over shards",
      { trainable: "all", separateBackward: true, shards: 2 },
      UnsupportedError,
      /2 shards/,
    ],
    [
      "a separate backward pass of replicas, whose activations share a workspace",
      { trainable: "all", separateBackward: true, replicas: 2 },
      UnsupportedError,
      /2 replicas/,
    ],
    [
      "gradients that are added where nothing is differentiated",
      { injectGradients: ["hook_embed"] },
      UnsupportedError,
      /differentiates nothing/,
    ],
    [
      "a loss that is not the objective",
      { trainable: "all", objective: "logits", metricsSlots: 2 },
      UnsupportedError,
      /not the cross-entropy/,
    ],
    ["an unknown optimizer", { trainable: "all", optimizer: "adam" }, InvalidArgumentError, /optimizer is "adam"/],
    ["an unknown objective", { trainable: "all", objective: "mse" }, InvalidArgumentError, /objective is "mse"/],
    ["half a slot", { trainable: "all", metricsSlots: 0.5 }, InvalidArgumentError, /metricsSlots is 0.5/],
    ["more positions than kernels count", { batch: 2 ** 30, shards: 1 }, ShapeError, /batch of 1073741824/],
    ["accumulation without training", { accumulate: true }, UnsupportedError, /trains nothing/],
    ["nothing to differentiate", { objective: "logits" }, UnsupportedError, /differentiates nothing/],
  ])("%s", (_, extra, kind, message) => {
    const attempt = () => compilePlan({ config: model.config, batch: 4, length: 3, ...extra }, "caller");
    expect(attempt).toThrow(kind);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(/^caller/);
  });
});
