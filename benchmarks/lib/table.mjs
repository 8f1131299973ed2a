/** A table in Markdown: first column to the left, numbers to the right. */
export function table(header, rows) {
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((row) => row[i].length)));
  const line = (row) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = `|${widths.map((w, i) => (i === 0 ? "-".repeat(w + 2) : `${"-".repeat(w + 1)}:`)).join("|")}|`;
  return [line(header), rule, ...rows.map(line)].join("\n");
}

export const milliseconds = (value) =>
  value < 1 ? value.toFixed(3) : value < 100 ? value.toFixed(2) : value.toFixed(0);

/** best (mean ± deviation) */
export const timing = ({ best, mean, deviation }) =>
  `${milliseconds(best)} (${milliseconds(mean)} ± ${milliseconds(deviation)})`;

export const ratio = (peer, own) => (peer === undefined ? "–" : `${(peer / own).toPrecision(3)}×`);
