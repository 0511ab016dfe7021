import { createHmm } from "../../process/create.ts";

/** Two states that follow each other, each with a token of its own, started in the first: not its stationary state. */
export const clock = createHmm({
  operators: [
    [
      [0, 1],
      [0, 0],
    ],
    [
      [0, 0],
      [1, 0],
    ],
  ],
  initial: [1, 0],
});
