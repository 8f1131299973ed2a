import { list, track } from "@delve/onnxruntime";
import { rows } from "./known-matrix.js";
import { writeModel } from "./onnx-writer.js";

const features = rows[0].length;

/** A model of one layer, which hands on what it gets. */
function identityModel() {
  const identity = Float32Array.from({ length: features ** 2 }, (_, i) => Number(i % (features + 1) === 0));
  const value = (name) => ({ name, type: "float32", dims: ["n", features] });
  return writeModel({
    nodes: [{ op: "Gemm", inputs: ["x", "layer.weight"], outputs: ["y"] }],
    weights: [{ name: "layer.weight", dims: [features, features], data: identity }],
    inputs: [value("x")],
    outputs: [value("y")],
  });
}

/** The model is tracked while ONNX Runtime runs it; without a runtime (`ort`) its layers are listed. */
export async function onnxruntime({ ort }) {
  if (ort === undefined) return { layers: (await list(identityModel())).length };
  const session = await track(ort, identityModel(), { stats: ["lsat", "idim", "trc"] });
  const x = new ort.Tensor("float32", Float32Array.from(rows.flat()), [rows.length, features]);
  await session.run({ x });
  await session.tracker.addSaturations();
  const [saturation, idim99, trace] = session.tracker.latest.records.map(({ value }) => value);
  await session.tracker.close();
  await session.release();
  return { runtime: ort.env.versions.common, saturation, idim99, trace };
}
