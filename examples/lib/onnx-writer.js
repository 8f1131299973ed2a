// Writes small ONNX models, so that examples and benchmarks can make a network of any size without a download.
// An ONNX file is one protobuf message: https://onnx.ai/onnx/repo-docs/IR.html; the numbers below are its field numbers.

/** Numbers of the element types, by ONNX Runtime's names. */
const TYPES = { float32: 1, int64: 7, bool: 9, float64: 11 };

/**
 * A model as bytes.
 *
 * @param {object} graph
 * @param {{ op: string, inputs: string[], outputs: string[], name?: string, attributes?: Record<string, number | number[] | { float: number }> }[]} graph.nodes
 * Operations in the order in which they run.
 * @param {{ name: string, dims: number[], data: Float32Array | BigInt64Array }[]} graph.weights - Constants.
 * @param {{ name: string, type: string, dims: (number | string)[] }[]} graph.inputs - Extents that may vary have a name.
 * @param {{ name: string, type: string, dims: (number | string)[] }[]} graph.outputs
 * @param {number} [graph.opset] - Version of the operator set.
 * @returns {Uint8Array}
 */
export function writeModel({ nodes, weights, inputs, outputs, opset = 17 }) {
  const graph = message(
    7,
    ...nodes.map(node),
    text(2, "graph"),
    ...weights.map((weight) => tensor(5, weight)),
    ...inputs.map((value) => valueInfo(11, value)),
    ...outputs.map((value) => valueInfo(12, value)),
  );
  return join([integer(1, 8), graph, message(8, integer(2, opset))]);
}

function node({ op, inputs, outputs, name = "", attributes = {} }) {
  return message(
    1,
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(3, name),
    text(4, op),
    ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  );
}

// Field 20 is the kind: 1 float, 2 integer, 7 integers.
function attribute(name, value) {
  if (Array.isArray(value)) {
    return message(5, text(1, name), ...value.map((item) => integer(8, item)), integer(20, 7));
  }
  if (typeof value === "number") return message(5, text(1, name), integer(3, value), integer(20, 2));
  const bytes = new Uint8Array(Float32Array.of(value.float).buffer);
  return message(5, text(1, name), join([varint((2 << 3) | 5), bytes]), integer(20, 1));
}

function tensor(field, { name, dims, data }) {
  const type = data instanceof BigInt64Array ? TYPES.int64 : TYPES.float32;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const extents = dims.map((extent) => integer(1, extent));
  return message(field, ...extents, integer(2, type), text(8, name), message(9, bytes));
}

function valueInfo(field, { name, type, dims }) {
  const extents = dims.map((extent) =>
    message(1, typeof extent === "string" ? text(2, extent) : integer(1, extent)),
  );
  return message(
    field,
    text(1, name),
    message(2, message(1, integer(1, TYPES[type]), message(2, ...extents))),
  );
}

// A field is its number, shifted by three bits for its kind (0 integer, 2 bytes, 5 four bytes), and its value.
const integer = (field, value) => join([varint(field << 3), varint(value)]);
const text = (field, value) => message(field, new TextEncoder().encode(value));
const message = (field, ...parts) => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return join([varint((field << 3) | 2), varint(length), ...parts]);
};

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...bytes, Number(rest));
}

function join(parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
