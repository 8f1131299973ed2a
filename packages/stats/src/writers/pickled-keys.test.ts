import { readFileSync } from "node:fs";
import { fixturePath, readCase } from "@delve/conformance";
import { expect, test } from "vitest";
import { pickledKeys } from "./pickled-keys.js";

const pickle = new Uint8Array(readFileSync(fixturePath("writers/npy_3_epochs/files/run/epoch_counter.pkl")));

test("reads what Python Delve left, in its order", () => {
  const { epoch_counter } = readCase<{ epoch_counter: object }>("writers/npy_3_epochs/case.json");
  expect(pickledKeys(pickle)).toEqual(Object.keys(epoch_counter));
});

test("reads older protocols, long names and large numbers", () => {
  // pickle.dumps({"a": 70000, "é": 300}, protocol=2)
  const two = "8002 7d 7100 28 5801000000 61 7101 4a 70110100 5802000000 c3a9 7102 4d 2c01 75 2e";
  expect(pickledKeys(fromHex(two))).toEqual(["a", "é"]);
  // pickle.dumps({"b": 1}, protocol=4)
  const single = "8004 95 0a00000000000000 7d 94 8c01 62 94 4b01 73 2e";
  expect(pickledKeys(fromHex(single))).toEqual(["b"]);
});

test("takes nothing from bytes that are cut or hold anything else", () => {
  for (let length = 0; length < pickle.length; length++) {
    expect(pickledKeys(pickle.subarray(0, length)), String(length)).toBeNull();
  }
  // pickle.dumps(os.system): an instruction to look up code.
  expect(pickledKeys(fromHex("8003 63 706f7369780a73797374656d0a 7100 2e"))).toBeNull();
  expect(pickledKeys(Uint8Array.of(...pickle, 0))).toBeNull();
});

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(" ", "").match(/../g)!, (byte) => Number.parseInt(byte, 16));
}
