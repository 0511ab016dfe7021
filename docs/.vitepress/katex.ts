import katex from "katex";

/** The parts of markdown-it that this rule uses. */
interface Markdown {
  readonly inline: {
    readonly ruler: { after(name: string, own: string, rule: (state: InlineState, silent: boolean) => boolean): void };
  };
  readonly block: {
    readonly ruler: {
      after(
        name: string,
        own: string,
        rule: (state: BlockState, start: number, end: number, silent: boolean) => boolean,
        options: { alt: string[] },
      ): void;
    };
  };
  readonly renderer: { readonly rules: Record<string, ((tokens: Token[], index: number) => string) | undefined> };
}

interface Token {
  content: string;
  block: boolean;
  map: [number, number] | null;
}

interface InlineState {
  readonly src: string;
  pos: number;
  push(type: string, tag: string, nesting: number): Token;
}

interface BlockState {
  readonly src: string;
  readonly bMarks: readonly number[];
  readonly eMarks: readonly number[];
  readonly tShift: readonly number[];
  line: number;
  push(type: string, tag: string, nesting: number): Token;
}

/** First capital letters of the alphabets that browsers no longer make of `mathvariant`, and the letters that stand elsewhere. */
const alphabets: Readonly<
  Record<string, { readonly start: number; readonly exceptions: Readonly<Record<string, string>> }>
> = {
  "double-struck": { start: 0x1d538, exceptions: { C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" } },
  script: { start: 0x1d49c, exceptions: { B: "ℬ", E: "ℰ", F: "ℱ", H: "ℋ", I: "ℐ", L: "ℒ", M: "ℳ", R: "ℛ" } },
};

/** Writes `\mathbb` and `\mathcal` capitals as the characters themselves. */
function spellOutVariants(html: string): string {
  return html.replace(
    /<mi mathvariant="(double-struck|script)">([A-Z])<\/mi>/g,
    (whole, variant: string, letter: string) => {
      const alphabet = alphabets[variant];
      if (alphabet === undefined) return whole;
      const offset = letter.charCodeAt(0) - "A".charCodeAt(0);
      return `<mi mathvariant="normal">${alphabet.exceptions[letter] ?? String.fromCodePoint(alphabet.start + offset)}</mi>`;
    },
  );
}

/** `v-pre` keeps Vue from reading the TeX source in the annotation. */
function render(tex: string, displayMode: boolean): string {
  const html = spellOutVariants(katex.renderToString(tex, { output: "mathml", displayMode, strict: "error" }));
  return displayMode ? `<div class="math-display" v-pre>${html}</div>\n` : `<span v-pre>${html}</span>`;
}

/** `$...$` on one line; a dollar sign beside a space or before a digit is a dollar sign. */
function inlineMath(state: InlineState, silent: boolean): boolean {
  const { src, pos } = state;
  if (src[pos] !== "$" || /[\s$]/.test(src[pos + 1] ?? " ")) return false;
  let end = pos + 1;
  while (end < src.length && (src[end] !== "$" || src[end - 1] === "\\")) end++;
  if (end >= src.length || /\s/.test(src[end - 1] ?? " ") || /\d/.test(src[end + 1] ?? "")) return false;
  if (!silent) state.push("math_inline", "math", 0).content = src.slice(pos + 1, end);
  state.pos = end + 1;
  return true;
}

/** A block between two lines that hold only `$$`. */
function blockMath(state: BlockState, start: number, end: number, silent: boolean): boolean {
  const text = (line: number): string =>
    state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line] ?? 0).trim();
  if (text(start) !== "$$") return false;
  let close = start + 1;
  while (close < end && text(close) !== "$$") close++;
  if (close >= end) return false;
  if (silent) return true;
  const token = state.push("math_block", "math", 0);
  token.block = true;
  token.content = Array.from({ length: close - start - 1 }, (_, i) => text(start + 1 + i)).join("\n");
  token.map = [start, close + 1];
  state.line = close + 1;
  return true;
}

/** Renders `$...$` and `$$` blocks with KaTeX as MathML, which browsers draw without a style sheet or fonts of ours. */
export function katexMath(markdown: Markdown): void {
  markdown.inline.ruler.after("escape", "math_inline", inlineMath);
  markdown.block.ruler.after("blockquote", "math_block", blockMath, { alt: ["paragraph", "blockquote", "list"] });
  markdown.renderer.rules.math_inline = (tokens, index) => render(tokens[index]?.content ?? "", false);
  markdown.renderer.rules.math_block = (tokens, index) => render(tokens[index]?.content ?? "", true);
}
