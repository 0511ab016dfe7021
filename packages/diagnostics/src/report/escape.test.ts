import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError } from "@semifactor/ghmm";
import { JSDOM } from "jsdom";
import { describe, expect } from "vitest";
import { figures } from "./_testing/figures.ts";
import { escapeHtml, inspectSvg } from "./escape.ts";
import { renderReport } from "./render-report.ts";

describe("escapeHtml", () => {
  test("escapes the five characters and drops control characters", () => {
    expect(escapeHtml(`<a href="x">'&'</a>\u0000\u0007`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  });

  // C0 controls and the carriage return (which the parser turns into a line feed) are taken out of the alphabet.
  const printable = fc
    .string({
      unit: fc.oneof(fc.constantFrom("&", "<", ">", '"', "'", ";"), fc.string({ minLength: 1, maxLength: 1 })),
    })
    .map((text) => text.replace(/\p{Cc}/gu, ""));
  test.prop([printable])("a parser reads the same text back, from content and from both kinds of quotes", (text) => {
    const safe = escapeHtml(text);
    const { body } = new JSDOM(`<body><p title="${safe}" lang='${safe}'>x${safe}</p></body>`).window.document;
    expect(body.children).toHaveLength(1);
    expect(body.firstElementChild?.textContent).toBe(`x${text}`);
    expect(body.firstElementChild?.getAttribute("title")).toBe(text);
    expect(body.firstElementChild?.getAttribute("lang")).toBe(text);
  });

  test("tabs and line breaks stay", () => {
    expect(escapeHtml("a\tb\nc")).toBe("a\tb\nc");
  });
});

describe("inspectSvg", () => {
  test.each(figures.map((figure) => [figure.title, figure.svg]))("accepts %s", (_, svg) => {
    expect(inspectSvg(svg)).toBeUndefined();
  });

  test.each([
    ["", "is not one <svg> element"],
    ["<div></div>", "is not one <svg> element"],
    ["<svg></svg><svg></svg>", "is not one <svg> element"],
    ["<svg></svg><script>x()</script></svg>", "is not one <svg> element"],
    ["<svg><script>x()</script></svg>", "contains <script>"],
    ["<svg><foreignObject></foreignObject></svg>", "contains <foreignObject>"],
    ['<svg><image href="x"/></svg>', "contains <image>"],
    ['<svg><a href="javascript:x()">t</a></svg>', "contains <a>"],
    ["<svg onload=x()></svg>", "has the event handler onload"],
    ['<svg><g/onclick="x()"></g></svg>', "has the event handler onclick"],
    ['<svg><path d="a"onclick="x()"></path></svg>', "has the event handler onclick"],
    ['<svg><g xlink:href="x"></g></svg>', "has a link"],
    ["<svg><style>@import 'x'</style></svg>", "loads an external resource"],
    ['<svg><g fill="url(http://x)"></g></svg>', "loads an external resource"],
    ["<svg><style>g{fill:u\\72l(http://x)}</style></svg>", "loads an external resource"],
    ['<svg><g fill="ur&#108;(http://x)"></g></svg>', "loads an external resource"],
    ['<svg><g fill="ur&#x6C(http://x)"></g></svg>', "loads an external resource"],
    ['<svg><g fill="url&lpar;http://x)"></g></svg>', "loads an external resource"],
    ["<svg><style>g{mask:image-set('http://x')}</style></svg>", "loads an external resource"],
    ["<svg><g></svg>", "has malformed markup"],
    ["<svg><!-- <g> --></svg>", "has malformed markup"],
    ["<svg><g <g></svg>", "has malformed markup"],
  ])("%s: %s", (svg, problem) => {
    expect(inspectSvg(svg)).toBe(problem);
    const figure = { svg, marks: 0, title: "f", caption: "c" };
    expect(() => renderReport({ title: "t", sections: [{ heading: "h", figures: [figure] }] })).toThrow(
      InvalidArgumentError,
    );
  });

  test("quoted attribute values and fragments are no threat", () => {
    expect(
      inspectSvg('<svg><text aria-label="x onload=1 > y">onclick=1</text><g clip-path="url(#a)"/></svg>'),
    ).toBeUndefined();
  });
});
