import { type FieldReader, limit, malformed } from "../protobuf/field-reader.js";
import { type Budget, ENTRY, MESSAGE, MOST_AXES } from "./budget.js";
import { DataType, type ExternalLocation, type OnnxTensor } from "./types.js";

const TensorField = { dims: 1, dataType: 2, name: 8, externalData: 13, dataLocation: 14 } as const;
const SparseField = { values: 1, dims: 3 } as const;
const EntryField = { key: 1, value: 2 } as const;
/** `TensorProto.DataLocation.EXTERNAL`. */
const EXTERNAL = 1;

/** Reads a TensorProto: everything but its values, which are skipped. */
export function readTensor(reader: FieldReader, budget: Budget): OnnxTensor {
  const at = reader.begin;
  const dims: number[] = [];
  const entries = new Map<string, string>();
  let name = "";
  let dataType: number = DataType.undefined;
  let isExternal = false;
  while (reader.next()) {
    if (reader.field === TensorField.dims) readDims(reader, dims, budget);
    else if (reader.field === TensorField.dataType) dataType = reader.integer();
    else if (reader.field === TensorField.name) name = reader.text();
    else if (reader.field === TensorField.dataLocation) isExternal = reader.integer() === EXTERNAL;
    else if (reader.field === TensorField.externalData) readEntry(reader.message(), entries, budget);
  }
  const external = isExternal ? externalLocation(entries, at) : null;
  return { name, dataType, dims, external };
}

/** Reads a SparseTensorProto as the tensor that it stands for. */
export function readSparseTensor(reader: FieldReader, budget: Budget): OnnxTensor {
  const dims: number[] = [];
  let values: OnnxTensor = { name: "", dataType: DataType.undefined, dims: [], external: null };
  while (reader.next()) {
    if (reader.field === SparseField.values) values = readTensor(reader.message(), budget);
    else if (reader.field === SparseField.dims) readDims(reader, dims, budget);
  }
  return { ...values, dims };
}

function readDims(reader: FieldReader, dims: number[], budget: Budget): void {
  reader.integers((extent) => {
    budget.take(reader.start, ENTRY);
    if (dims.length === MOST_AXES) {
      throw limit(`a tensor must have at most ${MOST_AXES} axes, got more`, reader.start);
    }
    if (extent < 0 || extent > Number.MAX_SAFE_INTEGER) {
      throw malformed(`an extent of a tensor must lie in 0 … 2⁵³ − 1, got ${extent}`, reader.start);
    }
    dims.push(extent);
  });
}

function readEntry(reader: FieldReader, entries: Map<string, string>, budget: Budget): void {
  budget.take(reader.begin, MESSAGE);
  let key = "";
  let value = "";
  while (reader.next()) {
    if (reader.field === EntryField.key) key = reader.text();
    else if (reader.field === EntryField.value) value = reader.text();
  }
  entries.set(key, value);
}

function externalLocation(entries: ReadonlyMap<string, string>, at: number): ExternalLocation {
  const location = entries.get("location") ?? "";
  if (location === "") throw malformed("external data must have a location, got none", at);
  const length = entries.get("length");
  return {
    location,
    offset: count("offset", entries.get("offset") ?? "0", at),
    length: length === undefined ? null : count("length", length, at),
  };
}

function count(key: string, text: string, at: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw malformed(
    `the ${key} of external data must be a whole number below 2⁵³, got "${text.slice(0, 40)}"`,
    at,
  );
}
