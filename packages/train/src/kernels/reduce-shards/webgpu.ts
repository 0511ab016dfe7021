import { elementwise } from "../_webgpu/elementwise.ts";

/** out = sum over shards, in order, of first[s stride + i]. */
export const reduceShards = elementwise({
  body: `var sum = 0.0;
for (var s = 0u; s < p.shards; s++) { sum += first_at(s * p.stride + i); }
out_put(i, sum);`,
});
