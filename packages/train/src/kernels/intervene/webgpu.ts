import { flatWorkgroups, type WebgpuKernel } from "../../engines/webgpu/webgpu-kernel.ts";
import { rowSum, rowTile, tileSize } from "../_webgpu/reductions.ts";

/** A kernel over the vectors of `buffer`: `change` is WGSL for element `to` = start + i of a vector of strength s other than 0, with `along` = s (x . v). */
function overVectors(buffer: string, change: string): WebgpuKernel {
  return {
    workgroupSize: tileSize,
    declarations: rowSum,
    body: (variant) => {
      const { count, lanes } = rowTile(variant);
      return `let vectors = p.batch * p.groups * p.length;
let vector = flat_group(group) * ${count}u + lane / ${lanes}u;
let first = lane % ${lanes}u;
let start = vector * p.width;
let s = strength_at((vector / (p.groups * p.length)) * p.length + vector % p.length);
let end = select(0u, p.width, vector < vectors && s != 0.0);
var product = 0.0;
if (p.mode == 1u || p.mode == 2u) {
  for (var i = first; i < end; i += ${lanes}u) { product += ${buffer}_at(start + i) * values_at(i); }
}
let dot = row_sum(lane, product);
for (var i = first; i < end; i += ${lanes}u) {
  let to = start + i;
  let old = ${buffer}_at(to);
  ${change}
}`;
    },
    workgroups: ({ batch = 0, groups = 0, length = 0 }, variant) =>
      flatWorkgroups(Math.ceil((batch * groups * length) / rowTile(variant).count)),
  };
}

/** Adds, projects out, clamps, replaces or scales the vectors of x in place; nothing is written where the strength is 0. */
export const interveneForward = overVectors(
  "x",
  `var changed = old;
  switch p.mode {
    case 0u: { changed = old + s * values_at(i); }
    case 1u: { changed = old - s * dot * values_at(i); }
    case 2u: { changed = old + s * (values_at(p.width) - dot) * values_at(i); }
    case 3u: { changed = select(old + s * (values_at(to) - old), values_at(to), s == 1.0); }
    default: { changed = old * (1.0 + s * values_at(i)); }
  }
  x_put(to, changed);`,
);

/** The gradient of the changed activation becomes that of the unchanged one, in place. */
export const interveneBackward = overVectors(
  "d",
  `switch p.mode {
    case 0u: {}
    case 1u, 2u: { d_put(to, old - s * dot * values_at(i)); }
    case 3u: { d_put(to, old * (1.0 - s)); }
    default: { d_put(to, old * (1.0 + s * values_at(i))); }
  }`,
);
