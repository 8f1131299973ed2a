import * as ort from "onnxruntime-node";
import { findCandidates } from "../src/layers/find-candidates.js";
import { tapLayer } from "../src/layers/tap-layer.js";
import { appendTail, createTail } from "../src/model/model-tail.js";
import { readModel } from "../src/model/read-model.js";
import { type Candidate, DataType, type LayerOptions, type Tap } from "../src/model/types.js";
import { encode } from "./make-model.js";

/** A value as it came out of a run. */
export interface Value {
  readonly dims: readonly number[];
  readonly type: string;
  readonly data: Float32Array;
}

/** A model with every layer shown as a further output. */
export interface Tapped {
  readonly bytes: Uint8Array;
  readonly candidates: readonly Candidate[];
  readonly taps: readonly Tap[];
}

/** Shows the layers of a model. */
export function tapModel(bytes: Uint8Array, options: LayerOptions = {}): Tapped {
  const model = readModel(bytes);
  const tail = createTail(model);
  const candidates = findCandidates(model, options);
  const taps = candidates.filter(({ taken }) => taken).map((candidate) => tapLayer(tail, model, candidate));
  for (const { tensor } of taps) tail.addOutput({ name: tensor });
  return { bytes: appendTail(bytes, tail.bytes()), candidates, taps };
}

const NAMES: Readonly<Record<number, string>> = {
  [DataType.float]: "float32",
  [DataType.double]: "float64",
  [DataType.float16]: "float16",
  [DataType.uint8]: "uint8",
  [DataType.int8]: "int8",
  [DataType.int64]: "int64",
  [DataType.bool]: "bool",
};

/** A tensor to feed. */
export function feedOf(type: number, dims: readonly number[], values: (i: number) => number): ort.Tensor {
  const count = dims.reduce((a, b) => a * b, 1);
  const bytes = encode(
    Array.from({ length: count }, (_, i) => values(i)),
    type,
  );
  const aligned = bytes.slice().buffer;
  const views: Readonly<Record<number, ArrayBufferView>> = {
    [DataType.float]: new Float32Array(aligned.byteLength % 4 ? new ArrayBuffer(0) : aligned),
    [DataType.float16]: new Uint16Array(aligned.byteLength % 2 ? new ArrayBuffer(0) : aligned),
    [DataType.double]: new Float64Array(aligned.byteLength % 8 ? new ArrayBuffer(0) : aligned),
    [DataType.int64]: new BigInt64Array(aligned.byteLength % 8 ? new ArrayBuffer(0) : aligned),
    [DataType.uint8]: new Uint8Array(aligned),
    [DataType.int8]: new Int8Array(aligned),
    [DataType.bool]: new Uint8Array(aligned),
  };
  return new ort.Tensor(NAMES[type] as "float32", views[type] as Float32Array, [...dims]);
}

/** Everything that a model gives for one batch, from a session of its own. */
export async function runModel(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, ort.Tensor>>,
  options: ort.InferenceSession.SessionOptions = {},
): Promise<Record<string, Value>> {
  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    ...options,
  });
  try {
    const outputs = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, type, data }]) => [
        name,
        { dims, type, data: data as Float32Array },
      ]),
    );
  } finally {
    await session.release();
  }
}
