/** A Markdown table whose columns are aligned, so that changes of one row show as one line. */
export function table([head, ...rows], alignment) {
  const width = head.map((_, c) => Math.max(3, ...[head, ...rows].map((row) => row[c].length)));
  const line = (cells) =>
    `| ${cells.map((cell, c) => (alignment[c] === "r" ? cell.padStart(width[c]) : cell.padEnd(width[c]))).join(" | ")} |`;
  const rule = width.map((n, c) => (alignment[c] === "r" ? `${"-".repeat(n - 1)}:` : "-".repeat(n)));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
