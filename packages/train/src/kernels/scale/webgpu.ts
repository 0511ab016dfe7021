import { elementwise } from "../_webgpu/elementwise.ts";

/** x *= factor. */
export const scale = elementwise({ body: "x_put(i, p.factor * x_at(i));" });
