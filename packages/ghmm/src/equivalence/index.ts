export { backwardSpace, forwardSpace, type KrylovOptions, type KrylovSpace } from "./krylov.ts";
