import { referenceBackend } from "@delve/kernel/reference";
import { afterAll, expect, test } from "vitest";
import { declareCases } from "./conformance-case.js";

let opened = 0;
let disposed = 0;
let runs = 0;

declareCases(
  "a suite",
  () => {
    opened++;
    const backend = referenceBackend();
    return { ...backend, dispose: () => void disposed++ };
  },
  [
    {
      title: "group",
      cases: [
        { name: "runs", run: () => void runs++ },
        { name: "is skipped", run: () => Promise.reject(new Error("was run")) },
      ],
    },
    {
      title: "group that is skipped",
      cases: [{ name: "is in it", run: () => Promise.reject(new Error("was run")) }],
    },
  ],
  { skip: { "is skipped": "to show that it can be", "group that is skipped": "just as well" } },
);

afterAll(() => {
  expect({ opened, disposed, runs }).toEqual({ opened: 1, disposed: 1, runs: 1 });
});

test("a skip that names neither a case nor a group is refused", () => {
  const declare = () => declareCases("suite", referenceBackend, [], { skip: { gone: "reason" } });
  expect(declare).toThrow('suite: skip must name a case or a group, got "gone"');
});
