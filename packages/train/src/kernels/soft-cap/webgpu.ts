import { elementwise } from "../_webgpu/elementwise.ts";
import { tanhOf } from "../_webgpu/tanh.ts";

/** y = cap tanh(x / cap). */
export const softCapForward = elementwise({
  declarations: tanhOf,
  body: "y_put(i, p.cap * tanh_of(x_at(i) / p.cap));",
});

/** dX = dY (1 - (y / cap)^2). */
export const softCapBackward = elementwise({
  body: "let t = y_at(i) / p.cap; dX_put(i, dY_at(i) * (1.0 - t * t));",
});
