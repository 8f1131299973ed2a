/** A constant of an ONNX graph. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

// Field numbers, as the ONNX specification's onnx.proto gives them.
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR = { dims: 1, dataType: 2, floatData: 4, name: 8, rawData: 9 };
const FLOAT = 1;

/**
 * The float32 constants of an ONNX model (weights and biases) by name, in the order of the file. Everything else in
 * the file is passed over.
 *
 * @throws {RangeError} If the bytes end within a field, or a tensor's values do not fill its shape.
 */
export function readOnnxInitializers(bytes: Uint8Array): Map<string, OnnxTensor> {
  const initializers = new Map<string, OnnxTensor>();
  for (const graph of fieldsOf(bytes)) {
    if (graph.number !== MODEL_GRAPH || !(graph.value instanceof Uint8Array)) continue;
    for (const { number, value } of fieldsOf(graph.value)) {
      if (number !== GRAPH_INITIALIZER || !(value instanceof Uint8Array)) continue;
      const tensor = readTensor(value);
      if (tensor) initializers.set(tensor.name, { shape: tensor.shape, data: tensor.data });
    }
  }
  return initializers;
}

function readTensor(bytes: Uint8Array): (OnnxTensor & { readonly name: string }) | null {
  const shape: number[] = [];
  let [name, dataType] = ["", 0];
  let values = bytes.subarray(0, 0);
  for (const { number, value } of fieldsOf(bytes)) {
    if (typeof value === "number") {
      if (number === TENSOR.dims) shape.push(value);
      if (number === TENSOR.dataType) dataType = value;
    } else {
      if (number === TENSOR.dims) shape.push(...packedVarints(value));
      if (number === TENSOR.name) name = new TextDecoder().decode(value);
      if (number === TENSOR.rawData || number === TENSOR.floatData) values = value;
    }
  }
  if (dataType !== FLOAT) return null;
  const size = shape.reduce((a, b) => a * b, 1);
  if (values.length !== 4 * size) {
    throw new RangeError(
      `readOnnxInitializers: "${name}" of shape [${shape.join(", ")}] must have ${4 * size} bytes, got ${values.length}`,
    );
  }
  // A copy begins at a multiple of four, which a view into the file need not. ONNX is little endian, as are all
  // machines that Node runs on but a few.
  return { name, shape, data: new Float32Array(Uint8Array.from(values).buffer) };
}

/** A field of a protobuf message: a number if it is a varint or has a fixed width, else its bytes, not copied. */
interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a message. Every step is inside the bytes; groups, which ONNX has none of, are refused. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  while (at < bytes.length) {
    const tag = varint(bytes, at);
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    if (wire === 0) {
      const { value, end } = varint(bytes, tag.end);
      yield { number, value };
      at = end;
      continue;
    }
    const { length, start } = extent(bytes, wire, tag.end);
    at = start + length;
    if (at > bytes.length) throw tornAt(start);
    yield { number, value: bytes.subarray(start, at) };
  }
}

function extent(bytes: Uint8Array, wire: number, at: number): { length: number; start: number } {
  if (wire === 1) return { length: 8, start: at };
  if (wire === 5) return { length: 4, start: at };
  if (wire !== 2) throw new RangeError(`readOnnxInitializers: wire type must be 0, 1, 2 or 5, got ${wire}`);
  const { value, end } = varint(bytes, at);
  return { length: value, start: end };
}

function packedVarints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = varint(bytes, at);
    values.push(value);
    at = end;
  }
  return values;
}

/** Seven bits a byte, least first; ten bytes at most. Above 2⁵³ the value is rounded: no length or shape is so large. */
function varint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) break;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, end: start + i + 1 };
  }
  throw tornAt(start);
}

function tornAt(offset: number): RangeError {
  return new RangeError(
    `readOnnxInitializers: a field must end within its message, got none at byte ${offset}`,
  );
}
