import { describe, expect, test, vi } from "vitest";
import { compiled, dense, mlp, normal, seeded, sizesOf, tf, track } from "../test/support.js";

const x = normal([20, 4], 1);
const y = normal([20, 3], 2);
const fitOptions = {
  epochs: 3,
  batchSize: 8,
  validationData: [normal([6, 4], 3), normal([6, 3], 4)] as [tf.Tensor, tf.Tensor],
};

/** The saves of a run, as the CSV's columns would have them: names of scalars, and how many statistics. */
async function run(callbacksOf: (ours: tf.CustomCallback) => unknown, model: tf.LayersModel = mlp()) {
  const saves: string[] = [];
  const writer = {
    name: "list",
    write: ({ records }: { records: readonly { kind: string; name?: string }[] }) => {
      const names = records.flatMap((record) => record.name ?? []);
      saves.push(`${names.join(" ")} + ${records.length - names.length}`);
    },
  };
  const tracker = await track({ model, saveTo: writer });
  const ours = tracker.callback({ progress: false });
  const history = await model.fit(x, y, { ...fitOptions, callbacks: callbacksOf(ours) as tf.CustomCallback });
  await tracker.close();
  return { saves, history, tracker };
}

const SAVE = "loss mse val_loss val_mse + 4";

describe("callback", () => {
  test("at the end of every epoch saves the numbers of training, of validation, then the statistics", async () => {
    const { saves, tracker } = await run((ours) => ours);
    expect(saves).toEqual([SAVE, SAVE, SAVE]);
    expect(sizesOf(tracker)).toEqual({
      "train/hidden": "20×6",
      "train/out": "20×3",
      "eval/hidden": "6×6",
      "eval/out": "6×3",
    });
  });

  test("the scalars are the numbers of tfjs's own history", async () => {
    const { history, tracker } = await run((ours) => ours);
    const scalars = tracker.latest!.records.flatMap((record) => (record.kind === "scalar" ? [record] : []));
    expect(Object.fromEntries(scalars.map(({ name, value }) => [name, value]))).toEqual(
      Object.fromEntries(Object.entries(history.history).map(([name, values]) => [name, values[2]])),
    );
  });

  const events: string[] = [];
  const plain = { onEpochEnd: async (epoch: number) => void events.push(`plain ${epoch}`) };
  // Never improves on its baseline, so that it stops the training after the second epoch.
  const stopping = () => tf.callbacks.earlyStopping({ monitor: "val_loss", baseline: -1, patience: 2 });

  test.each<[string, (ours: tf.CustomCallback) => unknown, number]>([
    ["in a list of its own", (ours) => [ours], 3],
    ["before a plain object", (ours) => [ours, plain], 3],
    ["after a plain object", (ours) => [plain, ours], 3],
    ["between plain objects", (ours) => [plain, ours, plain], 3],
    ["before earlyStopping", (ours) => [ours, stopping()], 2],
    ["after earlyStopping", (ours) => [stopping(), ours], 2],
    ["before a plain object and earlyStopping", (ours) => [ours, plain, stopping()], 2],
    ["after a plain object and earlyStopping", (ours) => [plain, stopping(), ours], 2],
    ["between earlyStopping and a plain object", (ours) => [stopping(), ours, plain], 2],
  ])("works %s", async (_, list, epochs) => {
    events.length = 0;
    const { saves } = await run(list);
    expect(saves).toEqual(Array(epochs).fill(SAVE));
    const plains = (list({} as tf.CustomCallback) as unknown[]).filter(
      (callback) => callback === plain,
    ).length;
    expect(events.length).toBe(plains * epochs);
  });

  test("works after a plain object where fit belongs to a model that the tracker does not know", async () => {
    const inner = mlp();
    const outer = compiled(seeded(() => tf.sequential({ layers: [inner, dense("head", 3)] })));
    const tracker = await track({ modules: inner.layers });
    await outer.fit(x, y, { epochs: 2, callbacks: [plain, tracker.callback()] as tf.CustomCallback[] });
    expect(sizesOf(tracker)).toEqual({ "train/hidden": "20×6", "train/out": "20×3" });
    await tracker.close();
  });

  test("lists without it are handed on untouched", async () => {
    const model = mlp();
    const tracker = await track({ model });
    const mixed = [stopping(), plain] as unknown as tf.CustomCallback[];
    await expect(model.fit(x, y, { callbacks: mixed })).rejects.toThrow("setParams");
    await tracker.close();
  });

  test("serves fitDataset", async () => {
    const model = mlp();
    const tracker = await track({ model });
    const data = tf.data.zip({ xs: tf.data.array([x, x]), ys: tf.data.array([y, y]) });
    await model.fitDataset(data, {
      epochs: 2,
      validationData: [x, y],
      callbacks: [tracker.callback({ progress: false }), plain] as tf.CustomCallback[],
    });
    expect(sizesOf(tracker)).toEqual({
      "train/hidden": "40×6",
      "train/out": "40×3",
      "eval/hidden": "20×6",
      "eval/out": "20×3",
    });
    await tracker.close();
  });

  test("shows how far training is on standard error, unless told not to", async () => {
    const written = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    const model = mlp();
    const tracker = await track({ model });
    await model.fit(x, y, { ...fitOptions, callbacks: tracker.callback({ progress: false }) });
    const unsaid = written.mock.calls.length;
    await model.fit(x, y, { ...fitOptions, callbacks: tracker.callback() });
    const lines = written.mock.calls.map(([text]) => String(text));
    written.mockRestore();
    await tracker.close();
    expect(unsaid).toBe(0);
    expect(lines.some((line) => line.includes("epoch 0/3") && !line.includes("loss"))).toBe(true);
    expect(lines.join("")).toMatch(/epoch 3\/3.* loss \d.*val_mse \d[\d.e-]*\n$/);
  });

  test("gives the event loop its turns while training", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const model = mlp();
    const tracker = await track({ model });
    await model.fit(x, y, { epochs: 80, batchSize: 4, callbacks: tracker.callback({ progress: false }) });
    clearInterval(timer);
    await tracker.close();
    expect(turns).toBeGreaterThan(0);
  });

  test.each<[string, object, object, number]>([
    ["never, as fit says", { yieldEvery: "never" }, {}, 0],
    ["never, as the callback says", {}, { yieldEvery: "never" }, 0],
    ["once an epoch, as fit says", { yieldEvery: "epoch" }, { yieldEvery: "never" }, 3],
    ["once a batch, as fit says", { yieldEvery: "batch" }, {}, 9],
  ])("gives them %s", async (_, fit, own, turns) => {
    let seen = 0;
    class Counting extends tf.CustomCallback {
      constructor(handlers: tf.CustomCallbackArgs, every?: tf.ModelFitArgs["yieldEvery"]) {
        super({ ...handlers, nextFrameFunc: async () => void seen++ }, every as never);
      }
    }
    const model = mlp();
    const tracker = await track({ model }, { ...tf, CustomCallback: Counting } as never);
    const callbacks = tracker.callback({ progress: false, ...own });
    await model.fit(x, y, { epochs: 3, batchSize: 8, ...fit, callbacks });
    await tracker.close();
    expect(seen).toBe(turns);
  });

  test("reads the numbers of an epoch that are still tensors, and leaves them alive", async () => {
    const tracker = await track({ model: mlp() });
    const [loss, accuracy] = [tf.scalar(0.5), tf.scalar(0.25)];
    const ours = tracker.callback({ progress: false }) as unknown as {
      onEpochEnd(epoch: number, logs: object): Promise<void>;
    };
    await ours.onEpochEnd(0, { val_loss: loss, acc: accuracy, lr: 0.125 });
    expect(tracker.latest?.records).toEqual([
      { kind: "scalar", name: "acc", value: 0.25 },
      { kind: "scalar", name: "lr", value: 0.125 },
      { kind: "scalar", name: "val_loss", value: 0.5 },
    ]);
    expect([loss.isDisposed, accuracy.isDisposed]).toEqual([false, false]);
    await tracker.close();
  });
});
