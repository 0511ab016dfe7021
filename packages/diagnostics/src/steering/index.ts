export { randomDirection } from "./random-direction.ts";
export { type SteeringDirection, type SteeringDirectionOptions, steeringDirection } from "./steering-direction.ts";
export { type SteeringEffect, type SteeringEffectOptions, steeringEffect } from "./steering-effect.ts";
