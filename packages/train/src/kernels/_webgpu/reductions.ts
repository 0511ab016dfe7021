import type { WebgpuVariant } from "../../engines/webgpu/webgpu-kernel.ts";

/** How the lanes of a workgroup are shared out over rows that are summed along, or over columns that are summed down. */
export interface Tile {
  /** Rows, or columns, of a workgroup. */
  readonly count: number;
  /** Lanes that sum one of them together. */
  readonly lanes: number;
}

const software = ({ gemm }: WebgpuVariant): boolean => gemm === "register-tiles";

/** Rows: 32 neighbouring lanes each, whose reads of a row are one stretch of memory; on a software adapter, where a barrier costs more than a row, one lane. */
export function rowTile(variant: WebgpuVariant): Tile {
  return software(variant) ? { count: 16, lanes: 1 } : { count: 8, lanes: 32 };
}

/** Columns: 8 neighbours are read together; 32 lanes of a column take every 32nd row of it. One lane on a software adapter. */
export function columnTile(variant: WebgpuVariant): Tile {
  return software(variant) ? { count: 16, lanes: 1 } : { count: 8, lanes: 32 };
}

/** Invocations of a workgroup that works on rows or columns. */
export function tileSize(variant: WebgpuVariant): number {
  return software(variant) ? 16 : 256;
}

/** `name(lane, value)`: for every lane the sum of `value` over the lanes that share its row or column, as a tree. All invocations of the workgroup must call it. */
function treeSum(name: string, lanes: number, size: number, indexInSum: string, step: number, first: string): string {
  if (lanes === 1) return `fn ${name}(lane: u32, value: f32) -> f32 { return value; }`;
  return `var<workgroup> ${name}_parts: array<f32, ${size}>;
fn ${name}(lane: u32, value: f32) -> f32 {
  workgroupBarrier();
  ${name}_parts[lane] = value;
  workgroupBarrier();
  for (var step = ${lanes / 2}u; step > 0u; step >>= 1u) {
    if (${indexInSum} < step) { ${name}_parts[lane] += ${name}_parts[lane + step * ${step}u]; }
    workgroupBarrier();
  }
  return ${name}_parts[${first}];
}`;
}

/** `row_sum(lane, value)`, where lane l belongs to row l / lanes. */
export function rowSum(variant: WebgpuVariant): string {
  const { lanes } = rowTile(variant);
  return treeSum("row_sum", lanes, tileSize(variant), `lane % ${lanes}u`, 1, `lane - lane % ${lanes}u`);
}

/** `column_sum(lane, value)`, where lane l belongs to column l mod count. */
export function columnSum(variant: WebgpuVariant): string {
  const { count, lanes } = columnTile(variant);
  return treeSum("column_sum", lanes, tileSize(variant), `lane / ${count}u`, count, `lane % ${count}u`);
}
