import { elementwise } from "../_webgpu/elementwise.ts";

/** y = max(x, 0); NaN stays NaN, which the built-in max does not promise. */
export const reluForward = elementwise({ body: "let x = x_at(i); y_put(i, select(x, 0.0, x < 0.0));" });

/** dX = dY where x > 0, else 0. */
export const reluBackward = elementwise({ body: "dX_put(i, select(0.0, dY_at(i), x_at(i) > 0.0));" });
