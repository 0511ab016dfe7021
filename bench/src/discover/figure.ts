import type { Summary } from "./summary.ts";

const PANEL = { width: 270, height: 220, left: 62, top: 34, gap: 70, bottom: 56, legend: 250 };
const COLORS = ["#3b6ea8", "#c2571a", "#3d8b4f", "#8a5aa8", "#777777", "#b0355a"] as const;

const power = (exponent: number): string => `10<tspan dy="-4" font-size="8">${exponent}</tspan>`;

type Error = "lawError" | "weightError";

/** One log-log panel: an error against the number of sequences, a line for each process; hollow where the number found is wrong. */
function panel(rows: readonly Summary[], error: Error, title: string, k: number): string {
  const { width, height, left, top, gap } = PANEL;
  const x0 = left + k * (width + gap);
  const processes = [...new Set(rows.map(({ process }) => process))];
  const values = rows.flatMap((row) => (row[error] === undefined || row[error].mean < 1e-9 ? [] : [row[error].mean]));
  const xs = rows.map(({ sequences }) => Math.log10(sequences));
  const [lowX, highX] = [Math.min(...xs), Math.max(...xs)];
  const [lowY, highY] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  const px = (x: number): number => x0 + 12 + ((Math.log10(x) - lowX) / Math.max(1e-9, highX - lowX)) * (width - 24);
  const py = (y: number): number => {
    const clamped = Math.max(lowY, Math.log10(Math.max(y, 1e-300)));
    return top + height - ((clamped - lowY) / Math.max(1e-9, highY - lowY)) * height;
  };
  const ticks = Array.from({ length: highY - lowY + 1 }, (_, i) => lowY + i);
  const sizes = [...new Set(rows.map(({ sequences }) => sequences))];
  const lines = processes.map((process, i) => {
    const color = COLORS[i % COLORS.length];
    const points = rows.flatMap((row) => {
      const estimate = row[error];
      return row.process === process && estimate !== undefined && estimate.mean > 1e-9 ? [{ ...row, ...estimate }] : [];
    });
    return [
      `<polyline points="${points.map(({ sequences, mean }) => `${px(sequences).toFixed(1)},${py(mean).toFixed(1)}`).join(" ")}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
      ...points.map(({ sequences, mean, standardError, right, keys }) => {
        const [x, y] = [px(sequences).toFixed(1), py(mean).toFixed(1)];
        const bar = `<line x1="${x}" x2="${x}" y1="${py(mean - standardError).toFixed(1)}" y2="${py(mean + standardError).toFixed(1)}" stroke="${color}"/>`;
        const fill = right === keys ? color : "white";
        return `${bar}<circle cx="${x}" cy="${y}" r="3.5" fill="${fill}" stroke="${color}" stroke-width="1.5"/>`;
      }),
    ].join("\n");
  });
  return [
    `<rect x="${x0}" y="${top}" width="${width}" height="${height}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>`,
    ...ticks.map(
      (y) =>
        `<line x1="${x0 - 4}" x2="${x0 + width}" y1="${py(10 ** y)}" y2="${py(10 ** y)}" stroke="currentColor" stroke-opacity="0.2"/>` +
        `<text x="${x0 - 8}" y="${py(10 ** y) + 4}" text-anchor="end">${power(y)}</text>`,
    ),
    ...sizes.map((n) => {
      const exponent = Math.log10(n);
      const label = Number.isInteger(exponent) ? power(exponent) : String(n);
      return `<text x="${px(n).toFixed(1)}" y="${top + height + 16}" text-anchor="middle">${label}</text>`;
    }),
    ...lines,
    `<text x="${x0 + width / 2}" y="${top - 10}" text-anchor="middle" font-weight="600">${title}</text>`,
    `<text x="${x0 + width / 2}" y="${top + height + 38}" text-anchor="middle">sequences</text>`,
  ].join("\n");
}

/** Errors of personas found from tokens alone against the number of sequences, as an SVG drawing. */
export function discoverFigure(rows: readonly Summary[]): string {
  const { width, height, left, top, gap, bottom, legend } = PANEL;
  const end = left + 2 * width + gap;
  const processes = [...new Set(rows.map(({ process }) => process))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${end + legend} ${top + height + bottom}" font-family="sans-serif" font-size="11" fill="currentColor" role="img" aria-label="Errors of the laws and weights of personas found from tokens against the number of sequences">`,
    panel(rows, "lawError", "law of a persona, total variation", 0),
    panel(rows, "weightError", "largest error of a weight", 1),
    ...processes.map(
      (process, i) =>
        `<line x1="${end + 18}" x2="${end + 38}" y1="${top + 14 + 18 * i}" y2="${top + 14 + 18 * i}" stroke="${COLORS[i % COLORS.length]}" stroke-width="2"/>` +
        `<text x="${end + 44}" y="${top + 18 + 18 * i}">${process}</text>`,
    ),
    `<text x="${end + 18}" y="${top + 36 + 18 * processes.length}">filled: the number of personas</text>`,
    `<text x="${end + 18}" y="${top + 51 + 18 * processes.length}">is found with every key</text>`,
    "</svg>\n",
  ].join("\n");
}
