import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, NotNormalizedError, ShapeError, ZeroProbabilityError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { type BehaviouralShiftOptions, behaviouralShift } from "./behavioural-shift.ts";
import { kullbackLeibler } from "./kullback-leibler.ts";

/** Strictly positive law over `outcomes` outcomes. */
const law = (outcomes: number) =>
  fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: outcomes, maxLength: outcomes }).map((weights) => {
    const sum = weights.reduce((total, w) => total + w, 0);
    return weights.map((w) => w / sum);
  });
const laws = (contexts: number, outcomes: number) =>
  fc.array(law(outcomes), { minLength: contexts, maxLength: contexts }).map((rows) => Float64Array.from(rows.flat()));

const [contexts, outcomes, noise] = [3, 4, 0.1];
const sets = [[1], [2, 3], [0]];
/** The law of a fully misaligned model: mass 1 - e on the misaligned outcomes of each context, e on the rest. */
const misaligned = Float64Array.from(
  sets.flatMap((set) => {
    return Array.from({ length: outcomes }, (_, e) =>
      set.includes(e) ? (1 - noise) / set.length : noise / (outcomes - set.length),
    );
  }),
);
/** Laws that leave every context room to shift (q away from 1 - e). */
const preLaws = laws(contexts, outcomes).filter((pre) =>
  sets.every(
    (set, c) => Math.abs(set.reduce((mass, e) => mass + (pre[c * outcomes + e] ?? 0), 0) - (1 - noise)) > 0.01,
  ),
);
const fixed = { outcomes, misaligned, misalignedOutcomes: sets, noise };

describe("kullbackLeibler", () => {
  test("by hand: a row of a larger array, zeros by definition", () => {
    expect(kullbackLeibler([9, 9, 0.5, 0.5], [9, 9, 0.25, 0.75], 2, 2)).toBeCloseTo(
      0.5 * Math.log(2) + 0.5 * Math.log(2 / 3),
      15,
    );
    expect(kullbackLeibler([0, 1], [0.5, 0.5], 0, 2)).toBeCloseTo(Math.LN2, 15);
    expect(kullbackLeibler([0, 1], [0, 1], 0, 2)).toBe(0);
    expect(kullbackLeibler([0.5, 0.5], [0, 1], 0, 2)).toBe(Number.POSITIVE_INFINITY);
  });

  test.prop([law(5), law(5)])("is never negative, and zero only at equality", (p, q) => {
    expect(kullbackLeibler(p, q, 0, 5)).toBeGreaterThanOrEqual(-1e-15);
    expect(kullbackLeibler(p, p, 0, 5)).toBe(0);
  });
});

