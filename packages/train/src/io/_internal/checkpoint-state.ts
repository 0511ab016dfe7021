import type { TrainState } from "../../loop/state.ts";
import type { WeightArray } from "../../model/transformer.ts";
import type { Tensor } from "../safetensors.ts";
import type { Corrupt } from "./checkpoint-model.ts";

/** The vectors of a training state by their names in a checkpoint; all but the values of evaluations must be finite. */
export function stateVectors({
  optimizer,
  history,
  evaluations,
}: TrainState): readonly (readonly [string, WeightArray])[] {
  return [
    ["optimizer.m", optimizer.m],
    ["optimizer.v", optimizer.v],
    ["history.loss", history.loss],
    ["history.gradientNorm", history.gradientNorm],
    ...(evaluations === undefined
      ? []
      : ([
          ["evaluations.step", Float64Array.from(evaluations, ({ step }) => step)],
          ["evaluations.value", Float64Array.from(evaluations, ({ value }) => value)],
        ] as const)),
  ];
}

/** The vector whose entries may be infinite or NaN: what an evaluation returned. */
export const mayBeNonFinite = "evaluations.value";

/** Finite floats of a shape, or of any length where none is given. */
export function readFloats(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shape: readonly number[] | undefined,
  corrupt: Corrupt,
): WeightArray {
  const tensor = tensors.get(name) ?? corrupt(`"${name}" is missing`);
  const { values, dtype } = tensor;
  if (dtype !== undefined || !(values instanceof Float32Array || values instanceof Float64Array)) {
    return corrupt(`"${name}" is not F32 or F64`);
  }
  const expected = shape ?? [values.length];
  if (tensor.shape.join() !== expected.join()) {
    corrupt(`"${name}" has shape [${tensor.shape.join(", ")}], not [${expected.join(", ")}]`);
  }
  return name === mayBeNonFinite || values.every(Number.isFinite)
    ? values
    : corrupt(`"${name}" has a value that is not finite`);
}

/** The state that `train` resumes from. `text` is its step; an empty text says that the file holds a model alone. */
export function readTrainState(
  tensors: ReadonlyMap<string, Tensor>,
  text: string | undefined,
  weights: ReadonlyMap<string, WeightArray>,
  corrupt: Corrupt,
): TrainState | undefined {
  if (text === "") return undefined;
  const step = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : corrupt(`its step is ${text}`);
  const m = readFloats(tensors, "optimizer.m", undefined, corrupt);
  const v = readFloats(tensors, "optimizer.v", undefined, corrupt);
  // Plain SGD keeps one vector.
  if (v.length !== 0 && v.length !== m.length) corrupt(`"optimizer.v" has ${v.length} elements, not ${m.length}`);
  const doubles = (name: string, length?: number): Float64Array =>
    Float64Array.from(readFloats(tensors, name, length === undefined ? undefined : [length], corrupt));
  const history = { loss: doubles("history.loss", step), gradientNorm: doubles("history.gradientNorm", step) };
  const state = { step, weights, optimizer: { m, v }, history };
  if (!tensors.has("evaluations.step")) return state;
  const steps = doubles("evaluations.step");
  const values = doubles("evaluations.value", steps.length);
  let last = 0;
  for (const at of steps) {
    if (!Number.isInteger(at) || at < last || at > step) corrupt(`it has an evaluation at step ${at} of ${step}`);
    last = at;
  }
  const evaluations = Array.from(steps, (at, i) => ({ step: at, value: values[i] ?? Number.NaN }));
  return { ...state, evaluations };
}
