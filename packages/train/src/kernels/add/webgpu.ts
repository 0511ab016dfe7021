import { elementwise } from "../_webgpu/elementwise.ts";

/** dst += src. */
export const add = elementwise({ body: "dst_put(i, dst_at(i) + src_at(i));" });
