// What the runs say, as tables, figures and a few sentences.
import { layerProfile } from "@delve/stats/plot";
import { borderLayer, receptiveField } from "./networks.js";

const TITLES = {
  plain: "plain convolutions, digits as they are and twice as large",
  residual: "residual convolutions, digits as they are and twice as large",
  width: "plain convolutions of three widths",
};

/**
 * Kinds of networks side by side.
 *
 * @param measured - Runs with what `measure` gives of each.
 * @param name - "plain", "residual" or "width".
 * @param belongs - Which of the runs to compare.
 */
export function comparisonOf(measured, name, belongs) {
  const kinds = new Map();
  for (const run of measured.filter(belongs)) {
    const label = name === "width" ? `width ${run.width}` : `${run.size} × ${run.size} pixels`;
    kinds.set(label, [...(kinds.get(label) ?? []), run]);
  }
  const inOrder = [...kinds].sort(([, [a]], [, [b]]) => a.size - b.size || a.width - b.width);
  return { name, title: TITLES[name], kinds: inOrder.map(([label, runs]) => ({ label, runs })) };
}

/** A line a convolution: what it sees, and its saturation in each kind, the mean of the seeds and their range. */
export function tableOf({ title, kinds }) {
  const layers = kinds[0].runs[0].layers.map(({ name }) => name);
  const head = ["layer", "sees", ...kinds.map(({ label }) => label)];
  const rows = layers.map((layer, i) => {
    const sight = receptiveField(i + 1);
    return [layer, `${sight} × ${sight}`, ...kinds.map(({ runs }) => spread(saturationsOf(runs, i)))];
  });
  const accuracy = ["accuracy", "", ...kinds.map(({ runs }) => spread(runs.map((run) => run.accuracy)))];
  return [title, aligned([head, ...rows, accuracy])].join("\n");
}

/** Layers along x, saturation along y: each seed faded, their mean in full. */
export function figureOf({ title, kinds }) {
  const [{ layers, size, width }] = kinds[0].runs;
  const ofEach = (runs) => layers.map((_, i) => mean(saturationsOf(runs, i)));
  const border = (run) => `past the border from conv${borderLayer(run.size)} on`;
  const sizes = kinds.every(({ runs }) => runs[0].width === width);
  return layerProfile({
    title: `saturation · ${title}`,
    subtitle: sizes
      ? kinds.map(({ label, runs }) => `${label}: ${border(runs[0])}`).join(" · ")
      : `${size} × ${size} pixels: ${border(kinds[0].runs[0])}`,
    valueLabel: "saturation",
    valueScale: "share",
    layers: layers.map(({ name }, i) => `${name}: ${receptiveField(i + 1)}`),
    caption: "layer: side of its receptive field in pixels",
    fadedLabel: "single seeds",
    series: kinds.flatMap(({ label, runs }) => [
      ...runs.map((run) => ({ name: label, values: run.layers.map(({ saturation }) => saturation) })),
      { name: label, values: ofEach(runs) },
    ]),
  });
}

/** The three claims of the papers, with what was measured. */
export function conclusionOf(measured) {
  const of = (network, size, width = 24) =>
    measured.filter((run) => run.network === network && run.size === size && run.width === width);
  const lines = ["plain", "residual"].flatMap((network) => [
    `${network}, 8 × 8 pixels: ${sidesOf(of(network, 8))}`,
    `${network}, 16 × 16 pixels: ${sidesOf(of(network, 16))}`,
    `  the layers of the highest saturation lie around ${centresOf(of(network, 8))}, and around ` +
      `${centresOf(of(network, 16))} where the digits are twice as large.`,
  ]);
  const widths = [12, 24, 48].map((width) => {
    const averages = of("plain", 8, width).map((run) => mean(run.layers.map(({ saturation }) => saturation)));
    return `${width} filters ${spread(averages)}`;
  });
  return [...lines, `Average saturation by width: ${widths.join(", ")}.`].join("\n");
}

/** Saturation before the border and past it. */
function sidesOf(runs) {
  const border = borderLayer(runs[0].size);
  const side = (belongs) =>
    spread(runs.map(({ layers }) => mean(saturations(layers).filter((_, i) => belongs(i + 1)))));
  // The first convolution is left out: it sees one channel, and nine values at most.
  const before = side((k) => k > 1 && k < border);
  return `saturation ${before} before the border, ${side((k) => k >= border)} past it (conv${border} on)`;
}

/** Where the saturation lies: the mean number of a layer, weighted by what it has above the least saturated one. */
function centresOf(runs) {
  const centres = runs.map(({ layers }) => {
    const values = saturations(layers);
    const least = Math.min(...values);
    const weights = values.map((value) => value - least);
    return sum(weights.map((weight, i) => weight * (i + 1))) / sum(weights);
  });
  return `conv ${spread(centres, 1)}`;
}

const saturations = (layers) => layers.map(({ saturation }) => saturation);
const saturationsOf = (runs, layer) => runs.map(({ layers }) => layers[layer].saturation);

/** Mean of the seeds, least and most. */
function spread(values, digits = 2) {
  const [average, least, most] = [mean(values), Math.min(...values), Math.max(...values)];
  return `${average.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const sum = (values) => values.reduce((a, b) => a + b, 0);
const mean = (values) => sum(values) / values.length;
