import { memoryStorage, type SaveRecord } from "@delve/stats";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { afterEach, describe, expect, test, vi } from "vitest";
import { convNet, seededFloats } from "../test/made-networks.js";
import {
  instrument,
  type TrackedSession,
  type TrackOptions,
  track,
  type WrapOptions,
  wrap,
} from "./index.js";

const model = convNet();
const opened: TrackedSession[] = [];
afterEach(async () => {
  for (const session of opened.splice(0)) await session.tracker.close();
});

type Runtime = typeof node;
// With both packages in one process, only its provider's name makes sure that a session runs in WebAssembly.
const runtimes: [string, Runtime, string][] = [
  ["onnxruntime-node", node, "cpu"],
  ["onnxruntime-web", web as unknown as Runtime, "wasm"],
];

async function openWith(options: TrackOptions, ort: Runtime = node) {
  const session = await track(ort, model, { stats: ["cov"], onError: "throw", ...options });
  opened.push(session);
  return session;
}

const images = (count: number, seed = 7, size = 6): node.Tensor =>
  new node.Tensor("float32", seededFloats(count * 2 * size * size, seed), [count, 2, size, size]);

function covariances(save: SaveRecord | null): Record<string, Float64Array> {
  const records = save!.records.filter((record) => record.kind === "stat" && record.value !== null);
  return Object.fromEntries(
    records.map((r) => (r.kind === "stat" ? [r.layer, (r.value as { data: Float64Array }).data] : [])),
  );
}

/** Largest difference, as a share of the trace. */
function distance(a: Float64Array, b: Float64Array): number {
  const order = Math.sqrt(a.length);
  const trace = a.reduce((sum, value, i) => sum + (i % (order + 1) === 0 ? value : 0), 0);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0) / trace;
}

