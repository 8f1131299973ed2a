import { SaturationTracker } from "@delve/core";
import { stopwatch } from "./lib/clock.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { milliseconds, ratio, table } from "./lib/table.mjs";
import { FILLINGS, LAYERS, layerOutputs } from "./lib/vgg16.mjs";

export const title =
  "An epoch of VGG16: 20 batches of 64, 16 layers, channelwise; saturation and intrinsic dimensionality at the end (ms: best (median))";

const BATCHES = 20;

export async function run(torch) {
  const rows = [];
  for (const filling of Object.keys(FILLINGS)) rows.push(await measureFilling(filling, torch));
  return table(
    [
      "samples",
      "delve",
      "of it at the end",
      torch ? `PyTorch (${torch.blas})` : "PyTorch not found",
      "PyTorch / delve: best",
      "median",
    ],
    rows,
  );
}

async function measureFilling(filling, torch) {
  const { all, outputs } = layerOutputs(filling);
  const shapes = LAYERS.map(({ shape }) => shape);
  const peer = await torch?.prepare("epoch", all, { shapes, batches: BATCHES });
  let latest;
  const ends = [];
  const own = async () => {
    const { total, end, dimensions } = await epoch(outputs);
    latest = dimensions;
    ends.push(end);
    return total;
  };
  const taken = await inTurn({ own, peer: withFirst(peer) }, { rounds: 1, time: 0, warmUp: false });
  if (peer) agree(peer.check, latest);
  const both = ({ least, median }) => `${milliseconds(least)} (${milliseconds(median)})`;
  const ratios = ["least", "median"].map((which) => ratio(taken.peer?.[which], taken.own[which]));
  return [
    filling,
    both(taken.own),
    milliseconds(Math.min(...ends)),
    taken.peer ? both(taken.peer) : "–",
    ...ratios,
  ];
}

/** An epoch takes the peer most of a minute, so that the one for checking counts as its first sample. */
function withFirst(peer) {
  let first = peer?.first;
  return (
    peer &&
    (() => {
      const before = first;
      first = undefined;
      return before ?? peer.sample();
    })
  );
}

/** What a user writes: every layer's output recorded batch by batch, then the statistics of the epoch. */
async function epoch(outputs) {
  const tracker = await SaturationTracker.open({ stats: ["lsat", "idim"] });
  const elapsed = stopwatch();
  for (let i = 0; i < BATCHES; i++) {
    for (const { name, shape, data } of outputs) {
      tracker.record(name, { data, shape }, shape.length === 4 ? { layout: "channelsFirst" } : {});
    }
  }
  const recorded = elapsed();
  await tracker.addSaturations();
  const total = elapsed();
  const { records } = tracker.latest;
  await tracker.close();
  const found = records.filter(({ stat }) => stat === "idim");
  const dimensions = outputs.map(({ name }) => found.find(({ layer }) => layer === name).value);
  return { total, end: total - recorded, dimensions };
}

/** A peer that computes something else is no peer. */
function agree(theirs, own) {
  if (theirs.join() !== own.join()) {
    throw new Error(`vgg16: PyTorch must agree with delve's dimensions ${own}, got ${theirs}`);
  }
}
