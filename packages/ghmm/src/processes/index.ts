export { coin } from "./coin.ts";
export { evenOnes } from "./even-ones.ts";
export { goldenMean } from "./golden-mean.ts";
export { mess3 } from "./mess3.ts";
export { processes } from "./namespace.ts";
export { zeroOneRandom } from "./zero-one-random.ts";
