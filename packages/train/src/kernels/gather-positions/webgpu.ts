import { elementwise } from "../_webgpu/elementwise.ts";

/** dst[b, g, i, :] = src[b, g, positions[i], :]. */
export const gatherPositions = elementwise({
  count: "p.batch * p.groups * p.count * p.width",
  countOf: ({ batch = 0, groups = 0, count = 0, width = 0 }) => batch * groups * count * width,
  body: `let row = i / p.width;
let from_row = (row / p.count) * p.length + u32(positions_int(row % p.count));
dst_put(i, src_at(from_row * p.width + i % p.width));`,
});
