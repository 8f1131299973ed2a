// What a save says, in words.

/** A few sentences on where the files of a run are and what its last save shows. */
export function describeSave(save, savePath) {
  const accuracy = save.records.find(({ name }) => name === "val_acc").value;
  const layers = layersOf(save);
  const name = savePath.split("/").at(-1);
  return `
Accuracy on held-out digits: ${percent(accuracy)}

The numbers of all epochs   ${savePath}.csv
The plots                   ${savePath}/${name}_<statistic>_<phase>_epoch_${save.epoch}.png (and .svg)
    statistic: lsat saturation, idim intrinsic dimensionality, trc total variance
    phase: train training digits, eval held-out digits

How to read them, on the held-out digits:
${[least, fullest, tail].map((describe) => `  - ${describe(layers)}`).join("\n")}`;
}

/** Name, features, intrinsic dimensionality and saturation of each layer on the held-out digits, in forward order. */
function layersOf({ records }) {
  const of = (wanted) => records.filter(({ phase, stat }) => phase === "eval" && stat === wanted);
  const dimensions = of("idim");
  return of("lsat").map(({ layer, features, value }, i) => {
    return { name: layer, features, saturation: value, dimensions: dimensions[i].value };
  });
}

function least(layers) {
  const { name, features, dimensions, saturation } = layers.reduce((a, b) =>
    b.saturation < a.saturation ? b : a,
  );
  return (
    `"${name}" needs only ${dimensions} of its ${features} directions to carry 99 % of the variance ` +
    `(saturation ${saturation.toFixed(2)}, the lowest): it could be narrower.`
  );
}

function fullest(layers) {
  const { name, features, dimensions, saturation } = layers.reduce((a, b) =>
    b.saturation > a.saturation ? b : a,
  );
  return (
    `"${name}" uses the most of what it has, ${dimensions} of ${features} (saturation ${saturation.toFixed(2)}): ` +
    "a layer near 1 may be a bottleneck."
  );
}

/** Layers before the classifier from which on everything stays below half of the highest saturation. */
function tail(layers) {
  const half = Math.max(...layers.map(({ saturation }) => saturation)) / 2;
  const hidden = layers.slice(0, -1);
  const start = hidden.findLastIndex(({ saturation }) => saturation >= half) + 1;
  const names = hidden.slice(start).map(({ name }) => `"${name}"`);
  if (names.length === 0)
    return "No layer before the classifier falls off at the end: the network has no tail.";
  const those = names.length === 1 ? `${names[0]} stays` : `${names.join(" and ")} stay`;
  return `${those} low up to the classifier: a tail. Such layers add little, and the network may do without them.`;
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
