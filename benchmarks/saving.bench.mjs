import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CsvWriter, JsonlWriter, NpyWriter, TensorBoardWriter } from "@delve/stats";
import { nodeFileStorage } from "@delve/stats/node";
import { random } from "./lib/random.mjs";
import { milliseconds, table } from "./lib/table.mjs";

export const title = "A save on the file system (ms a save over a whole run)";

const EPOCHS = 200;
const LAYERS = 50;
const STATS = [
  { stat: "lsat", label: "saturation", integer: false },
  { stat: "idim", label: "intrinsic-dimensionality", integer: true },
  { stat: "trc", label: "covariance-trace", integer: false },
];

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), "delve-bench-"));
  try {
    return await savesTable(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 200 epochs × 50 layers × 3 statistics, each writer alone. Every save is on the disk when its time is taken. */
async function savesTable(folder) {
  const storage = nodeFileStorage({ root: folder });
  const three = [
    ["csv", new CsvWriter(), ["runs/csv.csv"]],
    ["jsonl", new JsonlWriter(), ["runs/jsonl.jsonl"]],
    ["tensorboard", new TensorBoardWriter(), ["runs/tensorboard/events.out.tfevents.1700000000.delve"]],
  ];
  const rows = [];
  const total = new Float64Array(EPOCHS);
  for (const [name, writer, files] of three) {
    const times = await timeSaves(storage, name, writer);
    for (const [epoch, time] of times.entries()) total[epoch] += time;
    rows.push([name, ...summary(times), `${Math.round(sizeOf(folder, files) / 1000)} kB`]);
  }
  rows.push(["csv + jsonl + tensorboard", ...summary(total), "–"]);
  rows.push(["npy (151 files a save)", ...summary(await timeSaves(storage, "npy", new NpyWriter())), "–"]);
  return table(
    [
      `${EPOCHS} epochs × ${LAYERS} layers × ${STATS.length} statistics`,
      "mean",
      "last ten",
      "longest",
      "size",
    ],
    rows,
  );
}

async function timeSaves(storage, name, writer) {
  const next = random(7);
  await writer.open({
    name,
    savePath: `runs/${name}`,
    storage,
    initialEpoch: 0,
    threshold: 0.99,
    log: console.log,
  });
  const times = [];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const save = saveOf(epoch, next);
    const start = performance.now();
    await writer.write(save);
    times.push(performance.now() - start);
  }
  const start = performance.now();
  await writer.close?.();
  times[EPOCHS - 1] += performance.now() - start;
  return times;
}

function saveOf(epoch, next) {
  const records = Array.from({ length: LAYERS }, (_, index) =>
    STATS.map((statistic) => ({
      kind: "stat",
      phase: "train",
      layer: `features-${index}`,
      index,
      ...statistic,
      value: statistic.integer ? Math.floor(512 * next()) : next(),
      samples: 50000,
      features: 512,
      undersampled: false,
    })),
  );
  const loss = { kind: "scalar", name: "loss", value: next() };
  return { epoch, time: 1.7e12 + epoch, records: [loss, ...records.flat()] };
}

const meanOf = (times) => times.reduce((sum, time) => sum + time, 0) / times.length;

const summary = (times) => [meanOf(times), meanOf(times.slice(-10)), Math.max(...times)].map(milliseconds);

const sizeOf = (folder, files) => files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
