import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { countPoints, type PointSet } from "../presentation/point-set.ts";
import { checkList } from "../process/validate.ts";
import { type Projection, principalPlane, segment, triangle } from "./_internal/projection.ts";
import { groupColor, ink, px, svgDocument, textAt, textWidth } from "./_internal/svg.ts";

/** What {@link simplexPlot} takes. */
export interface SimplexPlotOptions {
  /** Group of each point, `[n]`, such as the last token: a colour each. */
  readonly groups?: ArrayLike<number>;
  /** Names of the groups for the legend; their numbers by default. */
  readonly groupNames?: readonly string[];
  /** Weight of each point, `[n]`, such as its probability: the area of its dot. */
  readonly weights?: ArrayLike<number>;
  /** Names of the states at the corners, `state 0`, `state 1`, ... by default. */
  readonly labels?: readonly string[];
  /** Simplex with a corner for each state, or plane of principal axes; by default the simplex where that can be drawn. */
  readonly projection?: "simplex" | "principal-axes";
  /** Width in pixels, 480 by default, from 120 to 4096. */
  readonly width?: number;
  /** Title, read out and shown on hover. */
  readonly title?: string;
  /** Description, read out; what is drawn by default. */
  readonly description?: string;
}

const SOURCE = "simplexPlot";
const MOST_POINTS = 2 ** 20;
/** Rounding of a distribution. */
const ROUNDING = 1e-6;

const bad = (problem: string, remedy: string) => new InvalidArgumentError({ source: SOURCE, problem, remedy });

/**
 * Draws beliefs over two states on a line, over three in a triangle, and others in the plane of their principal axes.
 *
 * A belief over three states is drawn at the mean of the corners, weighted by its probabilities. Beliefs that are no distributions
 * (of signed processes) are drawn in the plane of principal axes. Unweighted points that fall on the same hundredth of a pixel are
 * drawn once.
 *
 * @param beliefs - points `[n, d]`, such as those of `beliefPointCloud`, or a list of beliefs, such as the states of a presentation
 * @returns an SVG document that can be used inline and as a file
 * @throws ShapeError if there is no point, or groups, weights or labels have another length
 * @throws InvalidArgumentError if a number is not finite, an option is out of range, there are more than 2^20 points, or
 * a simplex is asked of points that are no distributions over two or three states
 * @example
 * ```ts
 * import { beliefPointCloud, createKey, mess3 } from "@semifactor/ghmm";
 * import { simplexPlot } from "@semifactor/ghmm/figures";
 *
 * const cloud = beliefPointCloud(mess3({ x: 0.05, a: 0.85 }), { points: 1000, key: createKey(0) });
 * const svg = simplexPlot(cloud, { groups: cloud.tokens, title: "Beliefs of Mess3" });
 * expect(svg.startsWith("<svg")).toBe(true);
 * ```
 */
export function simplexPlot(
  beliefs: PointSet | readonly ArrayLike<number>[],
  options: SimplexPlotOptions = {},
): string {
  const { groups, weights, width = 480, title = "Beliefs" } = options;
  const set = asPointSet(beliefs);
  const n = countPoints(SOURCE, set);
  if (n > MOST_POINTS) throw bad(`there are ${n} points`, `Draw at most ${MOST_POINTS}`);
  if (!(width >= 120 && width <= 4096)) throw bad(`width is ${width}`, "Give a number from 120 to 4096");
  checkColumn("groups", groups, n, (value) => Number.isInteger(value) && value >= 0 && value < 1024);
  checkColumn("weights", weights, n, (value) => Number.isFinite(value) && value >= 0);
  const projection = project(set, width, options);
  const members = groupMembers(groups, n);
  const [key, keyHeight] = groups === undefined ? ["", 0] : legend([...members.keys()], options.groupNames, width);
  const dots = [...members].map(([group, indices]) => {
    const color = groups === undefined ? ink : groupColor(group);
    return weights === undefined
      ? plainDots(projection.positions, indices, color, n)
      : weightedDots(projection.positions, indices, color, weights);
  });
  const { meaning, frame, height } = projection;
  const description = options.description ?? `${n} beliefs as points; ${meaning}.`;
  const body = `${key}<g transform="translate(0,${keyHeight})">${frame}<g class="data-mark">${dots.join("")}</g></g>`;
  return svgDocument(width, height + keyHeight, { title, description }, body);
}

function asPointSet(beliefs: PointSet | readonly ArrayLike<number>[]): PointSet {
  if (typeof beliefs === "object" && beliefs !== null && "dimension" in beliefs) return beliefs;
  checkList(SOURCE, "beliefs", beliefs);
  Array.from(beliefs, (belief, i) => checkList(SOURCE, `beliefs[${i}]`, belief));
  const dimension = beliefs[0]?.length ?? 0;
  const odd = beliefs.findIndex((belief) => belief.length !== dimension);
  if (odd >= 0) {
    throw new ShapeError({
      source: SOURCE,
      problem: `belief ${odd} has ${beliefs[odd]?.length} entries, the first has ${dimension}`,
      remedy: "Give beliefs of the same process",
    });
  }
  return { points: beliefs.flatMap((belief) => Array.from(belief)), dimension };
}

