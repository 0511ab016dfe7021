import { engineSuite } from "../_testing/engine-suite.ts";
import { createWebgpuEngine } from "./webgpu-engine.ts";

engineSuite("webgpu", { create: () => createWebgpuEngine().catch((error: unknown) => String(error)) });
