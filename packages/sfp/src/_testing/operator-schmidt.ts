import { singularValueDecomposition } from "@semifactor/ghmm";
import type { SemiFactoredProcess } from "../structure/semi-factored.ts";

/** Normalised squared operator-Schmidt coefficients of `T^token`, descending: singular values of `R[(a, a'), (c, c')]`. */
export function operatorSchmidtSpectrum(process: SemiFactoredProcess, token: number): readonly number[] {
  const [{ dimension: dA }, { dimension: dC }] = process.structure.factors;
  const operator = process.operator(token);
  const rows: Float64Array[] = [];
  for (let a = 0; a < dA; a++) {
    for (let aTo = 0; aTo < dA; aTo++) {
      const row = new Float64Array(dC * dC);
      for (let c = 0; c < dC; c++) {
        for (let cTo = 0; cTo < dC; cTo++) {
          row[c * dC + cTo] = operator[(a * dC + c) * process.stateDim + aTo * dC + cTo] ?? 0;
        }
      }
      rows.push(row);
    }
  }
  // singular values of R from its Gram matrix R R^T, [dA^2, dA^2]
  const gram = rows.flatMap((x) => rows.map((y) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0)));
  const { values } = singularValueDecomposition(gram, [rows.length, rows.length]);
  const total = values.reduce((sum, value) => sum + value, 0);
  return Array.from(values, (value) => value / total);
}

/** Number of operator-Schmidt coefficients above 1e-12 of the total. */
export function operatorSchmidtRank(process: SemiFactoredProcess, token: number): number {
  return operatorSchmidtSpectrum(process, token).filter((value) => value > 1e-12).length;
}

/** Operator-Schmidt entropy of `T^token`, in bits. */
export function operatorSchmidtEntropy(process: SemiFactoredProcess, token: number): number {
  return operatorSchmidtSpectrum(process, token).reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);
}