function checkColumn(
  name: string,
  column: ArrayLike<number> | undefined,
  n: number,
  accepts: (value: number) => boolean,
): void {
  if (column === undefined) return;
  if (column.length !== n) {
    throw new ShapeError({
      source: SOURCE,
      problem: `${name} has ${column.length} entries for ${n} points`,
      remedy: "Give one for each point",
    });
  }
  for (let i = 0; i < n; i++) {
    const value = column[i] ?? Number.NaN;
    if (!accepts(value))
      throw bad(`entry ${i} of ${name} is ${value}`, `${name} are numbers from 0, groups integers below 1024`);
  }
}

function project({ points, dimension }: PointSet, width: number, options: SimplexPlotOptions): Projection {
  const { labels = Array.from({ length: dimension }, (_, s) => `state ${s}`), projection } = options;
  if (labels.length !== dimension) {
    throw new ShapeError({
      source: SOURCE,
      problem: `${labels.length} labels for ${dimension} states`,
      remedy: "Give one for each state",
    });
  }
  if (projection !== undefined && projection !== "simplex" && projection !== "principal-axes") {
    throw bad(`projection is ${JSON.stringify(projection)}`, 'Give "simplex" or "principal-axes"');
  }
  const drawable = (dimension === 2 || dimension === 3) && areDistributions(points, dimension);
  if (projection === "simplex" && !drawable) {
    throw bad(
      `the points are no distributions over two or three states (dimension ${dimension})`,
      'Leave projection out or give "principal-axes"',
    );
  }
  if (!drawable || projection === "principal-axes") return principalPlane(points, dimension, width);
  return dimension === 2 ? segment(points, labels, width) : triangle(points, labels, width);
}

function areDistributions(points: ArrayLike<number>, dimension: number): boolean {
  for (let i = 0; i < points.length; i += dimension) {
    let sum = 0;
    for (let s = 0; s < dimension; s++) {
      const value = points[i + s] ?? 0;
      if (value < -ROUNDING) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > ROUNDING) return false;
  }
  return true;
}

/** Indices of the points of each group, by the number of the group. */
function groupMembers(groups: ArrayLike<number> | undefined, n: number): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const group = groups?.[i] ?? 0;
    const list = members.get(group);
    if (list === undefined) members.set(group, [i]);
    else list.push(i);
  }
  return new Map([...members].sort(([a], [b]) => a - b));
}

/** Dots of one size as one path: lines of no length with round ends. */
function plainDots(positions: Float64Array, indices: readonly number[], color: string, total: number): string {
  const diameter = total <= 200 ? 6 : total <= 2000 ? 3 : total <= 20_000 ? 1.6 : 1;
  const places = new Set(indices.map((i) => `${px(positions[2 * i] ?? 0)} ${px(positions[2 * i + 1] ?? 0)}`));
  const path = [...places].map((place) => `M${place}h0`).join("");
  return `<path d="${path}" stroke="${color}" stroke-width="${diameter}" stroke-linecap="round" fill="none"/>`;
}

/** Dots whose areas are in the ratio of their weights. */
function weightedDots(
  positions: Float64Array,
  indices: readonly number[],
  color: string,
  weights: ArrayLike<number>,
): string {
  let largest = 0;
  for (let i = 0; i < weights.length; i++) largest = Math.max(largest, weights[i] ?? 0);
  const circles = indices.map((i) => {
    const radius = largest > 0 ? Math.max(0.5, 9 * Math.sqrt((weights[i] ?? 0) / largest)) : 0.5;
    return `<circle cx="${px(positions[2 * i] ?? 0)}" cy="${px(positions[2 * i + 1] ?? 0)}" r="${px(radius)}"/>`;
  });
  return `<g fill="${color}" fill-opacity="0.75" stroke="#fff" stroke-width="0.5">${circles.join("")}</g>`;
}

/** A line or more of names, each with its colour; and its height. */
function legend(groups: readonly number[], names: readonly string[] | undefined, width: number): [string, number] {
  let [x, y] = [12, 18];
  const items = groups.map((group) => {
    const name = names?.[group] ?? String(group);
    const size = 20 + textWidth(name) + 14;
    if (x > 12 && x + size > width) [x, y] = [12, y + 20];
    const item = `<circle cx="${px(x + 6)}" cy="${y - 4}" r="5" fill="${groupColor(group)}"/>${textAt(x + 16, y, name, 'text-anchor="start"')}`;
    x += size;
    return item;
  });
  return [items.join(""), y + 8];
}
