import { describe, expect, it } from "vitest";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { mixedStatePresentation } from "./mixed-state-presentation.ts";
import { presentationToJson } from "./presentation-to-json.ts";

describe("presentationToJson", () => {
  it("has the states, classes and steps of Z1R, seven of which three are recurrent", () => {
    const presentation = mixedStatePresentation(zeroOneRandom({ p: 0.5 }));
    const json = presentationToJson(presentation);
    expect(json).toMatchObject({
      format: "semifactor.mixed-state-presentation",
      version: 1,
      stateDim: 3,
      complete: true,
    });
    expect(json.states.map(({ belief }) => belief)).toEqual(presentation.states.map((belief) => Array.from(belief)));
    expect(json.states.map(({ depth }) => depth)).toEqual([0, 1, 1, 2, 2, 2, 2]);
    expect(json.states.filter(({ recurrent }) => recurrent).length).toBe(3);
    expect(json.classes.map((members) => members.length)).toEqual([3]);
    expect(json.transitions).toEqual(presentation.transitions);
  });

  it("keeps all digits through text, and says where it was truncated", () => {
    const json = presentationToJson(mixedStatePresentation(mess3({ x: 0.15, a: 0.6 }), { maxStates: 13 }));
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json.complete).toBe(false);
    expect(json.states.filter(({ expanded }) => !expanded).length).toBe(9);
  });
});