describe.each(runtimes)("%s", (_, ort, provider) => {
  const session = { executionProviders: [provider] };
  const open = (options: TrackOptions) => openWith({ session, ...options }, ort);
  const openBare = () => ort.InferenceSession.create(model, session);

  test("the graph and the kernel give the same to 1e-12, over batches of any size", async () => {
    const saves = [];
    for (const where of ["graph", "kernel"] as const) {
      const { run, tracker } = await open({ where });
      for (const [count, size] of [
        [3, 6],
        [1, 9],
        [5, 2],
      ] as const)
        await run({ x: images(count, count, size) });
      await tracker.addSaturations();
      expect([...tracker.where.values()].map((place) => place.where)).toEqual([where, where, where]);
      expect(tracker.latest!.records.map((r) => r.kind === "stat" && r.samples)).toEqual([
        3 * 36 + 81 + 5 * 4,
        3 * 36 + 81 + 5 * 4,
        9,
      ]);
      saves.push(covariances(tracker.latest));
    }
    const [graph, kernel] = saves;
    expect(Object.keys(graph!)).toEqual(["conv1", "conv2", "fc"]);
    for (const layer of Object.keys(graph!)) {
      expect(distance(kernel![layer]!, graph![layer]!), layer).toBeLessThan(1e-12);
    }
  });

  test("outputs are those of the bare model: by name, with the same values, recorded or paused", async () => {
    const bare = await openBare();
    const expected = await bare.run({ x: images(4) });
    const [session, kernel] = [await open({ where: "graph" }), await open({ where: "kernel" })];
    kernel.tracker.stop();
    for (const tracked of [session, kernel]) {
      expect(tracked.outputNames).toEqual(bare.outputNames);
      expect(tracked.inputNames).toEqual(bare.inputNames);
      expect(tracked.outputMetadata).toEqual(bare.outputMetadata);
      expect(tracked.inputMetadata).toEqual(bare.inputMetadata);
      const results = await tracked.run({ x: images(4) });
      expect(Object.keys(results)).toEqual(["scores", "maps"]);
      for (const name of ["scores", "maps"]) {
        const [a, b] = [results[name]!.data as Float32Array, expected[name]!.data as Float32Array];
        expect(Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))).toBeLessThan(1e-5);
      }
    }
  });

  test("every form of run", async () => {
    const session = await open({ where: "graph" });
    const feeds = { x: images(2) };
    const options = { tag: "mine" };
    const keys = async (results: Promise<object>) => Object.keys(await results);
    expect(await keys(session.run(feeds, options))).toEqual(["scores", "maps"]);
    expect(await keys(session.run(feeds, ["maps"]))).toEqual(["maps"]);
    expect(await keys(session.run(feeds, ["scores"], options))).toEqual(["scores"]);
    expect(await keys(session.run(feeds, { maps: null }))).toEqual(["maps"]);
    expect(await keys(session.run(feeds, { maps: null }, options))).toEqual(["maps"]);
    expect(await keys(session.run(feeds, undefined as never, options))).toEqual(["scores", "maps"]);
    await expect(session.run(feeds, [])).rejects.toThrow("empty array");
    await expect(session.run(feeds, ["a"])).rejects.toThrow(
      'must be outputs of the model (scores, maps), got "a"',
    );
    await expect(session.run({}, ["maps"])).rejects.toThrow("input 'x' is missing");
    await expect(session.run(null as never)).rejects.toThrow(TypeError);
    await expect(session.run(feeds, null as never)).rejects.toThrow(TypeError);
    await session.tracker.addSaturations();
    expect(session.tracker.latest!.records[0]).toMatchObject({ samples: 6 * 2 * 36 });
  });

  test("runs at once are recorded once each, one that fails not at all", async () => {
    const counts = [1, 2, 3, 4, 5, 6];
    const wrong = new ort.Tensor("float32", new Float32Array(3), [1, 3, 1, 1]);
    const allOf = async ({ run }: { run: (feeds: { x: node.Tensor }) => Promise<unknown> }) => {
      const runs = counts.map((count) => run({ x: images(count, count) }));
      return (await Promise.allSettled([...runs, run({ x: wrong })])).map(({ status }) => status);
    };
    for (const where of ["graph", "kernel"] as const) {
      const [session, oneByOne] = [await open({ where }), await open({ where })];
      expect(await allOf(session)).toEqual([...counts.map(() => "fulfilled"), "rejected"]);
      for (const count of counts) await oneByOne.run({ x: images(count, count) });
      await expect(oneByOne.run({ x: wrong })).rejects.toThrow();
      for (const { tracker } of [session, oneByOne]) {
        await tracker.addSaturations();
        const samples = tracker.latest!.records.map((r) => r.kind === "stat" && r.samples);
        expect(samples).toEqual([21 * 36, 21 * 36, 21]);
      }
      const [a, b] = [covariances(session.tracker.latest), covariances(oneByOne.tracker.latest)];
      for (const layer of Object.keys(a)) expect(distance(a[layer]!, b[layer]!)).toBeLessThan(1e-14);
    }
  });

  test("a run under way belongs to the epoch in which it ends, and to none if it is stopped", async () => {
    const session = await open({ where: "graph" });
    const samples = async () => {
      await session.tracker.addSaturations();
      return session.tracker.latest!.records.map((record) => (record.kind === "stat" ? record.samples : 0));
    };
    await session.run({ x: images(1) });
    const late = session.run({ x: images(2) });
    expect(await samples()).toEqual([36, 36, 1]);
    await late;
    expect(await samples()).toEqual([72, 72, 2]);
    const stopped = session.run({ x: images(3) });
    session.tracker.stop();
    expect(Object.keys(await stopped)).toEqual(["scores", "maps"]);
    session.tracker.resume();
    await session.run({ x: images(1) });
    expect(await samples()).toEqual([36, 36, 1]);
    const last = session.run({ x: images(3) });
    await session.tracker.close();
    expect(Object.keys(await last)).toEqual(["scores", "maps"]);
    expect(session.tracker.dropped.size).toBe(0);
    await session.release();
  });

  test("a tensor that takes an output", async () => {
    const session = await open({ where: "kernel" });
    const mine = new ort.Tensor("float32", new Float32Array(6), [2, 3]);
    const his = new ort.Tensor("float32", new Float32Array(6), [2, 3]);
    const bare = await openBare();
    // The runtimes differ in whether they fill it, and in whether they return it.
    const expected = await bare.run({ x: images(2) }, { scores: his });
    const given = await session.run({ x: images(2) }, { scores: mine });
    expect(Object.keys(given)).toEqual(Object.keys(expected));
    mine.data.forEach((value, i) => void expect(value).toBeCloseTo(his.data[i]!, 5));
    await session.tracker.addSaturations();
    expect(session.tracker.latest!.records).toHaveLength(3);
  });

  test("stop and resume, logInterval, maxSamples", async () => {
    const session = await open({ where: "graph", logInterval: 2 });
    const samples = async () => {
      await session.tracker.addSaturations();
      return session.tracker.latest!.records.map((record) => (record.kind === "stat" ? record.samples : 0));
    };
    for (let i = 0; i < 5; i++) await session.run({ x: images(1) });
    expect(await samples()).toEqual([72, 72, 2]);
    session.tracker.stop();
    await session.run({ x: images(1) });
    session.tracker.resume();
    await session.run({ x: images(1) });
    expect(await samples()).toEqual([36, 36, 1]);

    const cut = await open({ where: "graph", maxSamples: 3, logger: vi.fn() });
    await cut.run({ x: images(2) });
    await cut.run({ x: images(2) });
    await cut.tracker.addSaturations();
    expect(cut.tracker.latest!.records[0]).toMatchObject({ samples: 3 * 36 });
    expect(cut.tracker.where.get("conv1")).toEqual({
      where: "kernel",
      reason: "`maxSamples` needs its values, to cut a batch",
    });
  });

  test("an empty batch runs; it is dropped and counted", async () => {
    for (const where of ["graph", "kernel"] as const) {
      const session = await open({ where, onError: "warn", logger: vi.fn() });
      const { maps } = await session.run({ x: images(0) }, ["maps"]);
      expect(maps!.dims).toEqual([0, 4, 6, 6]);
      await session.run({ x: images(1) });
      expect(session.tracker.dropped.get("conv1")).toBe(1);
    }
  });

  test("values that are not finite are refused", async () => {
    for (const where of ["graph", "kernel"] as const) {
      const logger = vi.fn();
      const session = await open({ where, onError: "warn", logger });
      const spoilt = images(1);
      (spoilt.data as Float32Array)[5] = Number.POSITIVE_INFINITY;
      await session.run({ x: spoilt });
      await session.run({ x: images(1) });
      await session.tracker.addSaturations();
      expect(session.tracker.dropped).toEqual(
        new Map([
          ["conv1", 1],
          ["conv2", 1],
          ["fc", 1],
        ]),
      );
      expect(session.tracker.latest!.records[0]).toMatchObject({ samples: 36 });
    }
  });
});

