import { InvalidArgumentError } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { createEngine } from "../create-engine.ts";
import { createNativeEngine } from "../native/index.ts";
import { createWasmEngine } from "../wasm/index.ts";

test.each([
  ["createEngine", createEngine],
  ["createWasmEngine", createWasmEngine],
  ["createNativeEngine", createNativeEngine],
] as const)("%s names a number of threads that no engine can have", async (source, create) => {
  for (const threads of [0, -2, 1.5, Number.NaN, 1e9]) {
    const attempt = create({ threads });
    await expect(attempt).rejects.toThrow(InvalidArgumentError);
    await expect(attempt).rejects.toThrow(`${source}: threads is ${threads}`);
  }
  for (const options of [null, "wasm", 2]) {
    // @ts-expect-error no object
    await expect(create(options)).rejects.toThrow(`${source}: options is ${JSON.stringify(options)}. Give an object`);
  }
});
