import { elementwise } from "../_webgpu/elementwise.ts";

/** dst = src; both may hold integers, which f32 memory keeps bit by bit. */
export const copy = elementwise({ body: "dst_put(i, src_at(i));" });
