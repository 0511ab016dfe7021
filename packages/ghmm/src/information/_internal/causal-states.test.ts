import { describe, expect, test } from "vitest";
import { createHmm } from "../../process/create.ts";
import { coin } from "../../processes/coin.ts";
import { fanizza } from "../../processes/fanizza.ts";
import { mess3 } from "../../processes/mess3.ts";
import { rrxor } from "../../processes/rrxor.ts";
import { whyNotCausalStates } from "./causal-states.ts";

/** A cycle of `labels.length` states; a state emits the token of its label. */
function cycle(labels: readonly number[]) {
  const d = labels.length;
  return createHmm({
    operators: Array.from({ length: Math.max(...labels) + 1 }, (_, x) =>
      labels.map((label, s) => labels.map((_, t) => (label === x && t === (s + 1) % d ? 1 : 0))),
    ),
  });
}

describe("whyNotCausalStates", () => {
  test("unifilar HMMs with distinct futures", () => {
    for (const process of [coin({ p: 0.5 }), rrxor({}), cycle([0, 0, 0, 1]), cycle([0, 1, 2])]) {
      expect(whyNotCausalStates(process)).toBeUndefined();
    }
  });

  test("states that differ only in the far future are told apart", () => {
    expect(whyNotCausalStates(cycle([0, 0, 0, 0, 0, 0, 0, 1]))).toBeUndefined();
    expect(whyNotCausalStates(cycle([0, 0, 0, 1, 0, 0, 0, 2]))).toBeUndefined();
  });

  test("states with the same future are named", () => {
    expect(whyNotCausalStates(cycle([0, 0]))).toBe("states 0 and 1 give all futures the same probabilities");
    expect(whyNotCausalStates(cycle([0, 1, 0, 1]))).toBe("states 0 and 2 give all futures the same probabilities");
    expect(whyNotCausalStates(cycle([0, 0, 1, 0, 0, 1]))).toBe(
      "states 0 and 3 give all futures the same probabilities",
    );
  });

  test("states that emit alike and lead elsewhere with the same token differ", () => {
    const process = createHmm({
      operators: [
        [
          [0, 0.5, 0],
          [0, 0, 0.5],
          [1, 0, 0],
        ],
        [
          [0.5, 0, 0],
          [0, 0.5, 0],
          [0, 0, 0],
        ],
      ],
    });
    expect(whyNotCausalStates(process)).toBeUndefined();
  });

  test("models that are not unifilar, and signed ones", () => {
    expect(whyNotCausalStates(mess3({ x: 0.15, a: 0.6 }))).toContain("not unifilar: token 0 leads from state 0");
    expect(whyNotCausalStates(fanizza({ alpha: 2000, lambda: 0.49 }))).toContain('its certificate is "');
  });
});
