import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { layoutTokens } from "./layout-tokens.ts";

describe("layoutTokens", () => {
  // Golden 46 (simplexity).
  test("begins, ends and pads a row", () => {
    const row = layoutTokens([5, 2, 8], { length: 7, bos: 99, eos: 100, pad: 101 });
    expect(Array.from(row)).toEqual([99, 5, 2, 8, 100, 101, 101]);
  });

  const layout = fc.record({
    body: fc.array(fc.nat(9), { maxLength: 5 }),
    bos: fc.option(fc.constant(10), { nil: undefined }),
    eos: fc.option(fc.constant(11), { nil: undefined }),
    free: fc.nat(3),
  });
  test.prop([layout])("the row is the parts one after the other", ({ body, bos, eos, free }) => {
    const parts = [...(bos === undefined ? [] : [bos]), ...body, ...(eos === undefined ? [] : [eos])];
    const boundaries = { ...(bos === undefined ? {} : { bos }), ...(eos === undefined ? {} : { eos }) };
    const row = layoutTokens(Uint8Array.from(body), { length: parts.length + free, pad: 12, ...boundaries });
    expect(Array.from(row)).toEqual([...parts, ...new Array<number>(free).fill(12)]);
  });

  test("bad input", () => {
    const refuse = (body: number[], options: Parameters<typeof layoutTokens>[1], message: string) => {
      expect(() => layoutTokens(body, options)).toThrow(InvalidArgumentError);
      expect(() => layoutTokens(body, options)).toThrow(message);
    };
    refuse([1, 2], { length: 3, bos: 0, eos: 0 }, "4 tokens do not fit into a row of 3");
    refuse([1, 2], { length: 3 }, "2 tokens leave 1 places free");
    refuse([1, -2], { length: 2 }, "the token at position 1 is -2");
    refuse([1, Number.NaN], { length: 2 }, "the token at position 1 is NaN");
    refuse([1], { length: 2, bos: 0.5 }, "bos is 0.5");
    refuse([1], { length: 2, pad: Number.POSITIVE_INFINITY }, "pad is Infinity");
    refuse([], { length: -1 }, "length is -1");
    refuse([], { length: Number.NaN }, "length is NaN");
  });
});