test("instrument and wrap, with the plan as JSON in between", async () => {
  const { bytes, ...plan } = instrument(model, { where: "graph" });
  const inner = await node.InferenceSession.create(bytes);
  expect(inner.inputNames).toEqual(["x", "delve/record"]);
  const session = await wrap(inner, JSON.parse(JSON.stringify(plan)), { stats: ["lsat"] });
  await session.run({ x: images(3) });
  await session.tracker.addSaturations();
  expect(session.tracker.latest!.records).toHaveLength(3);
  await session.tracker.close();
  expect(Object.keys(await session.run({ x: images(1) }))).toEqual(["scores", "maps"]);
  await session.release();
  await expect(wrap(await node.InferenceSession.create(model), plan)).rejects.toThrow(
    "of the instrumented model",
  );
});

test("wrap takes samples as the plan says, and refuses to do otherwise", async () => {
  const open = async (where: "graph" | "kernel", options: WrapOptions) => {
    const { bytes, ...plan } = instrument(model, {
      where,
      convMethod: where === "graph" ? "channelwise" : "mean",
    });
    const session = await wrap(await node.InferenceSession.create(bytes), plan, {
      stats: ["lsat"],
      ...options,
    });
    opened.push(session);
    await session.run({ x: images(3) });
    await session.tracker.addSaturations();
    return session.tracker.latest!.records[0];
  };
  expect(await open("kernel", {})).toMatchObject({ samples: 3 });
  expect(await open("kernel", { convMethod: "channelwise" })).toMatchObject({ samples: 3 * 36 });
  expect(await open("graph", { convMethod: "channelwise" })).toMatchObject({ samples: 3 * 36 });
  await expect(open("graph", { convMethod: "mean" })).rejects.toThrow(
    "wrap: convMethod must be as `instrument` was given it, channelwise, got mean",
  );
  await expect(open("graph", { mask: "m" })).rejects.toThrow("wrap: mask must be as");
  await expect(wrap(await node.InferenceSession.create(model), {} as never)).rejects.toThrow("plan must be");
  expect(() => instrument(model, { wher: "graph" } as never)).toThrow('did you mean "where"?');
});

test("a session is released if its tracker cannot be made", async () => {
  const release = vi.fn();
  const ort = {
    InferenceSession: {
      create: async (bytes: Uint8Array) => {
        const session = await node.InferenceSession.create(bytes);
        return Object.assign(session, { release: async () => void release() });
      },
    },
  };
  await expect(track(ort, model, { satThreshold: 2 })).rejects.toThrow(RangeError);
  expect(release).toHaveBeenCalledOnce();
});

