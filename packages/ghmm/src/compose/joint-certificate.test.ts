import { describe, expect, test } from "vitest";
import type { Certificate } from "../process/process.ts";
import { coin } from "../processes/coin.ts";
import { jointCertificate } from "./joint-certificate.ts";

describe("jointCertificate", () => {
  test("an HMM adds nothing to a proof; proofs of two kinds leave the short words to be tested", () => {
    const as = (certificate: Certificate) => ({ ...coin({ p: 0.5 }), certificate });
    const hmmCertificate = { kind: "hmm" } as const;
    const cone = { kind: "cone", rays: [Float64Array.of(2)] } as const;
    const kraus = { kind: "kraus", dimension: 2 } as const;
    const similar = { kind: "similar-to-hmm", hmm: coin({ p: 0.5 }) } as const;
    const joined = (a: Certificate, c: Certificate) => jointCertificate([as(a), as(c)]);
    expect(joined(cone, hmmCertificate)).toEqual(cone);
    expect(joined(cone, cone)).toEqual({ kind: "cone", rays: [Float64Array.of(4)] });
    expect(joined(hmmCertificate, kraus)).toEqual(kraus);
    expect(joined(kraus, kraus)).toEqual({ kind: "kraus", dimension: 4 });
    const factors = [{ dimension: 2, coordinates: "hermitian" }] as const;
    expect(joined({ ...kraus, factors }, hmmCertificate)).toEqual({
      kind: "kraus",
      dimension: 2,
      factors: [...factors, { dimension: 1, coordinates: "diagonal" }],
    });
    expect(joined({ ...kraus, factors }, kraus)).toEqual({ kind: "kraus", dimension: 4 });
    expect(joined(similar, hmmCertificate)).toMatchObject({ kind: "similar-to-hmm", hmm: { stateDim: 1 } });
    // 4 + 16 + 64 + 256 + 1024 of the 4096 applications allowed; every word of five fair pairs has probability 4^-5
    expect(joined(cone, kraus)).toEqual({ kind: "unchecked", wordLength: 5, smallestProbability: 4 ** -5 });
  });
});
