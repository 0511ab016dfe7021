import { coinDescription } from "./coin.ts";
import { daysOfWeekDescription } from "./days-of-week.ts";
import type { ProcessDescription } from "./description.ts";
import { evenOnesDescription } from "./even-ones.ts";
import { fanizzaDescription } from "./fanizza.ts";
import { goldenMeanDescription } from "./golden-mean.ts";
import { leakyRrxorDescription } from "./leaky-rrxor.ts";
import { matchingParenthesesDescription } from "./matching-parentheses.ts";
import { mess3Description } from "./mess3.ts";
import { mrNameDescription } from "./mr-name.ts";
import { postQuantumDescription } from "./post-quantum.ts";
import { rrxorDescription } from "./rrxor.ts";
import { simpleNonunifilarDescription } from "./simple-nonunifilar.ts";
import { tomQuantumDescription } from "./tom-quantum.ts";
import { zeroOneRandomDescription } from "./zero-one-random.ts";

const DESCRIPTIONS: readonly ProcessDescription[] = Object.freeze([
  coinDescription,
  goldenMeanDescription,
  evenOnesDescription,
  zeroOneRandomDescription,
  rrxorDescription,
  leakyRrxorDescription,
  mess3Description,
  simpleNonunifilarDescription,
  matchingParenthesesDescription,
  daysOfWeekDescription,
  mrNameDescription,
  tomQuantumDescription,
  fanizzaDescription,
  postQuantumDescription,
]);

/** What there is under `processes`, described; frozen. */
export function list(): readonly ProcessDescription[] {
  return DESCRIPTIONS;
}
