import { elementwise } from "../_webgpu/elementwise.ts";
import { halfErf } from "../_webgpu/half-erf.ts";

/** y = x Phi(x). */
export const geluForward = elementwise({
  declarations: halfErf,
  body: "let x = x_at(i); y_put(i, x * (0.5 + half_erf(x)));",
});

/** dX = dY (Phi(x) + x phi(x)). */
export const geluBackward = elementwise({
  declarations: halfErf,
  body: `let x = x_at(i);
let density = 0.398942280 * exp(-0.5 * x * x);
dX_put(i, dY_at(i) * (0.5 + half_erf(x) + x * density));`,
});
