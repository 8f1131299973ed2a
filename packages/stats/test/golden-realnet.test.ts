import { readFileSync } from "node:fs";
import { fixturePath, readCase, readFloats } from "@delve/conformance";
import { type Backend, loadKernel } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { memoryStorage, type Phase, SaturationTracker } from "@delve/stats";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../src/writers/csv-table.js";

// A convolutional network trained by PyTorch for two epochs under Delve: its activations, and the CSV that Delve wrote.
interface RealNet {
  readonly layers: readonly string[];
  readonly epochs: readonly { epoch: number; state: Phase; layer: string; batches: string[] }[];
  readonly loss: readonly number[];
  readonly csv: string;
}
const { layers, epochs, loss, csv } = readCase<RealNet>("realnet/case.json");
const backends: [name: string, open: () => Backend | Promise<Backend>][] = [
  ["reference", referenceBackend],
  ["wasm", loadKernel],
];

async function replay(backend: Backend): Promise<{ text: string; tracker: SaturationTracker }> {
  const storage = memoryStorage();
  const stats = ["lsat", "idim", "det", "trc", "dtrc"];
  const options = { stats, idimRule: "delve", saveTo: "csv", savePath: "net", storage } as const;
  const tracker = await SaturationTracker.open({ backend, onError: "throw", ...options });
  for (const [epoch, value] of loss.entries()) {
    for (const { state, layer, batches } of epochs.filter((entry) => entry.epoch === epoch)) {
      for (const name of batches) {
        const { data, shape } = readFloats(`realnet/${name}`);
        tracker.record(layer, { data, shape, layout: "channelsFirst" }, { phase: state });
      }
    }
    tracker.addScalar("loss", value);
    await tracker.addSaturations();
  }
  await tracker.close();
  return { text: new TextDecoder().decode((await storage.read("net.csv"))!), tracker };
}

describe.each(backends)("a network trained under Python Delve, %s backend", (_, open) => {
  test("the CSV has the same columns, counts and, up to rounding, values", async () => {
    const { text, tracker } = await replay(await open());
    const actual = parseCsv(text);
    const expected = parseCsv(readFileSync(fixturePath(`realnet/${csv}`), "utf8"));
    expect(tracker.layers).toEqual(layers);
    expect(actual[0]).toEqual(expected[0]);
    expect(actual).toHaveLength(expected.length);
    for (const [row, cells] of expected.entries()) {
      for (const [column, cell] of row === 0 ? [] : cells.entries()) {
        const name = expected[0]![column]!;
        const found = actual[row]![column]!;
        if (/covariance|trace/.test(name)) {
          // A determinant multiplies the relative errors of all eigenvalues, the small ones too.
          const bound = (name.includes("determinant") ? 1e-9 : 1e-13) * Number(cell);
          expect(Math.abs(Number(found) - Number(cell)), name).toBeLessThanOrEqual(bound);
        } else {
          expect(found, name).toBe(cell);
        }
      }
    }
  });
});
