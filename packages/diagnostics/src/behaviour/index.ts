export { type BehaviouralShift, type BehaviouralShiftOptions, behaviouralShift } from "./behavioural-shift.ts";
export { type CapabilityKl, type CapabilityKlOptions, capabilityKl } from "./capability-kl.ts";
