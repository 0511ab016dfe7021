/** How one series is drawn: colour, dash pattern and symbol all differ, so that any one of the three suffices. */
export interface SeriesStyle {
  readonly color: string;
  readonly dash: string;
  readonly symbol: "circle" | "triangle" | "square" | "diamond" | "star" | "times" | "wye" | "plus";
}

/** Class of the groups whose children are data marks; see `markSelector`. */
export const dataMark = "data-mark";

export const ink = "#1b1f24";
export const softInk = "#4a5360";
export const rule = "#8a929c";
export const hairline = "#dfe3e8";

/** Okabe and Ito's colours (safe for the common colour-vision deficiencies) in an order of alternating lightness. */
const styles: readonly SeriesStyle[] = [
  { color: "#0060a0", dash: "none", symbol: "circle" },
  { color: "#d55e00", dash: "7 3", symbol: "triangle" },
  { color: "#008a64", dash: "2 2.5", symbol: "square" },
  { color: "#b0568c", dash: "9 3 2 3", symbol: "diamond" },
  { color: "#b07800", dash: "12 4", symbol: "star" },
  { color: "#2f8fc4", dash: "4 2 1 2 1 2", symbol: "times" },
  { color: "#555555", dash: "1 4", symbol: "wye" },
  { color: "#000000", dash: "5 2 5 6", symbol: "plus" },
];

/** The style of the i-th series; past the eighth they repeat. */
export function seriesStyle(index: number): SeriesStyle {
  const style = styles[index % styles.length];
  return style ?? { color: ink, dash: "none", symbol: "circle" };
}
