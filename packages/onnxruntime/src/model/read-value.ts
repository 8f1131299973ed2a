import { type FieldReader, limit, malformed } from "../protobuf/field-reader.js";
import { type Budget, ENTRY, MOST_AXES } from "./budget.js";
import { DataType, type OnnxValue } from "./types.js";

const ValueField = { name: 1, type: 2 } as const;
const TypeField = { tensor: 1 } as const;
const TensorTypeField = { elemType: 1, shape: 2 } as const;
const ShapeField = { dim: 1 } as const;
const DimField = { value: 1, param: 2 } as const;

type Extent = number | string | null;

/** Reads a ValueInfoProto. Sequences, maps and optionals have no element type. */
export function readValue(reader: FieldReader, budget: Budget): OnnxValue {
  let name = "";
  let type: Omit<OnnxValue, "name"> = { elemType: DataType.undefined, shape: null };
  while (reader.next()) {
    if (reader.field === ValueField.name) name = reader.text();
    else if (reader.field === ValueField.type) type = readType(reader.message(), budget);
  }
  return { name, ...type };
}

function readType(reader: FieldReader, budget: Budget): Omit<OnnxValue, "name"> {
  let elemType: number = DataType.undefined;
  let shape: Extent[] | null = null;
  while (reader.next()) {
    if (reader.field !== TypeField.tensor) continue;
    const tensor = reader.message();
    while (tensor.next()) {
      if (tensor.field === TensorTypeField.elemType) elemType = tensor.integer();
      else if (tensor.field === TensorTypeField.shape) shape = readShape(tensor.message(), budget);
    }
  }
  return { elemType, shape };
}

function readShape(reader: FieldReader, budget: Budget): Extent[] {
  const shape: Extent[] = [];
  while (reader.next()) {
    if (reader.field !== ShapeField.dim) continue;
    budget.take(reader.start, ENTRY);
    if (shape.length === MOST_AXES) {
      throw limit(`a value must have at most ${MOST_AXES} axes, got more`, reader.start);
    }
    shape.push(readExtent(reader.message()));
  }
  return shape;
}

function readExtent(reader: FieldReader): Extent {
  let extent: Extent = null;
  while (reader.next()) {
    if (reader.field === DimField.param) extent = reader.text();
    else if (reader.field === DimField.value) extent = known(reader.integer(), reader.start);
  }
  return extent;
}

/** Some exporters write −1 for an extent that is not known. */
function known(extent: number, offset: number): number | null {
  if (extent < 0) return null;
  if (extent <= Number.MAX_SAFE_INTEGER) return extent;
  throw malformed(`an extent must be less than 2⁵³, got ${extent}`, offset);
}
