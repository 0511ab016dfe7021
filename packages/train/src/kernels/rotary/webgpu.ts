import { elementwise } from "../_webgpu/elementwise.ts";

/** One invocation for every pair of rotated coordinates of a head, then one for every coordinate that is copied. */
export const rotary = elementwise({
  declarations: "fn parts() -> u32 { return p.dh - p.rotaryDim / 2u; }",
  count: "p.batch * p.length * p.heads * parts()",
  countOf: ({ batch = 0, length = 0, heads = 0, dh = 0, rotaryDim = 0 }) =>
    batch * length * heads * (dh - rotaryDim / 2),
  body: `let head = i / parts();
let start = head * p.dh;
let pair = i % parts();
let pairs = p.rotaryDim / 2u;
if (pair >= pairs) {
  let other = start + pair + pairs;
  y_put(other, x_at(other));
  return;
}
let angles = ((head / p.heads) % p.length) * p.rotaryDim;
let first = start + select(pair, 2u * pair, p.interleaved == 1u);
let second = start + select(pair + pairs, 2u * pair + 1u, p.interleaved == 1u);
let a = x_at(first);
let b = x_at(second);
let cosine = table_at(angles + pair);
let sine = p.direction * table_at(angles + pairs + pair);
y_put(first, a * cosine - b * sine);
y_put(second, b * cosine + a * sine);`,
});
