import { UnsupportedError } from "@semifactor/ghmm";
import { engineSuite } from "../_testing/engine-suite.ts";
import { createNativeEngine } from "./native-engine.ts";

// Everything that every engine must do; skipped by name where onnxruntime-node is not installed.
engineSuite("native", {
  async create() {
    try {
      return await createNativeEngine();
    } catch (error) {
      if (error instanceof UnsupportedError) return error.message;
      throw error;
    }
  },
});
