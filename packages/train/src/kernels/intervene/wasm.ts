/** Sum over the floats of a vector of `bytes` bytes of a b, accumulated in float64. */
// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum: f64 = 0;
  for (let j: usize = 0; j < bytes; j += 4) sum += <f64>load<f32>(a + j) * <f64>load<f32>(b + j);
  return <f32>sum;
}

/**
 * Changes x [batch, groups, length, width] in place by s = strength[b length + t], nothing where s = 0. Modes, with v = values [width + 1]: 0 adds x += s v;
 * 1 projects out x -= s (x . v) v; 2 clamps x += s (values[width] - x . v) v; 3 replaces x += s (values[b, g, t, :] - x), exactly values where s = 1;
 * 4 scales x_j *= 1 + s v_j. No fused operations.
 */
export function intervene_forward(
  x: usize, values: usize, strength: usize,
  batch: usize, groups: usize, length: usize, width: usize, mode: i32,
): void {
  const bytes = width << 2;
  let other = values;
  for (let b: usize = 0; b < batch; b++, strength += length << 2) {
    for (let g: usize = 0; g < groups; g++) {
      for (let t: usize = 0; t < length; t++, x += bytes, other += bytes) {
        const s = load<f32>(strength + (t << 2));
        if (s == 0) continue;
        if (mode == 3) {
          if (s == 1) memory.copy(x, other, bytes);
          else {
            for (let j: usize = 0; j < bytes; j += 4) {
              const old = load<f32>(x + j);
              store<f32>(x + j, old + s * (load<f32>(other + j) - old));
            }
          }
        } else if (mode == 4) {
          for (let j: usize = 0; j < bytes; j += 4) store<f32>(x + j, load<f32>(x + j) * (<f32>1.0 + s * load<f32>(values + j)));
        } else {
          let along = s;
          if (mode == 1) along = s * -dot(x, values, bytes);
          else if (mode == 2) along = s * (load<f32>(values + bytes) - dot(x, values, bytes));
          for (let j: usize = 0; j < bytes; j += 4) store<f32>(x + j, load<f32>(x + j) + along * load<f32>(values + j));
        }
      }
    }
  }
}

/**
 * The gradient d [batch, groups, length, width] of the changed activation becomes that of the unchanged one, in place: mode 0 leaves it; modes 1 and 2
 * d -= s (d . v) v; mode 3 d *= 1 - s; mode 4 d_j *= 1 + s v_j.
 */
export function intervene_backward(
  d: usize, values: usize, strength: usize,
  batch: usize, groups: usize, length: usize, width: usize, mode: i32,
): void {
  if (mode == 0) return;
  const bytes = width << 2;
  for (let b: usize = 0; b < batch; b++, strength += length << 2) {
    for (let g: usize = 0; g < groups; g++) {
      for (let t: usize = 0; t < length; t++, d += bytes) {
        const s = load<f32>(strength + (t << 2));
        if (s == 0) continue;
        if (mode == 3) {
          for (let j: usize = 0; j < bytes; j += 4) store<f32>(d + j, load<f32>(d + j) * (<f32>1.0 - s));
        } else if (mode == 4) {
          for (let j: usize = 0; j < bytes; j += 4) store<f32>(d + j, load<f32>(d + j) * (<f32>1.0 + s * load<f32>(values + j)));
        } else {
          const along = s * dot(d, values, bytes);
          for (let j: usize = 0; j < bytes; j += 4) store<f32>(d + j, load<f32>(d + j) - along * load<f32>(values + j));
        }
      }
    }
  }
}
