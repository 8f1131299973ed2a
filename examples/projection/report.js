// What a projection curve says, as a table and as a figure.
import { layerProfile } from "@delve/stats/plot";

/** A line a threshold. */
export function tableOf(curve, { layers, features }) {
  const head = ["threshold", ...layers, "kept", "principal", "random: mean", "least", "most"];
  const rows = curve.map(({ threshold, dims, principal, random }) => [
    String(threshold),
    ...dims.map((dim, i) => `${dim}/${features[i]}`),
    percent(sum(dims) / sum(features)),
    percent(principal),
    percent(mean(random)),
    percent(Math.min(...random)),
    percent(Math.max(...random)),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  return [head, ...rows].map((row) => row.map((cell, i) => cell.padStart(widths[i])).join("  ")).join("\n");
}

/** The same as SVG: thresholds along x, accuracy along y. */
export function figureOf(curve, { features, unprojected }) {
  const all = sum(features);
  return layerProfile({
    title: "digits · accuracy with every hidden layer projected",
    subtitle: `held-out digits; without projection ${unprojected.toFixed(2)}`,
    valueLabel: "accuracy",
    valueScale: "share",
    layers: curve.map(({ threshold, dims }) => `${threshold}: ${sum(dims)}`),
    caption: `threshold: directions kept, of ${all} in all hidden layers`,
    series: [
      { name: "principal directions", values: curve.map(({ principal }) => principal) },
      {
        name: `as many random directions (mean of ${curve[0].random.length} seeds)`,
        values: curve.map(({ random }) => mean(random)),
      },
    ],
  });
}

/** The curve in a few sentences. */
export function conclusionOf(curve, { features, unprojected }) {
  const all = sum(features);
  const enough = curve.find(({ principal }) => principal >= unprojected - 0.01) ?? curve.at(-1);
  const kept = sum(enough.dims);
  return [
    `Without projection the network recognises ${percent(unprojected)} of the held-out digits.`,
    `At threshold ${enough.threshold} its hidden layers keep ${kept} of their ${all} directions (${percent(kept / all)}),`,
    `and it recognises ${percent(enough.principal)}; along as many random directions ${percent(mean(enough.random))}.`,
  ].join("\n");
}

const sum = (values) => values.reduce((a, b) => a + b, 0);
const mean = (values) => sum(values) / values.length;
const percent = (share) => `${(100 * share).toFixed(1)} %`;
