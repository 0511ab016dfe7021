import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { createRecord } from "./run-record.ts";

const weights = new Map<string, Float32Array>();
const optimizer = { m: new Float32Array(0), v: new Float32Array(0) };

describe("the record of a run", () => {
  test.prop([fc.array(fc.tuple(fc.double(), fc.double()), { maxLength: 700 }), fc.nat({ max: 5 })])(
    "keeps every step in order, whatever was there before",
    (values, done) => {
      const [loss, gradientNorm] = [0, 1].map((k) => Float64Array.from(values.slice(0, done), (pair) => pair[k] ?? 0));
      const step = Math.min(done, values.length);
      const resumeFrom = { step, weights, optimizer, history: { loss: loss ?? [], gradientNorm: gradientNorm ?? [] } };
      const record = createRecord({ resumeFrom: resumeFrom as never }, false);
      for (let s = step; s < values.length; s++) record.note(s, values[s]?.[0] ?? 0, values[s]?.[1] ?? 0);
      expect([...record.history.loss.slice(0, values.length)]).toEqual(values.map(([first]) => first));
      expect([...record.history.gradientNorm.slice(0, values.length)]).toEqual(values.map(([, second]) => second));
    },
  );

  test("what it resumes from stays as it was", () => {
    const history = { loss: Float64Array.of(3), gradientNorm: Float64Array.of(4) };
    const evaluations = [{ step: 1, value: 2 }];
    const record = createRecord({ resumeFrom: { step: 1, weights, optimizer, history, evaluations } }, true);
    record.note(0, 9, 9);
    record.evaluations.push({ step: 2, value: 1 });
    expect([history.loss[0], history.gradientNorm[0], evaluations.length]).toEqual([3, 4, 1]);
    expect(record.history.evaluations).toEqual([...evaluations, { step: 2, value: 1 }]);
  });

  test("without evaluations, and none before, it has no list of them", () => {
    expect(createRecord({}, false).history).not.toHaveProperty("evaluations");
    expect(createRecord({}, true).history.evaluations).toEqual([]);
  });
});
