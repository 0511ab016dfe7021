import { afterAll, describe, expect, test } from "vitest";
import { casePlan } from "../../engines/_testing/kernel-checks.ts";
import { createNativeEngine } from "../../engines/native/native-engine.ts";

const native = await createNativeEngine();
afterAll(() => native.dispose());

/** Zeros of both signs, the smallest and the largest numbers and what is no number: x + 0 v would change some of them. */
const odd = [-0, 0, 1e-45, -1e-45, 3.4e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

describe.each(["intervene_forward", "intervene_backward"] as const)("%s on ONNX Runtime", (kernel) => {
  test.each([0, 1, 2, 3, 4])(
    "mode %i with strength 0 keeps every bit, beside a position that it changes",
    async (mode) => {
      const x = kernel === "intervene_forward" ? "x" : "d";
      const data = [...odd, 1, 2, 3, 4, 5, 6, 7, 8];
      const args = {
        [x]: { data },
        values: { data: [0.5, 1, Number.POSITIVE_INFINITY, ...Array.from({ length: 13 }, (_, i) => 0.25 * i)] },
        strength: { data: [0, 1] },
        ...{ batch: 1, groups: 1, length: 2, width: 8, mode },
      };
      const plan = casePlan(kernel, { label: "strength 0", args });
      for (const [name, value] of Object.entries(args)) {
        if (typeof value === "object") native.upload(plan, name, value.data);
      }
      await native.execute(plan, "forward");
      const result = await native.download(plan, x);
      expect(Array.from(result.subarray(0, 8))).toEqual(Array.from(Float32Array.from(odd)));
      if (kernel === "intervene_forward" || mode > 0) {
        expect(Array.from(result.subarray(8))).not.toEqual(data.slice(8));
      }
    },
  );
});