test("a file is written, with scalars beside", async () => {
  const storage = memoryStorage();
  const session = await openWith({ stats: ["lsat"], saveTo: "csv", savePath: "runs/conv", storage });
  await session.run({ x: images(40) });
  session.tracker.addScalar("accuracy", 0.5);
  await session.tracker.addSaturations();
  const text = new TextDecoder().decode((await storage.read("runs/conv.csv"))!);
  expect(text.split("\n")[0]).toBe(
    ";accuracy;eval-saturation_conv1;eval-saturation_conv2;eval-saturation_fc",
  );
});

test("layers are chosen; what has other needs goes to the kernel, and says so", async () => {
  const logger = vi.fn();
  const session = await openWith({
    where: "graph",
    layerFilter: (name) => name !== "conv2",
    tensors: ["a.relu"],
    convMethod: "mean",
    logger,
  });
  expect([...session.tracker.where]).toEqual([
    ["conv1", { where: "kernel", reason: '`convMethod` "mean" needs its values' }],
    ["fc", { where: "graph", reason: "`where` says so" }],
    ["a.relu", { where: "kernel", reason: "the meaning of its axes is known once there are values" }],
  ]);
  expect(logger).toHaveBeenCalledTimes(2);
  await session.run({ x: images(3) });
  await session.tracker.addSaturations();
  expect(
    session.tracker.latest!.records.map((r) => r.kind === "stat" && [r.layer, r.samples, r.features]),
  ).toEqual(
    [
      ["conv1", 3, 5],
      ["a.relu", 3, 5],
      ["fc", 3, 3],
    ].sort(
      (x, y) =>
        session.tracker.layers.indexOf(x[0] as string) - session.tracker.layers.indexOf(y[0] as string),
    ),
  );
});

test("auto: convolutions in the graph where the runtime has threads for it, on the processor", async () => {
  const places = async (session: { readonly intraOpNumThreads: number }) => {
    const { tracker } = await openWith({ session });
    return [...tracker.where.values()].map(({ where }) => where);
  };
  expect(await places({ intraOpNumThreads: 4 })).toEqual(["graph", "graph", "kernel"]);
  expect(await places({ intraOpNumThreads: 2 })).toEqual(["kernel", "kernel", "kernel"]);
  const elsewhere = instrument(model, { executionProviders: ["webgpu", "cpu"], threads: 8 });
  expect(elsewhere.taps.map(({ where }) => where)).toEqual(["kernel", "kernel", "kernel"]);
});

test("a runtime without float64: auto goes to the kernel, graph fails", async () => {
  const refusing = {
    InferenceSession: {
      create: async (bytes: Uint8Array, options?: node.InferenceSession.SessionOptions) => {
        const session = await node.InferenceSession.create(bytes, options);
        if (session.inputNames.includes("delve/record")) throw new Error("no kernel for Cast to double");
        return session;
      },
    },
  };
  const logger = vi.fn();
  const session = await track(refusing, model, { logger, session: { intraOpNumThreads: 4 } });
  expect(session.tracker.where.get("conv1")).toEqual({
    where: "kernel",
    reason: "the runtime has no float64 here",
  });
  expect(logger).toHaveBeenCalledWith("info", expect.stringContaining("no float64"), expect.anything());
  await session.tracker.close();
  await expect(track(refusing, model, { where: "graph" })).rejects.toThrow("Cast to double");
});

test.each<[string, () => Promise<unknown>, string]>([
  ["no runtime", () => track({} as never, model), "ort must be ONNX Runtime"],
  ["an unknown option", () => track(node, model, { sats: [] } as never), "did you mean"],
  ["an unknown place", () => track(node, model, { where: "gpu" as never }), "where"],
  ["no model", () => track(node, 3 as never), "model must be bytes, a path or a URL"],
  [
    "no layer",
    () => track(node, model, { layerFilter: () => false }),
    "must have a layer to record, got none",
  ],
  ["graph capture", () => track(node, model, { session: { enableGraphCapture: true } }), "must be off"],
  ["a mask of features", () => track(node, model, { mask: "m", timeseriesMethod: "timestepwise" }), "mask:"],
])("refused: %s", async (_, open, message) => {
  await expect(open()).rejects.toThrow(message);
});
