import { elementwise } from "../_webgpu/elementwise.ts";

/** buffer = value. */
export const fill = elementwise({ body: "buffer_put(i, p.value);" });
