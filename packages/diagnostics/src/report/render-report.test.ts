import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { JSDOM } from "jsdom";
import { describe, expect } from "vitest";
import { type Figure, markSelector } from "../figures/figure.ts";
import { learningCurves } from "../figures/learning-curves.ts";
import { pointGrid } from "../figures/point-grid.ts";
import { probeTable } from "../figures/probe-table.ts";
import { shiftCurves } from "../figures/shift-curves.ts";
import { escapeHtml, inspectSvg } from "./escape.ts";
import { renderReport } from "./render-report.ts";

const { document } = new JSDOM("").window;
const steps = [0, 10, 20];
const figures: readonly Figure[] = [
  learningCurves({ document, curves: [{ cell: "shared", steps, excessLoss: [1, 0.1, 0.01] }] }),
  shiftCurves({ document, panels: [{ cell: "shared", adapter: "D*", steps, held: [0, 0.5, 1] }] }),
  pointGrid({ document, points: [{ row: "shared", column: "pairs", seed: 0, value: 0.9 }] }),
  probeTable({ document, cells: [{ row: "persona", layer: "blocks.0.hook_resid_pre", r2: 0.3 }] }),
];
const html = renderReport({
  title: "A study",
  subtitle: "n = 1",
  sections: [
    {
      heading: "Result",
      paragraphs: ["First.", "Second."],
      tables: [
        {
          caption: "Shift",
          columns: ["cell", "held", "frac"],
          rows: [
            ["shared", "−0.05", 1],
            ["independent", "0.94 ± 0.02", "—"],
          ],
        },
      ],
    },
    { heading: "Figures", figures },
  ],
});

describe("renderReport", () => {
  test("is a document with the parts it was given, in order", () => {
    const page = new JSDOM(html).window.document;
    expect(page.doctype?.name).toBe("html");
    expect(page.compatMode).toBe("CSS1Compat");
    expect(page.documentElement.lang).toBe("en");
    expect(page.title).toBe("A study");
    expect([...page.querySelectorAll("h1, h2")].map((h) => h.textContent)).toEqual(["A study", "Result", "Figures"]);
    expect([...page.querySelectorAll("section p")].map((p) => p.textContent)).toEqual(["First.", "Second."]);
    expect(page.querySelector("caption")?.textContent).toBe("Shift");
    expect(page.querySelectorAll('thead th[scope="col"]')).toHaveLength(3);
    expect([...page.querySelectorAll("tbody tr")].map((row) => [...row.children].map((td) => td.textContent))).toEqual([
      ["shared", "−0.05", "1"],
      ["independent", "0.94 ± 0.02", "—"],
    ]);
    expect([...page.querySelectorAll("thead th")].map((th) => th.className)).toEqual(["", "number", "number"]);
  });

  test("every figure is drawn inline with its caption, and its marks are what data-marks says", () => {
    const page = new JSDOM(html).window.document;
    const drawn = [...page.querySelectorAll("figure")];
    expect(drawn).toHaveLength(figures.length);
    drawn.forEach((element, i) => {
      const figure = figures[i];
      expect(element.querySelectorAll(markSelector)).toHaveLength(Number(element.dataset.marks));
      expect(element.dataset.marks).toBe(String(figure?.marks));
      expect(element.querySelector("figcaption")?.textContent).toBe(`${figure?.title}. ${figure?.caption}`);
      expect(element.querySelector("svg")?.namespaceURI).toBe("http://www.w3.org/2000/svg");
    });
  });

  test("the markup is balanced: the parser has nothing to repair", () => {
    // Serialising what the parser understood gives back the same tags.
    const tags = (text: string) =>
      [...text.matchAll(/<(\/?[a-z][a-z0-9]*)/gi)]
        .map((match) => match[1]?.toLowerCase())
        .filter((tag) => !/^\/?(tbody)$/.test(tag ?? ""));
    expect(tags(new JSDOM(html).serialize())).toEqual(tags(html));
    expect(new JSDOM(html).window.document.querySelectorAll("[id]")).toHaveLength(2);
  });

  test("loads nothing: no script, no link, no external address", () => {
    const page = new JSDOM(html).window.document;
    expect(page.querySelector("script, link, img, iframe, object, embed, [src], [href]")).toBeNull();
    expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|\/\/[a-z]|@import|url\(/i);
  });

  test.prop([
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "</style><script>x()</script>",
      '"><img src=x onerror=x()>',
      "&lt;b&gt;",
      "' onload='x()",
      "]]>",
      "<!--",
    ),
  ])("hostile text comes back as that text everywhere", (noise, attack) => {
    const text = `a ${noise.replace(/[\p{C}\s]/gu, " ")} ${attack} z`;
    const figure: Figure = { svg: "<svg></svg>", marks: 0, title: text, caption: text };
    const page = new JSDOM(
      renderReport({
        title: text,
        subtitle: text,
        language: text,
        sections: [
          {
            heading: text,
            paragraphs: [text],
            tables: [{ caption: text, columns: [text], rows: [[text]] }],
            figures: [figure],
          },
        ],
      }),
    ).window.document;
    expect(page.querySelector("script, img, b, [onload], [onerror]")).toBeNull();
    for (const selector of ["h1", "p.subtitle", "h2", "section p", "caption", "th", "td"]) {
      expect(page.querySelector(selector)?.textContent).toBe(text);
    }
    expect(page.querySelector("figcaption")?.textContent).toBe(`${text}. ${text}`);
    expect(page.documentElement.getAttribute("lang")).toBe(text);
  });

  test("its policy forbids scripts and requests, and a number of marks is a number", () => {
    const { document: page } = new JSDOM(renderReport({ title: "t", sections: [] })).window;
    const policy = page.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute("content");
    expect(policy).toBe("default-src 'none'; style-src 'unsafe-inline'");
    const figure = { svg: "<svg></svg>", marks: Number.NaN, title: "f", caption: "c" };
    expect(() => renderReport({ title: "t", sections: [{ heading: "h", figures: [figure] }] })).toThrow(/marks.*NaN/);
  });

  test("equal input gives equal output", () => {
    const options = { title: "t", sections: [{ heading: "h", figures }] };
    expect(renderReport(options)).toBe(renderReport(options));
  });

  test("a ragged table is refused by name", () => {
    const tables = [{ caption: "Shift", columns: ["a", "b"], rows: [["1", "2"], ["1"]] }];
    const call = () => renderReport({ title: "t", sections: [{ heading: "h", tables }] });
    expect(call).toThrow(ShapeError);
    expect(call).toThrow('row 1 of table "Shift" has 1 cells for 2 columns');
  });
});

describe("escapeHtml", () => {
  test("escapes the five characters and drops control characters", () => {
    expect(escapeHtml(`<a href="x">'&'</a>\u0000\u0007`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
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
