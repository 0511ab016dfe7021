import { createHmm } from "../../process/create.ts";

/** The golden mean process (p = 1/2) with its first state in two equal copies: one dimension to spare. */
export const clonedGoldenMean = createHmm({
  operators: [
    [
      [0.25, 0.25, 0],
      [0.25, 0.25, 0],
      [0.5, 0.5, 0],
    ],
    [
      [0, 0, 0.5],
      [0, 0, 0.5],
      [0, 0, 0],
    ],
  ],
});
