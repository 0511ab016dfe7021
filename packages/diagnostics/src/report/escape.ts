const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for HTML content and quoted attributes, and drops control characters that HTML forbids. */
export function escapeHtml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing control characters is the purpose.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"']/g, (c) => entities[c] ?? c);
}

/** Elements a static figure is made of; anything else (script, foreignObject, image, a, use, animate, ...) is refused. */
const allowed = new Set(
  "svg g path rect circle ellipse line polyline polygon text tspan title desc style defs clippath lineargradient radialgradient stop marker mask pattern".split(
    " ",
  ),
);

/** Markup with the character references and CSS escapes resolved that could hide the name of a CSS function. */
function unescaped(markup: string): string {
  const character = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : "");
  return markup
    .replace(/&#(?:x([\da-f]+)|(\d+));?/gi, (_, hex?: string, decimal?: string) =>
      character(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replace(/&lpar;/g, "(")
    .replace(/&commat;/g, "@")
    .replace(/&bsol;/g, "\\")
    .replace(/\\(?:([\da-f]{1,6})\s?|(.))/gi, (_, hex?: string, plain?: string) =>
      hex === undefined ? (plain ?? "") : character(Number.parseInt(hex, 16)),
    );
}

/** Says what makes an SVG string unfit for a self-contained page; `undefined` when it is static. */
export function inspectSvg(svg: string): string | undefined {
  if (!/^<svg[\s>]/.test(svg) || !/<\/svg>\s*$/.test(svg)) return "is not one <svg> element";
  let depth = 0;
  let consumed = 0;
  for (const match of svg.matchAll(/<(\/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|'[^']*'|[^<>"'])*)>/g)) {
    const [whole, slash = "", name = "", attributes = ""] = match;
    if (svg.slice(consumed, match.index).includes("<")) return "has malformed markup";
    if (depth === 0 && consumed > 0) return "is not one <svg> element";
    consumed = match.index + whole.length;
    if (!allowed.has(name.toLowerCase())) return `contains <${name}>`;
    if (slash === "/") depth -= 1;
    else if (!/\/\s*$/.test(attributes)) depth += 1;
    const handler = /(?:^|\s|["'/])(on\w+)\s*=/i.exec(attributes.replace(/"[^"]*"|'[^']*'/g, '""'));
    if (handler !== null) return `has the event handler ${handler[1]}`;
    if (/(?:^|[\s"'/])(?:xlink:)?(?:href|src)\s*=/i.test(attributes.replace(/"[^"]*"|'[^']*'/g, '""')))
      return "has a link";
  }
  if (svg.slice(consumed).trim() !== "" || depth !== 0) return "has malformed markup";
  if (/@import|image-set|url\((?!\s*(?:["']|&quot;)?#)/i.test(unescaped(svg))) return "loads an external resource";
  return undefined;
}
