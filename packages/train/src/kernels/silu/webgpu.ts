import { elementwise } from "../_webgpu/elementwise.ts";

/** The exponential of a large number is infinity or worse, by device; past 80 the sigmoid is 0 in all but name. */
const declarations = `
fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(select(-x, 80.0, x < -80.0))); }`;

/** y = x sigmoid(x). */
export const siluForward = elementwise({ declarations, body: "let x = x_at(i); y_put(i, x * sigmoid(x));" });

/** dX = dY sigmoid(x) (1 + x sigmoid(-x)). */
export const siluBackward = elementwise({
  declarations,
  body: "let x = x_at(i); dX_put(i, dY_at(i) * sigmoid(x) * (1.0 + x * sigmoid(-x)));",
});