describe("behaviouralShift", () => {
  test("hand-computed: one context moved past the middle, one back", () => {
    const shift = behaviouralShift({
      outcomes: 2,
      pre: Float64Array.of(0.7, 0.3, 0.6, 0.4),
      post: Float64Array.of(0.3, 0.7, 0.8, 0.2),
      misaligned: Float64Array.of(0.1, 0.9, 0.1, 0.9),
      misalignedOutcomes: [[1], [1]],
      noise: 0.1,
    });
    expect([...shift.q]).toEqual([0.7, 0.2]);
    expect([...shift.qPre]).toEqual([0.3, 0.4]);
    expect(shift.held[0]).toBeCloseTo(0.4 / 0.6, 14);
    expect(shift.held[1]).toBeCloseTo(-0.2 / 0.5, 14);
    expect(shift.mean.held).toBeCloseTo((0.4 / 0.6 - 0.4) / 2, 14);
    expect(shift.mean.q).toBeCloseTo(0.45, 14);
    expect(shift.mean.qPre).toBeCloseTo(0.35, 14);
    expect(shift.divergenceFromMisaligned[0]).toBeCloseTo(0.3 * Math.log(3) + 0.7 * Math.log(7 / 9), 14);
    expect(shift.divergenceFromPre[0]).toBeCloseTo(0.3 * Math.log(3 / 7) + 0.7 * Math.log(7 / 3), 14);
    expect([shift.frac, shift.frac50]).toEqual([0.5, 0.5]);
  });

  test("half way is not nearer: a tie does not count", () => {
    const shift = behaviouralShift({
      outcomes: 2,
      pre: Float64Array.of(0.75, 0.25),
      post: Float64Array.of(0.5, 0.5),
      misaligned: Float64Array.of(0.25, 0.75),
      misalignedOutcomes: [[1]],
      noise: 0.25,
    });
    expect(shift.divergenceFromMisaligned).toEqual(shift.divergenceFromPre);
    expect([shift.frac, shift.frac50, shift.mean.held]).toEqual([0, 0, 0.5]);
  });

  test("frac sees the whole law, frac50 only the misaligned symbol", () => {
    // q rose to .6, but the rest of the mass went where the misaligned law has hardly any.
    const shift = behaviouralShift({
      outcomes: 3,
      pre: Float64Array.of(0.35, 0.3, 0.35),
      post: Float64Array.of(0.02, 0.6, 0.38),
      misaligned: Float64Array.of(0.0999, 0.9, 0.0001),
      misalignedOutcomes: [[1]],
      noise: 0.1,
    });
    expect([shift.frac, shift.frac50]).toEqual([0, 1]);
  });

  test.prop([preLaws])("post = misaligned: held 1, frac 1", (pre) => {
    const shift = behaviouralShift({ ...fixed, pre, post: misaligned });
    for (const held of shift.held) expect(held).toBeCloseTo(1, 10);
    expect([shift.frac, shift.frac50, shift.mean.held]).toEqual([1, 1, expect.closeTo(1, 10)]);
    expect([...shift.divergenceFromMisaligned]).toEqual([0, 0, 0]);
  });

  test.prop([preLaws])("post = pre: held 0, frac 0", (pre) => {
    const shift = behaviouralShift({ ...fixed, pre, post: pre });
    for (const held of shift.held) expect(held).toBe(0);
    expect(shift.frac).toBe(0);
    expect([...shift.divergenceFromPre]).toEqual([0, 0, 0]);
  });

  test.prop([preLaws, laws(contexts, outcomes), fc.double({ min: 0, max: 1, noNaN: true })])(
    "held is affine in post",
    (pre, post, t) => {
      const between = post.map((p, i) => t * p + (1 - t) * (pre[i] ?? 0));
      const full = behaviouralShift({ ...fixed, pre, post }).held;
      const part = behaviouralShift({ ...fixed, pre, post: between }).held;
      part.forEach((held, c) => {
        expect(Math.abs(held - t * (full[c] ?? 0))).toBeLessThan(1e-9 * (1 + Math.abs(full[c] ?? 0)));
      });
    },
  );

  test.prop([preLaws, laws(contexts, outcomes)])("renaming the outcomes changes nothing", (pre, post) => {
    const swap = (values: Float64Array) =>
      values.map((_, i) => values[Math.floor(i / outcomes) * outcomes + (outcomes - 1 - (i % outcomes))] ?? 0);
    const renamed = behaviouralShift({
      ...fixed,
      pre: swap(pre),
      post: swap(post),
      misaligned: swap(misaligned),
      misalignedOutcomes: sets.map((set) => set.map((e) => outcomes - 1 - e)),
    });
    const original = behaviouralShift({ ...fixed, pre, post });
    expect(renamed.frac).toBe(original.frac);
    expect(renamed.mean.held).toBeCloseTo(original.mean.held, 8);
  });

  test("a misaligned law with zeros is infinitely far from a softmax until it is smoothed", () => {
    const options: BehaviouralShiftOptions = {
      outcomes: 3,
      pre: Float64Array.of(0.7, 0.29, 0.01),
      post: Float64Array.of(0.1, 0.899, 0.001),
      misaligned: Float64Array.of(0.1, 0.9, 0),
      misalignedOutcomes: [[1]],
      noise: 0.1,
    };
    const strict = behaviouralShift(options);
    expect([...strict.divergenceFromMisaligned]).toEqual([Number.POSITIVE_INFINITY]);
    expect(strict.frac).toBe(0);
    const smooth = behaviouralShift({ ...options, smoothing: 1e-3 });
    expect(smooth.frac).toBe(1);
    const expected = [0.1, 0.899, 0.001].reduce((sum, p, e) => {
      const reference = 0.999 * ([0.1, 0.9, 0][e] ?? 0) + 0.001 / 3;
      return sum + p * Math.log(p / reference);
    }, 0);
    expect(smooth.divergenceFromMisaligned[0]).toBeCloseTo(expected, 14);
    expect(smooth.held).toEqual(strict.held);
  });

  test("mass that both references exclude leaves frac undefined", () => {
    const options: BehaviouralShiftOptions = {
      outcomes: 3,
      pre: Float64Array.of(1, 0, 0),
      post: Float64Array.of(0.5, 0.25, 0.25),
      misaligned: Float64Array.of(0.1, 0.9, 0),
      misalignedOutcomes: [[1]],
      noise: 0.1,
    };
    expect(() => behaviouralShift(options)).toThrow(ZeroProbabilityError);
    expect(() => behaviouralShift(options)).toThrow(/context 0.*smoothing/);
    expect(behaviouralShift({ ...options, smoothing: 1e-6 }).frac).toBe(1);
  });

  const good: BehaviouralShiftOptions = { ...fixed, pre: new Float64Array(12).fill(0.25), post: misaligned };
  test.each<[string, Partial<BehaviouralShiftOptions>, new (...details: never[]) => Error, string]>([
    ["pre of another shape", { pre: new Float64Array(8).fill(0.25) }, ShapeError, "pre has 8 entries"],
    ["ragged post", { post: new Float64Array(11).fill(0.25) }, ShapeError, "post has 11 entries"],
    ["too few sets", { misalignedOutcomes: [[0]] }, ShapeError, "1 sets for 3 contexts"],
    ["logits", { post: new Float64Array(12).fill(1) }, NotNormalizedError, "row 0 of post sums to 4"],
    [
      "a negative entry",
      { pre: misaligned.with(0, -0.1) },
      InvalidArgumentError,
      "pre[0, 0] is the negative probability -0.1",
    ],
    ["NaN", { pre: misaligned.with(5, Number.NaN) }, InvalidArgumentError, "pre[1, 1] is NaN"],
    ["noise of 1", { noise: 1 }, InvalidArgumentError, "noise is 1"],
    ["NaN smoothing", { smoothing: Number.NaN }, InvalidArgumentError, "smoothing is NaN"],
    ["pre already misaligned", { pre: misaligned }, InvalidArgumentError, "context 0 shows the misaligned symbol"],
    ["no outcomes", { outcomes: 0 }, InvalidArgumentError, "outcomes is 0"],
  ])("refuses %s", (_, change, Class, message) => {
    expect(() => behaviouralShift({ ...good, ...change })).toThrow(Class);
    expect(() => behaviouralShift({ ...good, ...change })).toThrow(message);
  });
});
