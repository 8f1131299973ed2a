import "@tensorflow/tfjs-backend-cpu";
import { loadKernel } from "@delve/kernel";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { DEFAULTS, type Settings } from "../state/settings.js";
import type { Report } from "./protocol.js";
import { Session } from "./session.js";
import * as tf from "./tf.js";

const kernel = await loadKernel();
const settings: Settings = { ...DEFAULTS, problem: "gauss", width: 2, depth: 1 };
let session: Session;
let reports: Report[];
/** Does something at once where a report comes: whoever looked from time to time might come too late. */
let react: (report: Report) => void;

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend("cpu");
});
beforeEach(() => {
  reports = [];
  react = () => {};
  session = new Session(kernel, (report) => {
    reports.push(report);
    react(report);
  });
});
afterEach(() => vi.unstubAllGlobals());

const start = (run: number, some: Partial<Settings> = {}) =>
  session.obey({ type: "start", run, settings: { ...settings, ...some } });

/** Types of the reports since the last look, but for progress, which depends on the clock. */
const said = () => reports.splice(0).flatMap(({ type }) => (type === "progress" ? [] : [type]));

test("a start gives the layers and epoch 0, a step one epoch more, and then the projection", async () => {
  await session.obey({ type: "project", layer: "dense1", axes: 1 });
  await start(1);
  expect(said()).toEqual(["started", "epoch", "projection", "curve"]);
  await session.obey({ type: "step" });
  const last = reports.filter((report) => report.type === "projection").at(-1);
  expect(last).toMatchObject({ epoch: 1, layer: "dense1", axes: 1, features: 2 });
  expect(said().slice(0, 2)).toEqual(["training", "epoch"]);
});

test("of many starts at once, the last one counts", async () => {
  const before = tf.memory().numTensors;
  await Promise.all([start(1), start(2), start(3, { depth: 2 })]);
  const started = reports.flatMap((report) => (report.type === "started" ? [report] : []));
  expect(started.map(({ run }) => run).at(-1)).toBe(3);
  expect(started.at(-1)!.layers.map(({ name }) => name)).toEqual(["dense1", "dense2", "output"]);
  const alive = tf.memory().numTensors - before;
  await start(4, { depth: 2 });
  expect(tf.memory().numTensors - before).toBe(alive);
});

test("training goes on until it is held, and a start ends it", async () => {
  await start(1);
  const trained = session.obey({ type: "train", on: true });
  await vi.waitFor(
    () => expect(reports.filter(({ type }) => type === "epoch").length).toBeGreaterThan(2),
    20_000,
  );
  await session.obey({ type: "train", on: false });
  await trained;
  expect(reports.at(-1)).toMatchObject({ type: "training", on: false });
  // What is shown at rest is of the weights at the end of an epoch.
  const last = reports.flatMap((report) => (report.type === "epoch" ? [report] : [])).at(-1)!;
  await session.obey({ type: "activations", layer: "dense1" });
  await session.obey({ type: "project", layer: "dense1", axes: 2 });
  expect(reports.at(-3)).toMatchObject({ type: "activations", epoch: last.epoch });
  const now = reports.at(-2);
  expect(now).toMatchObject({ type: "projection", epoch: last.epoch });
  expect(now?.type === "projection" && now.full.accuracy).toBeCloseTo(last.scores.eval.accuracy, 2);
  said();
  const again = session.obey({ type: "train", on: true });
  await start(2);
  await again;
  const epochs = reports.flatMap((report) =>
    report.type === "epoch" && report.run === 2 ? [report.epoch] : [],
  );
  expect(epochs).toEqual([0]);
});

test("a start that fails is told of, and the next one begins", async () => {
  vi.stubGlobal("fetch", async () => new Response("", { status: 503 }));
  await expect(start(1, { problem: "digits" })).rejects.toThrow("status 503");
  await session.obey({ type: "step" });
  expect(said()).toEqual([]);
  await start(2);
  expect(said()).toEqual(["started", "epoch"]);
});

test("of many projections asked for at once the last one is shown, and the curve once for a layer", async () => {
  await start(1, { width: 4, depth: 2 });
  said();
  await Promise.all([1, 2, 3].map((axes) => session.obey({ type: "project", layer: "dense1", axes })));
  expect(reports).toMatchObject([{ type: "projection", axes: 3 }, { type: "curve" }]);
  said();
  await session.obey({ type: "project", layer: "dense1", axes: 4 });
  expect(said()).toEqual(["projection"]);
  await session.obey({ type: "project", layer: "dense2", axes: 4 });
  expect(said()).toEqual(["projection", "curve"]);
});

test("a projection under way gives way to a start and leaves no tensor behind", async () => {
  await start(1, { width: 8 });
  const before = tf.memory().numTensors;
  const again = new Promise<void>((resolve, reject) => {
    react = ({ type }) => {
      react = () => {};
      if (type === "projection") start(2, { width: 8 }).then(resolve, reject);
    };
  });
  await session.obey({ type: "project", layer: "dense1", axes: 1 });
  await again;
  // The start shows it for its own run.
  const curves = reports.flatMap((report) => (report.type === "curve" ? [report.run] : []));
  expect(curves).toEqual([2]);
  await session.obey({ type: "project", layer: "none", axes: 1 });
  await start(3, { width: 8 });
  expect(tf.memory().numTensors).toBe(before);
});

test("while training goes on, another projection is shown before the epoch ends", async () => {
  react = (report) => {
    const hasBegun = report.type === "training" && report.on;
    if (hasBegun) void session.obey({ type: "project", layer: "dense1", axes: 7 });
  };
  await start(1, { problem: "spiral", width: 32, depth: 3 });
  await session.obey({ type: "step" });
  const places = ["projection", "curve"].map((type) => reports.findIndex((report) => report.type === type));
  const end = reports.findIndex((report) => report.type === "epoch" && report.epoch === 1);
  expect(places[0]).toBeLessThan(end);
  expect(places[1]).toBeGreaterThan(end);
  expect(reports[places[0]!]).toMatchObject({ epoch: 0, axes: 7 });
});

test("a start amid training, and training asked for at once: the new run trains", async () => {
  await start(1);
  let more: Promise<void>[] = [];
  react = (report) => {
    if (report.type !== "epoch") return;
    react = () => {};
    more = [start(2), session.obey({ type: "train", on: true })];
  };
  const first = session.obey({ type: "train", on: true });
  const epochs = () => reports.filter((report) => report.type === "epoch" && report.run === 2).length;
  await vi.waitFor(() => expect(epochs()).toBeGreaterThan(1), 20_000);
  await session.obey({ type: "train", on: false });
  await Promise.all([first, ...more]);
});

test("a run that diverges is told of once, and trains no more", async () => {
  await start(1, { network: "dense", width: 64, depth: 8, activation: "linear" });
  said();
  await session.obey({ type: "rate", rate: 1e30 });
  await session.obey({ type: "train", on: true });
  expect(said()).toEqual(["training", "diverged", "training"]);
  await session.obey({ type: "step" });
  await session.obey({ type: "project", layer: "dense1", axes: 1 });
  expect(said()).toEqual(["training", "training"]);
  await start(2);
  expect(said()).toContain("epoch");
});
