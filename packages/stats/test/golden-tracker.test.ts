import { isFailure, type TrackerCase, trackerCases } from "@delve/conformance";
import { type Backend, loadKernel } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test } from "vitest";
import { expectForward, expectSave } from "./goldens/compare.js";
import { DIFFERENCES } from "./goldens/differences.js";
import { type ForwardResult, type Outcome, replay, type SaveResult } from "./goldens/replay.js";

// Every case of Python Delve's tracker, fed as arrays, on both backends.
const cases = trackerCases();
const backends: [name: string, open: () => Backend | Promise<Backend>][] = [
  ["reference", referenceBackend],
  ["wasm", loadKernel],
];

/** PyTorch averages and interpolates in float32; other samples are the layer's values themselves. */
const takesValuesAsTheyAre = ({ options }: TrackerCase): boolean =>
  options["conv_method"] !== "mean" && !/^(bi|area)/.test(String(options["interpolation_strategy"]));

/** The case with the samples that Delve saw in the place of the layers' outputs. */
function withDelvesRows({ options, layers, events, ...golden }: TrackerCase): TrackerCase {
  const { stats } = options;
  return {
    ...golden,
    options: { stats },
    layers: Object.fromEntries(
      Object.entries(layers).map(([name, layer]) => [name, { ...layer, type: "Linear" as const }]),
    ),
    events: events.map((event) => (event.op === "forward" ? { ...event, batch: event.rows! } : event)),
  };
}

function expectForwards(golden: TrackerCase, outcomes: readonly Outcome[], except: readonly number[]): void {
  for (const [i, event] of golden.events.entries()) {
    if (event.op !== "forward" || except.includes(i)) continue;
    if (isFailure(event.expected)) throw new Error(`event ${i}: Delve raised ${event.expected.error.type}`);
    expectForward(outcomes[i] as ForwardResult, event.expected, event.rows, takesValuesAsTheyAre(golden));
  }
}

function expectSaves(golden: TrackerCase, outcomes: readonly Outcome[], except: readonly number[]): void {
  const threshold = (golden.options["sat_threshold"] as number | undefined) ?? 0.99;
  for (const [i, event] of golden.events.entries()) {
    if (event.op !== "add_saturations" || except.includes(i)) continue;
    if (isFailure(event.expected)) throw new Error(`event ${i}: Delve raised ${event.expected.error.type}`);
    expectSave(outcomes[i] as SaveResult, event.expected, threshold);
  }
}

describe.each(backends)("Python Delve's tracker, %s backend", (_, open) => {
  test.each(cases.filter(({ id }) => !(id in DIFFERENCES)))("$id: the same", async (golden) => {
    const outcomes = await replay(golden, await open());
    expectForwards(golden, outcomes, []);
    const exact = takesValuesAsTheyAre(golden);
    expectSaves(golden, exact ? outcomes : await replay(withDelvesRows(golden), await open()), []);
  });

  test.each(Object.entries(DIFFERENCES))("%s: differs on purpose", async (id, difference) => {
    const { options = {}, refused, except = [], instead } = difference;
    const golden = cases.find((golden) => golden.id === id)!;
    if (refused !== undefined) {
      await expect(replay(golden, await open(), options)).rejects.toThrow(refused);
      return;
    }
    const outcomes = await replay(golden, await open(), options);
    expectForwards(golden, outcomes, except);
    expectSaves(golden, outcomes, except);
    instead?.(outcomes, golden);
  });
});

const differing = Object.keys(DIFFERENCES).length;

test(`${cases.length} cases: ${cases.length - differing} the same, ${differing} different on purpose, 0 skipped`, () => {
  expect([cases.length, differing]).toEqual([96, 22]);
  const ids = cases.map(({ id }) => id);
  for (const id of Object.keys(DIFFERENCES)) expect(ids).toContain(id);
  // Whatever Delve raised for must be on the list.
  const raising = cases.filter(({ events }) =>
    events.some((event) => "expected" in event && isFailure(event.expected)),
  );
  for (const { id } of raising) expect(DIFFERENCES).toHaveProperty(id);
});
