import { textWidth } from "@semifactor/ghmm/internal";

/** A text cut to a width in pixels, with an ellipsis where something is left out. */
export function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const kept = [...text];
  while (kept.length > 1 && textWidth(`${kept.join("")}…`) > width) kept.pop();
  return `${kept.join("").trimEnd()}…`;
}
