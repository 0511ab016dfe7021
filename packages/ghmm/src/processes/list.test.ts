import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { list } from "./list.ts";
import { processes } from "./namespace.ts";
import { describeRange } from "./parameter.ts";

type Values = Readonly<Record<string, number | readonly number[]>>;

const examples = (description: ReturnType<typeof list>[number]): Values =>
  Object.fromEntries(description.parameters.map(({ name, example }) => [name, example]));

describe.each(list().map((description) => [description.name, description] as const))(
  "list: %s",
  (name, description) => {
    test("belongs to the function of that name", () => {
      expect(description.create).toBe(Object.entries(processes).find(([key]) => key === name)?.[1]);
      expect(description.summary).toMatch(/^[A-Z0-9].*[^.]$/);
    });

    test("the examples construct, with the tokens and as many states as it says", () => {
      const process = description.create(examples(description));
      expect(process.alphabet).toEqual(description.alphabet);
      if (description.states !== undefined) expect(process.stateDim).toBe(description.states.length);
    });

    test("a parameter may be left out exactly if it has a default", () => {
      for (const { name: left, default: value } of description.parameters) {
        const { [left]: _, ...others } = examples(description);
        if (value === undefined) expect(() => description.create(others)).toThrow(Error);
        else {
          const [implicit, explicit] = [description.create(others), description.create({ ...others, [left]: value })];
          implicit.alphabet.forEach((__, x) => {
            expect(implicit.operator(x)).toEqual(explicit.operator(x));
          });
        }
      }
    });

    test("each parameter is refused outside its range, which the message names", () => {
      for (const parameter of description.parameters) {
        const { range, openEnds } = parameter;
        const [low, high] = range;
        const bad = [low - 0.1, high + 0.1, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
        if (openEnds?.[0]) bad.push(low);
        if (openEnds?.[1]) bad.push(high);
        for (const value of bad) {
          const { example } = parameter;
          const given = typeof example === "number" ? value : [example[0] ?? 1, value];
          // a last zero is allowed in a list
          if (typeof given !== "number" && value === 0) given.push(0.5);
          const call = () => description.create({ ...examples(description), [parameter.name]: given });
          expect(call).toThrow(InvalidArgumentError);
          expect(call).toThrow(new RegExp(`^${name}: ${parameter.name}.* is ${value}. Give `));
          expect(call).toThrow(`${describeRange(parameter)}.`);
        }
      }
    });

    test("the closed ends of each range are accepted, unless the parameters together are refused", () => {
      for (const parameter of description.parameters) {
        if (typeof parameter.example !== "number") continue;
        for (const end of [0, 1] as const) {
          if (parameter.openEnds?.[end]) continue;
          const create = () => description.create({ ...examples(description), [parameter.name]: parameter.range[end] });
          if (name === "mrName" && end === 1)
            expect(create).toThrow(InvalidArgumentError); // p + q is above 1
          else expect(create().initial.every(Number.isFinite)).toBe(true);
        }
      }
    });

    test("cannot be changed", () => {
      expect(Object.isFrozen(list())).toBe(true);
      for (const part of [description, description.parameters, description.alphabet, ...description.parameters]) {
        expect(Object.isFrozen(part)).toBe(true);
      }
    });
  },
);
