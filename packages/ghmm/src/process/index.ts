export { createGhmm, createHmm, type GhmmDefinition, type HmmDefinition } from "./create.ts";
export type { CertificateEvidence } from "./evidence.ts";
export { type ComplexMatrix, createKraus, type KrausDefinition } from "./kraus.ts";
export type { Certificate, KrausFactor, Process, ProcessStorage } from "./process.ts";
export { stationaryState } from "./stationary.ts";
export type { Operators } from "./validate.ts";
export { withStorage } from "./with-storage.ts";
