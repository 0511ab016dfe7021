const four = [0, 1, 2, 3] as const;

/** `fn name(i: u32, j: u32) -> mat4x4<f32>`: left_(i+r) . right_(j+s) in row r and place s, of a vector of a query and one of a key. */
export function dotTile(name: string, left: string, right: string): string {
  return `fn ${name}(i: u32, j: u32) -> mat4x4<f32> {
  let last = p.length - 1u;
${four.map((r) => `  let a${r} = vector_of(min(i + ${r}u, last));\n  let b${r} = key_of(min(j + ${r}u, last));`).join("\n")}
  var t: mat4x4<f32>;
  for (var c = 0u; c < p.dh; c++) {
    let b = vec4(${four.map((s) => `${right}_at(b${s} + c)`).join(", ")});
${four.map((r) => `    t[${r}] += ${left}_at(a${r} + c) * b;`).join("\n")}
  }
  return t;
}`;
}

/** `fn name(i: u32, column: u32) -> mat4x4<f32>`: sum over the keys j <= i + r, from the first that query i sees, of pattern_(i+r),j vectors_j in row r. */
export function sumTile(name: string, pattern: string, vectors: string): string {
  return `fn ${name}(i: u32, column: u32) -> mat4x4<f32> {
  let last = p.length - 1u;
${four.map((r) => `  let a${r} = pattern_of(min(i + ${r}u, last), 0u);\n  let c${r} = min(column + ${r}u, p.dh - 1u);`).join("\n")}
  var t: mat4x4<f32>;
  let end = min(i + 4u, p.length);
  for (var j = first_key(i); j < end; j++) {
    let at_vector = key_of(j);
    let b = vec4(${four.map((c) => `${vectors}_at(at_vector + c${c})`).join(", ")});
${four.map((r) => `    if (j <= i + ${r}u) { t[${r}] += ${pattern}_at(a${r} + j) * b; }`).join("\n")}
  }
  return t;
}`;
}

/** Writes the tile `t` of columns of a vector of four queries. */
export function putColumns(out: string): string {
  return four
    .map(
      (r) => `if (first + ${r}u < p.length) { let to = vector_of(first + ${r}u) + column;
${four.map((c) => `  if (column + ${c}u < p.dh) { ${out}_put(to + ${c}u, t[${r}][${c}]); }`).join("\n")} }`,
    )
    .join("\n");
}

/** Columns of a vector of four queries, shared out among the team: `tile` is a function made by {@link sumTile}. */
export function columnLoop(tile: string, out: string): string {
  return `if (wanted) {
  for (var column = 4u * member; column < p.dh; column += 4u * team) {
    let t = ${tile}(first, column);
${putColumns(out)}
  }
}`;
}

/** Keys of four queries, shared out among the team by blocks of four: `key` is the first of a block. */
export function keyLoop(from: string, to: string, body: string): string {
  return `if (wanted) {
  for (var block = ${from} + member; block <= ${to}; block += team) {
    let key = 4u * block;
${body}
  }
}`;
}

/** The same for each element of a tile: query first + r, key `key` + s. */
export function eachElement(element: (r: number, s: number) => string): string {
  return four.flatMap((r) => four.map((s) => element(r, s))).join("\n");
}

/** Scores scale q . k, capped where softCap > 0, and the slope of the cap there. */
export const scoreFunctions = `fn squash(score: f32) -> f32 { return tanh(clamp(score / p.softCap, -16.0, 16.0)); }
fn score_of(dot: f32) -> f32 {
  let score = p.scale * dot;
  if (p.softCap > 0.0) { return p.softCap * squash(score); }
  return score;
}
fn slope_of(dot: f32) -> f32 {
  let height = squash(p.scale * dot);
  return 1.0 - height * height;
}`;
