import { InvalidArgumentError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockPartition } from "../arbitraries/partitions.ts";
import { type BlockDefinition, type Cell, partition } from "./partition.ts";
import { tensorStructure } from "./tensor-structure.ts";

const structure = tensorStructure({
  factors: [
    { name: "persona", dimension: 3 },
    { name: "phase", dimension: 2 },
  ],
});

describe("partition", () => {
  test("blocks are disjoint, cover every state and agree with blockOf", () => {
    fc.assert(
      fc.property(blockPartition(), ({ blocks, blockOf, structure: { stateDim } }) => {
        const states = blocks.flatMap((block) => block.states);
        expect([...states].sort((x, y) => x - y)).toEqual(Array.from({ length: stateDim }, (_, s) => s));
        blocks.forEach(({ states: own }, beta) => {
          for (const s of own) expect(blockOf[s]).toBe(beta);
        });
      }),
    );
  });

  test.each([
    ["sector", "sectors", 3],
    ["cell", "cells", 6],
    [
      "sector",
      [
        [
          [0, 0],
          [0, 1],
          [2, 0],
          [2, 1],
        ],
        [
          [1, 0],
          [1, 1],
        ],
      ],
      2,
    ],
    [
      "graph",
      [
        [
          [0, 0],
          [1, 1],
          [2, 0],
        ],
        [
          [0, 1],
          [1, 0],
          [2, 1],
        ],
      ],
      2,
    ],
    [
      "sector",
      [
        [
          [0, 0],
          [1, 0],
          [2, 0],
        ],
        [
          [0, 1],
          [1, 1],
          [2, 1],
        ],
      ],
      2,
    ],
  ] satisfies [string, BlockDefinition, number][])("is a %s partition for blocks %j", (kind, blocks, count) => {
    const made = partition({ structure, blocks });
    expect(made.kind).toBe(kind);
    expect(made.blocks.length).toBe(count);
  });

  test("with three factors, names those that the block depends on", () => {
    const bit = (name: string) => ({ name, dimension: 2 });
    const bits = tensorStructure({ factors: [bit("a"), bit("b"), bit("c")] });
    const cells = [0, 1, 2, 3, 4, 5, 6, 7].map((s) => [(s >> 2) & 1, (s >> 1) & 1, s & 1]);
    const by = (label: (cell: readonly number[]) => number) =>
      partition({ structure: bits, blocks: [0, 1].map((value) => cells.filter((cell) => label(cell) === value)) });
    expect(by(([, b = 0]) => b)).toMatchObject({ kind: "sector", conserved: ["b"] });
    expect(by(([a = 0, , c = 0]) => a ^ c)).toMatchObject({ kind: "graph", conserved: ["a", "c"] });
    expect(partition({ structure: bits, blocks: "cells" })).toMatchObject({ kind: "cell", conserved: ["a", "b", "c"] });
    expect(partition({ structure: bits, blocks: "sectors" })).toMatchObject({ kind: "sector", conserved: ["a"] });
  });

  test("sectors may hold several coordinates", () => {
    const made = partition({ structure, sectors: [[[0, 2], [1]], [[0, 1]]], blocks: "sectors" });
    expect(made.blocks.map(({ states }) => states)).toEqual([
      [0, 1, 4, 5],
      [2, 3],
    ]);
    expect(made.kind).toBe("sector");
  });

  test.each([
    ["only one block", { sectors: [[[0, 1, 2]], [[0, 1]]], blocks: "sectors" }, "there is only one block"],
    ["an empty sector", { sectors: [[[0, 1, 2], []], [[0, 1]]], blocks: "sectors" }, "sector 1 of persona is empty"],
    [
      "a state in two sectors",
      {
        sectors: [
          [
            [0, 1],
            [1, 2],
          ],
          [[0, 1]],
        ],
        blocks: "sectors",
      },
      "state 1 of persona is in two",
    ],
    [
      "a state in no sector",
      { sectors: [[[0], [1]], [[0, 1]]], blocks: "sectors" },
      "the sectors of persona cover 2 of 3 states",
    ],
    ["a sector out of range", { sectors: [[[0], [1, 3]], [[0, 1]]], blocks: "sectors" }, "sector 1 of persona is 3"],
    ["a missing cell", { blocks: [[[0, 0]], [[0, 1]]] }, "joint state 2 is in no block"],
    ["a repeated cell", { blocks: [[[0, 0]], [[0, 0]]] }, "block 1 repeats a cell"],
    ["an empty block", { blocks: [[], [[0, 0]]] }, "block 0 is empty"],
    ["a cell out of range", { blocks: [[[3, 0]], [[0, 0]]] }, "the sector of persona in a cell of block 0 is 3"],
    ["a cell of too few factors", { blocks: [[[0]], [[1]]] }, "a cell of block 0 is [0] for 2 factors"],
    ["sectors of one factor only", { sectors: [[[0, 1, 2]]], blocks: "sectors" }, "sectors has 1 entries"],
    ["an unknown word", { blocks: "rows" }, 'blocks is "rows"'],
  ])("refuses %s", (_, options, message) => {
    // written as data, as an untyped caller would
    const make = () => partition({ structure, ...JSON.parse(JSON.stringify(options)) });
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(`partition: ${message}`);
  });

  test("does not keep the caller's cells and sectors", () => {
    const sectors: [number[][], number[][]] = [[[0, 1], [2]], [[0, 1]]];
    const blocks: [number, number][][] = [[[0, 0]], [[1, 0]]];
    const made = partition({ structure, sectors, blocks });
    sectors[0][0]?.push(9);
    blocks[0]?.push([7, 7]);
    const [cell] = blocks[1] ?? [];
    if (cell !== undefined) cell[0] = 5;
    expect(made.sectors[0]).toEqual([[0, 1], [2]]);
    expect(made.blocks.map(({ cells }) => cells)).toEqual([[[0, 0]], [[1, 0]]]);
  });

  test("refuses lists with holes, and cells that are no lists", () => {
    const square = tensorStructure({ factors: [{ name: "a", dimension: 2 }, { name: "c", dimension: 2 }] }); // biome-ignore format: one line
    const first: Cell[] = [[0, 0], [0, 1]]; // biome-ignore format: one line
    const second: Cell[] = [[1, 0], [1, 1]]; // biome-ignore format: one line
    const blocks: (readonly Cell[])[] = [];
    blocks[0] = first;
    blocks[2] = second;
    expect(() => partition({ structure: square, blocks })).toThrow("partition: blocks[1] is undefined");
    const cells: Cell[] = [];
    cells[0] = [0, 0];
    cells[2] = [0, 1];
    expect(() => partition({ structure: square, blocks: [cells, second] })).toThrow(
      "partition: blocks[0] is [[0,0],null,[0,1]]",
    );
    // @ts-expect-error a cell is a list of sectors
    expect(() => partition({ structure: square, blocks: [["00", "01"], ["10", "11"]] })).toThrow('blocks[0] is ["00","01"]'); // biome-ignore format: one line
    const sectors: (readonly number[])[] = [[0]];
    sectors[2] = [1];
    expect(() => partition({ structure: square, blocks: "sectors", sectors: [sectors, [[0], [1]]] })).toThrow("sector 1 of a is empty"); // biome-ignore format: one line
  });
});
