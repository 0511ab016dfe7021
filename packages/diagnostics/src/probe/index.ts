export { type FitProbeOptions, fitProbe, type Probe, type ShuffledNull } from "./fit-probe.ts";
