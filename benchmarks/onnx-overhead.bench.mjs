import { setTimeout as rest } from "node:timers/promises";
import { instrument, track } from "@delve/onnxruntime";
import * as ort from "onnxruntime-node";
import { stopwatch } from "./lib/clock.mjs";
import { detector, encoder, vgg } from "./lib/onnx-nets.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { milliseconds, table } from "./lib/table.mjs";

export const title =
  "A run of an ONNX model, bare and tracked, in onnxruntime-node (ms: best; in brackets: times bare)";

/** Milliseconds in which the threads of the session before, which go on waiting for work in a loop, fall asleep. */
const REST = 50;

/** Multiply-adds beyond which the naive way takes minutes. */
const NAIVE_LIMIT = 5e9;

const CASES = [
  { name: "VGG on 597 digits", build: vgg },
  { name: "detector, 50 convolutions, 320 × 320", build: detector },
  { name: "text encoder, 6 layers, 8 × 128 tokens", build: encoder, timeseriesMethod: "tokenwise" },
];

export async function run() {
  const rows = [];
  for (const entry of CASES) rows.push(await measureCase(entry));
  return table(["model", "bare", "graph", "kernel", "auto", "paused", "naive JavaScript"], rows);
}

/** All sessions of one model take turns. Statistics are computed at the end of an epoch, not with every run. */
async function measureCase({ name, build, ...sampling }) {
  const { bytes, feeds } = build();
  const options = { ...sampling, stats: ["lsat"], logger: () => {} };
  const bare = await ort.InferenceSession.create(bytes);
  const open = (where) => track(ort, bytes, { ...options, where });
  const tracked = { graph: await open("graph"), kernel: await open("kernel"), auto: await open("auto") };
  const paused = await open("auto");
  paused.tracker.stop();
  const naive = await naiveSession(bytes, feeds, options);
  const sessions = { bare, ...tracked, paused, naive };
  const samplers = Object.fromEntries(
    Object.entries(sessions).map(([key, session]) => [key, () => elapsed(() => session.run(feeds))]),
  );
  const { naive: slow, ...quick } = samplers;
  const times = await inTurn(quick, { rounds: 15, time: 6000 });
  const reference =
    naive.work > NAIVE_LIMIT ? null : await inTurn({ naive: slow }, { rounds: 2, time: 0, warmUp: false });
  for (const session of [...Object.values(tracked), paused]) await session.tracker.close();
  const cell = ({ least }) => `${milliseconds(least)} (${(least / times.bare.least).toPrecision(3)}×)`;
  const cells = ["graph", "kernel", "auto", "paused"].map((key) => cell(times[key]));
  return [name, milliseconds(times.bare.least), ...cells, reference ? cell(reference.naive) : "–"];
}

async function elapsed(action) {
  await rest(REST);
  const stop = stopwatch();
  await action();
  return stop();
}

/** What one writes without a library: all values as outputs, and Σxxᵀ in two loops. */
async function naiveSession(bytes, feeds, options) {
  const { bytes: instrumented, taps } = instrument(bytes, { ...options, where: "kernel" });
  const session = await ort.InferenceSession.create(instrumented);
  const run = async (feeds) => {
    const results = await session.run(feeds);
    for (const { output, layout } of taps) secondMoments(results[output], layout);
  };
  const results = await session.run(feeds);
  const work = taps.reduce((sum, { output, layout }) => {
    const { data, dims } = results[output];
    return sum + data.length * (layout.kind === "conv" ? dims[1] : dims.at(-1));
  }, 0);
  return { run, work };
}

function secondMoments({ data, dims }, { kind }) {
  const conv = kind === "conv";
  const features = conv ? dims[1] : dims.at(-1);
  const places = conv ? dims.slice(2).reduce((a, b) => a * b, 1) : 1;
  const sums = new Float64Array(features * features);
  for (let start = 0; start < data.length; start += features * places) {
    for (let place = 0; place < places; place++) {
      for (let i = 0; i < features; i++) {
        const x = data[start + i * places + place];
        for (let j = 0; j < features; j++) sums[i * features + j] += x * data[start + j * places + place];
      }
    }
  }
  return sums;
}
