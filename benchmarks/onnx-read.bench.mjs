import { instrument, list } from "@delve/onnxruntime";
import * as ort from "onnxruntime-node";
import { writeModel } from "../examples/lib/onnx-writer.js";
import { stopwatch } from "./lib/clock.mjs";
import { milliseconds, table } from "./lib/table.mjs";

export const title = "Reading a model of 400 MB, beside creating its session (ms)";

const ROUNDS = 5;

/** Weights that no session has work with: tables that are only looked up. */
const tables = () =>
  chain({ op: "Gather", count: 4, dims: [100, 250_000], input: { type: "int64", dims: ["n"] } });

/** As many bytes in a hundred layers, each with ten small operations behind it: what a text encoder consists of. */
const layers = () =>
  chain({
    op: "MatMul",
    count: 100,
    dims: [1000, 1000],
    input: { type: "float32", dims: ["n", 1000] },
    behind: Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? "Tanh" : "Sigmoid")),
  });

export async function run() {
  const rows = [
    await measureModel("4 tables of 100 MB", tables()),
    await measureModel("100 layers of 4 MB, 1100 nodes", layers()),
  ];
  return table(["model", "session", "list", "share", "instrument"], rows);
}

/** `list` reads the model and finds its layers; `instrument` makes the extended model too, a copy with a tail. */
async function measureModel(name, bytes) {
  const best = { session: Infinity, list: Infinity, instrument: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    best.session = Math.min(best.session, await sessionTime(bytes));
    best.list = Math.min(
      best.list,
      timeOf(() => list(bytes)),
    );
    if (list(bytes).length > 0) {
      best.instrument = Math.min(
        best.instrument,
        timeOf(() => instrument(bytes, { where: "kernel" })),
      );
    }
  }
  const share = `${((best.list / best.session) * 100).toFixed(2)} %`;
  const extended = best.instrument < Infinity ? milliseconds(best.instrument) : "–";
  const title = `${name}, ${Math.round(bytes.length / 1e6)} MB`;
  return [title, milliseconds(best.session), milliseconds(best.list), share, extended];
}

async function sessionTime(bytes) {
  const stop = stopwatch();
  const session = await ort.InferenceSession.create(bytes);
  const time = stop();
  await session.release();
  return time;
}

function timeOf(action) {
  const stop = stopwatch();
  action();
  return stop();
}

/** One operator after another, each with a weight of its own. */
function chain({ op, count, dims, input, behind = [] }) {
  const data = new Float32Array(dims[0] * dims[1]).fill(0.01);
  const [nodes, weights, outputs] = [[], [], []];
  let value = "x";
  for (let i = 0; i < count; i++) {
    const name = `layers.${i}`;
    weights.push({ name: `${name}.weight`, dims, data });
    // Each table is looked up by the model's input, each layer takes what the one before gave.
    nodes.push({
      op,
      inputs: op === "Gather" ? [`${name}.weight`, "x"] : [value, `${name}.weight`],
      outputs: [name],
    });
    value = name;
    for (const [k, operation] of behind.entries()) {
      nodes.push({ op: operation, inputs: [value], outputs: [`${name}/${k}`] });
      value = `${name}/${k}`;
    }
    if (op === "Gather" || i === count - 1)
      outputs.push({ name: value, type: "float32", dims: ["n", dims[1]] });
  }
  return writeModel({ nodes, weights, inputs: [{ name: "x", ...input }], outputs });
}
