export { changeBasis } from "./change-basis.ts";
export { tensorProduct } from "./tensor-product.ts";
