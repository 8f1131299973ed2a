// Two trained ONNX models read handwritten digits, and delve tells how much of its feature space each layer uses.
// Nothing is exported anew: the files go in as they are.
//
//   node examples/onnx-digits/index.js
import { fileURLToPath } from "node:url";
import { track } from "@delve/onnxruntime";
import * as ort from "onnxruntime-node";
import { asMnist, loadDigits } from "./digits.js";

const digits = loadDigits();

const mnist = await observe({
  file: new URL("../data/mnist.onnx", import.meta.url),
  name: "mnist",
  output: "Plus214_Output_0",
  // This model takes one image at a time.
  batches: digits.map(({ pixels }) => ({
    Input3: new ort.Tensor("float32", asMnist(pixels), [1, 1, 28, 28]),
  })),
});
const vgg = await observe({
  file: new URL("../../packages/conformance/fixtures/networks/vgg/model.onnx", import.meta.url),
  name: "vgg",
  output: "logits",
  batches: [
    {
      input: new ort.Tensor(
        "float32",
        digits.flatMap(({ pixels }) => pixels),
        [digits.length, 1, 8, 8],
      ),
    },
  ],
});
for (const { name, accuracy, savePath } of [mnist, vgg]) {
  console.log(`${name}: ${(100 * accuracy).toFixed(1)} % of ${digits.length} digits read rightly`);
  console.log(`  ${savePath}.csv, plots in ${savePath}/`);
}

/** One pass over the digits: a table, CSV, plots, and the share that was read rightly. */
async function observe({ file, name, output, batches }) {
  const savePath = `runs/onnx-${name}`;
  const session = await track(ort, fileURLToPath(file), {
    stats: ["lsat", "idim"],
    savePath,
    saveTo: ["print", "csv", "plot"],
  });
  const guesses = [];
  for (const feeds of batches) guesses.push(...largest((await session.run(feeds))[output]));
  const right = guesses.filter((guess, i) => guess === digits[i].digit).length;
  session.tracker.addScalar("accuracy", right / digits.length);
  await session.tracker.addSaturations();
  await session.tracker.close();
  await session.release();
  return { name, accuracy: right / digits.length, savePath };
}

/** The place of the largest value in each row. */
function largest({ data, dims: [rows, classes] }) {
  return Array.from({ length: rows }, (_, row) => {
    const scores = data.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
}
