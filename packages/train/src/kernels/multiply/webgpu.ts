import { elementwise } from "../_webgpu/elementwise.ts";

/** y = a b. */
export const multiplyForward = elementwise({ body: "y_put(i, a_at(i) * b_at(i));" });

/** dA = dY b, dB = dY a; dA may equal dY, so it is read first. */
export const multiplyBackward = elementwise({
  body: `let g = dY_at(i);
let a = a_at(i);
let b = b_at(i);
dA_put(i, g * b);
dB_put(i, g * a);`,
});
