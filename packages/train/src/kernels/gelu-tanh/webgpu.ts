import { elementwise } from "../_webgpu/elementwise.ts";
import { tanhOf } from "../_webgpu/tanh.ts";

const declarations = `${tanhOf}
const root = 0.797884561;
const cubic = 0.044715;
fn gate(x: f32) -> f32 { return tanh_of(root * (x + cubic * x * x * x)); }`;

/** y = x / 2 (1 + t), t = tanh(sqrt(2 / pi) (x + 0.044715 x^3)). */
export const geluTanhForward = elementwise({
  declarations,
  body: "let x = x_at(i); y_put(i, 0.5 * x * (1.0 + gate(x)));",
});

/** dX = dY (1/2 (1 + t) + x/2 (1 - t^2) u'), u' = sqrt(2 / pi) (1 + 3 * 0.044715 x^2). */
export const geluTanhBackward = elementwise({
  declarations,
  body: `let x = x_at(i);
let t = gate(x);
let slope = root * (1.0 + 3.0 * cubic * x * x);
dX_put(i, dY_at(i) * (0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * slope));`,
});
