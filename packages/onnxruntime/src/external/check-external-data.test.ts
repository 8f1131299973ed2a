import { expect, test } from "vitest";
import { makeModel, tensor } from "../../test/make-model.js";
import { ExternalDataError } from "../errors.js";
import { readModel } from "../model/read-model.js";
import { checkExternalData } from "./check-external-data.js";

const modelAt = (location: string) =>
  readModel(
    makeModel({
      outputs: [{ name: "y" }],
      initializers: [{ ...tensor("w", [4], [1, 2, 3, 4]), external: { location } }],
      nodes: [{ opType: "Identity", inputs: ["w"], outputs: ["y"] }],
    }),
  );

test("data that is handed in, by path or as an object, is enough", () => {
  const model = modelAt("./deep/w.bin");
  expect(() => checkExternalData(model, { externalData: ["deep/w.bin"] })).not.toThrow();
  expect(() => checkExternalData(model, { externalData: [{ path: "./deep/w.bin" }] })).not.toThrow();
});

test("so is a folder that the caller names", () => {
  const extra = { session: { model_external_initializers_file_folder_path: "/models" } };
  expect(() => checkExternalData(modelAt("w.bin"), { extra })).not.toThrow();
  expect(() => checkExternalData(modelAt("../w.bin"), { extra })).toThrow(ExternalDataError);
});

test("data that is missing is asked for by name", () => {
  expect(() => checkExternalData(modelAt("w.bin"), {})).toThrow(
    'externalData: must hold the bytes of "w.bin", which the model names, got none',
  );
  expect(() => checkExternalData(modelAt("w.bin"), { externalData: ["v.bin", { path: "u" }] })).toThrow(
    'got "v.bin", "u"',
  );
});

test("a location outside the folder is refused, though bytes are handed in under its name", () => {
  expect(() => checkExternalData(modelAt("../w.bin"), { externalData: [{ path: "../w.bin" }] })).toThrow(
    ExternalDataError,
  );
});

test("a model without external data needs nothing", () => {
  const bytes = makeModel({ outputs: [{ name: "y" }], nodes: [] });
  expect(() => checkExternalData(readModel(bytes), {})).not.toThrow();
});
