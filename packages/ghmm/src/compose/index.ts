export { changeBasis, type RebasedProcess } from "./change-basis.ts";
export { tensorProduct } from "./tensor-product.ts";
