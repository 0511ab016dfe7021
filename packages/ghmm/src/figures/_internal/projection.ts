import { principalAxes } from "../../numeric/principal-axes.ts";
import { fontSize, hairline, ink, px, softInk, textAt, textWidth } from "./svg.ts";
import { ticks } from "./ticks.ts";

/** Where points are drawn, and the frame around them. */
export interface Projection {
  /** Positions in pixels, `[n, 2]`. */
  readonly positions: Float64Array;
  readonly width: number;
  readonly height: number;
  /** What is drawn behind the points. */
  readonly frame: string;
  /** What the position of a point means, for the description. */
  readonly meaning: string;
}

const margin = 34;

const polygon = (corners: readonly (readonly [number, number])[]): string =>
  `<path d="M${corners.map(([x, y]) => `${px(x)} ${px(y)}`).join("L")}Z" fill="none" stroke="${ink}" stroke-width="1"/>`;

/** Distributions over two states on a line: the probability of the second grows to the right. */
export function segment(points: ArrayLike<number>, labels: readonly string[], width: number): Projection {
  const [left = "", right = ""] = labels;
  const side = Math.max(margin, textWidth(left) / 2 + 6, textWidth(right) / 2 + 6);
  const [length, y] = [width - 2 * side, 44];
  const positions = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) positions.set([side + length * (points[i + 1] ?? 0), y], i);
  const scale = [0, 0.25, 0.5, 0.75, 1].map((value) => {
    const x = px(side + length * value);
    return `<path d="M${x} ${y + 14}v5" stroke="${softInk}"/>${textAt(side + length * value, y + 32, String(value), `fill="${softInk}"`)}`;
  });
  const frame =
    `<path d="M${px(side)} ${y}H${px(side + length)}" stroke="${ink}"/>${scale.join("")}` +
    textAt(side, y - 22, left, 'font-weight="600"') +
    textAt(side + length, y - 22, right, 'font-weight="600"') +
    textAt(side + length / 2, y + 50, `probability of ${right}`, `fill="${softInk}"`);
  return { positions, width, height: y + 62, frame, meaning: `position on the line: the probability of ${right}` };
}

/** Distributions over three states in a triangle: a point is the mean of the corners, weighted by its probabilities. */
export function triangle(points: ArrayLike<number>, labels: readonly string[], width: number): Projection {
  const [a = "", b = "", c = ""] = labels;
  const side = Math.max(margin, textWidth(b) / 2 + 6, textWidth(c) / 2 + 6);
  const edge = width - 2 * side;
  const top = 28;
  const base = top + (edge * Math.sqrt(3)) / 2;
  const corners = [
    [width / 2, top],
    [side, base],
    [side + edge, base],
  ] as const;
  const positions = new Float64Array((points.length / 3) * 2);
  for (let i = 0, at = 0; i < points.length; i += 3) {
    for (const axis of [0, 1] as const) {
      positions[at++] = corners.reduce((sum, corner, s) => sum + corner[axis] * (points[i + s] ?? 0), 0);
    }
  }
  const below = base + fontSize + 8;
  const frame =
    polygon(corners) +
    textAt(width / 2, top - 10, a, 'font-weight="600"') +
    textAt(side, below, b, 'font-weight="600"') +
    textAt(side + edge, below, c, 'font-weight="600"');
  return { positions, width, height: below + 12, frame, meaning: "each corner is certainty of one state" };
}

/** Points of any dimension in the plane of their two principal axes, on one scale. */
export function principalPlane(points: ArrayLike<number>, dimension: number, width: number): Projection {
  const n = points.length / dimension;
  const { axes, variances, coordinates } = principalAxes(points, dimension);
  const k = axes.length;
  const total = variances.reduce((sum, value) => sum + value, 0);
  const low = [0, 0];
  const high = [0, 0];
  const plane = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    for (let axis = 0; axis < 2; axis++) {
      const value = axis < k ? (coordinates[i * k + axis] ?? 0) : 0;
      plane[2 * i + axis] = value;
      low[axis] = Math.min(low[axis] ?? 0, value);
      high[axis] = Math.max(high[axis] ?? 0, value);
    }
  }
  const [left, top, right] = [58, 14, 16];
  const inner = width - left - right;
  const [lowX = 0, lowY = 0] = low;
  const [highX = 0, highY = 0] = high;
  const pad = 0.04 * (highX - lowX || 1);
  const scale = inner / (highX - lowX + 2 * pad);
  const innerHeight = Math.max(k > 1 ? 150 : 60, (highY - lowY + 2 * pad) * scale);
  const toX = (value: number) => left + (value - lowX + pad) * scale;
  const toY = (value: number) => top + innerHeight / 2 - (value - (lowY + highY) / 2) * scale;
  const positions = plane.map((value, at) => (at % 2 === 0 ? toX(value) : toY(value)));
  const share = (axis: number) => (total > 0 ? `${((100 * (variances[axis] ?? 0)) / total).toFixed(1)} %` : "0 %");
  const bottom = top + innerHeight;
  const step = Math.max(2, Math.round(inner / 90));
  const across = ticks(lowX, highX, step).map(
    (value) =>
      `<path d="M${px(toX(value))} ${px(top)}V${px(bottom)}" stroke="${hairline}"/>${textAt(toX(value), bottom + 16, String(value))}`,
  );
  const levels = k > 1 ? ticks(lowY, highY, Math.max(2, Math.round(innerHeight / 90))) : [];
  const up = levels.map(
    (value) =>
      `<path d="M${px(left)} ${px(toY(value))}H${px(left + inner)}" stroke="${hairline}"/>` +
      textAt(left - 6, toY(value) + 4, String(value), 'text-anchor="end"'),
  );
  const middle = px(top + innerHeight / 2);
  const frame =
    across.join("") +
    up.join("") +
    `<rect x="${left}" y="${top}" width="${px(inner)}" height="${px(innerHeight)}" fill="none" stroke="${ink}"/>` +
    textAt(left + inner / 2, bottom + 36, `principal axis 1 (${share(0)} of the variance)`) +
    (k > 1 ? `<text transform="translate(14,${middle}) rotate(-90)">principal axis 2 (${share(1)})</text>` : "");
  const meaning = `plane of the two principal axes, with ${share(0)} and ${share(1)} of the variance`;
  return { positions, width, height: bottom + 48, frame, meaning };
}
