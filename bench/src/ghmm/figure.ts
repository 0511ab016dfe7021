import type { Scaling } from "./scaling.ts";

const PANEL = { width: 250, height: 200, left: 62, top: 34, gap: 72, bottom: 56 };

const power = (exponent: number): string => `10<tspan dy="-4" font-size="8">${exponent}</tspan>`;

/** One log-log panel: points, the fitted line, ticks at powers of ten in time and at the measured sizes. */
function panel({ axis, fixed, points, exponent, standardError }: Scaling, k: number): string {
  const { width, height, left, top, gap } = PANEL;
  const x0 = left + k * (width + gap);
  const logs = points.map(({ x, y }) => ({ x: Math.log10(x), y: Math.log10(y) }));
  const [lowX = 0, highX = 1] = [logs[0]?.x, logs.at(-1)?.x];
  const meanX = logs.reduce((sum, { x }) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, { y }) => sum + y, 0) / logs.length;
  const ends = [lowX, highX].map((x) => ({ x, y: meanY + exponent * (x - meanX) }));
  const heights = [...logs, ...ends].map(({ y }) => y);
  const lowY = Math.floor(Math.min(...heights));
  const highY = Math.ceil(Math.max(...heights));
  const px = (x: number): number => x0 + 12 + ((x - lowX) / (highX - lowX)) * (width - 24);
  const py = (y: number): number => top + height - ((y - lowY) / (highY - lowY)) * height;
  const line = ends.map(({ x, y }) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`);
  const yTicks = Array.from({ length: highY - lowY + 1 }, (_, i) => lowY + i);
  return [
    `<rect x="${x0}" y="${top}" width="${width}" height="${height}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>`,
    ...yTicks.map(
      (y) =>
        `<line x1="${x0 - 4}" x2="${x0 + width}" y1="${py(y)}" y2="${py(y)}" stroke="currentColor" stroke-opacity="0.2"/>` +
        `<text x="${x0 - 8}" y="${py(y) + 4}" text-anchor="end">${power(y)}</text>`,
    ),
    ...logs.map(
      ({ x }, i) =>
        `<text x="${px(x).toFixed(1)}" y="${top + height + 15}" text-anchor="middle" font-size="9">${points[i]?.x}</text>`,
    ),
    `<polyline points="${line.join(" ")}" fill="none" stroke="#3b6ea8" stroke-width="1.5"/>`,
    ...logs.map(({ x, y }) => `<circle cx="${px(x).toFixed(1)}" cy="${py(y).toFixed(1)}" r="3" fill="#c2571a"/>`),
    `<text x="${x0 + width / 2}" y="${top - 18}" text-anchor="middle" font-weight="600">exponent ${exponent.toFixed(2)} ± ${standardError.toFixed(2)}</text>`,
    `<text x="${x0 + width / 2}" y="${top - 5}" text-anchor="middle" font-size="10">${fixed}</text>`,
    `<text x="${x0 + width / 2}" y="${top + height + 34}" text-anchor="middle">${axis}</text>`,
  ].join("\n");
}

/** Seconds of one call of filterBeliefs against d, length and count, as an SVG drawing. */
export function costFigure(scalings: readonly Scaling[]): string {
  const { width, height, left, top, gap, bottom } = PANEL;
  const total = left + scalings.length * (width + gap) - gap + 16;
  const middle = top + height / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total} ${top + height + bottom}" font-family="sans-serif" font-size="11" fill="currentColor" role="img" aria-label="Cost of filtering against d, length and count">`,
    ...scalings.map(panel),
    `<text x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">seconds</text>`,
    "</svg>\n",
  ].join("\n");
}
