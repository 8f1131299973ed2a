// What becomes of the tensors that show layers: each is disposed of once, and none of the caller's.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { track } from "../src/index.js";
import { isTensor, type OrtTensor } from "../src/session/ort-types.js";
import { convNet, seededFloats } from "./made-networks.js";

const RUNS = 250;
const SIZE = 32;
/** Of one run, in bytes: what the values of both convolutions take. */
const VALUES = 9 * SIZE * SIZE * 4;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

describe.each([
  ["onnxruntime-node", node, "cpu"],
  ["onnxruntime-web", web as unknown as typeof node, "wasm"],
])("%s", (_, ort, provider) => {
  test.each(["graph", "kernel"] as const)("thousands of runs take no memory: %s", async (where) => {
    const options = { executionProviders: [provider], intraOpNumThreads: 1 };
    const session = await track(ort, convNet(), { where, session: options, stats: ["lsat"] });
    const feed = new ort.Tensor("float32", seededFloats(2 * SIZE * SIZE, 1), [1, 2, SIZE, SIZE]);
    const runs = async (count: number): Promise<number> => {
      for (let i = 0; i < count; i++) await session.run({ x: feed });
      await session.tracker.addSaturations();
      collectGarbage();
      return process.memoryUsage().rss;
    };
    // A leak grows in every stretch; what an engine takes for itself grows in some.
    const sizes: number[] = [];
    for (let stretch = 0; stretch < 9; stretch++) sizes.push(await runs(RUNS));
    const growth = sizes.slice(1).map((size, i) => size - sizes[i]!);
    expect(Math.min(...growth)).toBeLessThan((RUNS * VALUES) / 4);
    await session.tracker.close();
    await session.release();
  });
});

test("every tensor of a tap is disposed of once, also when recording fails; outputs are the caller's", async () => {
  const disposed = new Map<OrtTensor, string>();
  const ort = {
    InferenceSession: {
      create: async (bytes: Uint8Array) => {
        const session = await node.InferenceSession.create(bytes);
        const { run } = session;
        const watched = async (...args: unknown[]) => {
          const results: Record<string, OrtTensor> = await Reflect.apply(run, session, args);
          for (const [name, tensor] of Object.entries(results)) {
            expect(isTensor(tensor)).toBe(true);
            results[name] = Object.assign(Object.create(tensor), {
              dispose: () => {
                expect(disposed.has(tensor), name).toBe(false);
                disposed.set(tensor, name);
              },
            });
          }
          return results;
        };
        return Object.assign(session, { run: watched });
      },
    },
  };
  const image = (value: number): node.Tensor =>
    new node.Tensor("float32", new Float32Array(72).fill(value), [1, 2, 6, 6]);
  for (const where of ["graph", "kernel"] as const) {
    disposed.clear();
    const session = await track(ort, convNet(), { where, onError: "throw" });
    await session.run({ x: image(1) });
    const taps = disposed.size;
    expect(taps).toBe(where === "graph" ? 12 : 3);
    expect([...disposed.values()]).not.toEqual(expect.arrayContaining(["scores"]));
    await expect(session.run({ x: image(Number.NaN) })).rejects.toThrow('layer "conv1"');
    expect(disposed.size).toBe(2 * taps);
    session.tracker.stop();
    await session.run({ x: image(1) });
    expect(disposed.size).toBe(2 * taps);
    await session.tracker.close();
  }
});
