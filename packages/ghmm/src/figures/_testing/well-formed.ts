import { expect } from "vitest";

/** What a strict reader of XML would refuse in the figures drawn here: tags that do not match, bare markup, repeated attributes. */
export function expectWellFormed(svg: string): void {
  const open: string[] = [];
  let at = 0;
  for (const tag of svg.matchAll(/<!--[\s\S]*?-->|<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const between = svg.slice(at, tag.index);
    expect(between).not.toMatch(/[<>]|&(?!(?:[a-z]+|#\d+|#x[0-9a-f]+);)/);
    at = tag.index + tag[0].length;
    const [, closing, name = "", attributes = "", empty] = tag;
    const names = [...attributes.matchAll(/([\w:-]+)="/g)].map((match) => match[1]);
    expect(new Set(names).size).toBe(names.length);
    if (closing === "/") expect(open.pop()).toBe(name);
    else if (empty !== "/" && tag[2] !== undefined) open.push(name);
  }
  expect(svg.slice(at).trim()).toBe("");
  expect(open).toEqual([]);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
}
