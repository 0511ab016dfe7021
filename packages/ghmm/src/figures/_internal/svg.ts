export const ink = "#1b1f24";
export const softInk = "#4a5360";
export const hairline = "#dfe3e8";
export const fontSize = 12;
export const fontFamily = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif";

/** Okabe and Ito's colours, safe for the common colour-vision deficiencies, darkened for thin marks on white. */
const colors = ["#0060a0", "#d55e00", "#008a64", "#b0568c", "#b07800", "#2f8fc4", "#555555", "#000000"] as const;

/** The colour of the i-th group; past the eighth they repeat. */
export function groupColor(index: number): string {
  return colors[index % colors.length] ?? ink;
}

/** Text as XML: markup escaped, characters that XML forbids left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
}

/** A coordinate in pixels, to a hundredth. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A line of text; `attributes` go into the element as they are. */
export function textAt(x: number, y: number, text: string, attributes = ""): string {
  return `<text x="${px(x)}" y="${px(y)}"${attributes === "" ? "" : ` ${attributes}`}>${escapeXml(text)}</text>`;
}

/** About how wide a text is, in pixels: generous for Latin letters. */
export function textWidth(text: string): number {
  return 0.58 * fontSize * [...text].length;
}

/** What names a drawing to those who do not see it. */
export interface SvgNames {
  readonly title: string;
  readonly description: string;
}

/** The start of an SVG document: the attributes and elements that every figure has. */
export function svgHead(width: string, height: string, viewBox: string, { title, description }: SvgNames): string {
  const name = escapeXml(title);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" ` +
    `viewBox="${viewBox}" style="max-width:100%;height:auto" role="img" aria-label="${name}"><title>${name}</title><desc>${escapeXml(description)}</desc>`
  );
}

/** A whole SVG document on a white ground. */
export function svgDocument(width: number, height: number, names: SvgNames, body: string): string {
  const [w, h] = [px(width), px(height)];
  return (
    `${svgHead(w, h, `0 0 ${w} ${h}`, names)}<rect width="${w}" height="${h}" fill="#fff"/>` +
    `<g font-family="${fontFamily}" font-size="${fontSize}" fill="${ink}" text-anchor="middle">${body}</g></svg>`
  );
}
