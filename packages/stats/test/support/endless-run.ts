import process from "node:process";
import { nodeFileStorage } from "../../src/storage/node-file-storage.js";
import { CsvWriter } from "../../src/writers/csv-writer.js";
import { JsonlWriter } from "../../src/writers/jsonl-writer.js";
import { NpyWriter } from "../../src/writers/npy-writer.js";
import { TensorBoardWriter } from "../../src/writers/tensorboard-writer.js";
import { WriterSet } from "../../src/writers/writer-set.js";
import { predictableSave } from "./predictable-save.js";
import { runOn } from "./saves.js";

// A run that saves until it is killed: node endless-run.mjs <folder> <initialEpoch>. Prints its warnings, and when it begins.
const [root = "", first = "0"] = process.argv.slice(2);
const initialEpoch = Number(first);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const writers = [new CsvWriter(), new JsonlWriter(), new NpyWriter(), new TensorBoardWriter()];
const run = runOn(nodeFileStorage({ root }), (level, message) => say(`${level}: ${message}`), {
  initialEpoch,
});
const set = await WriterSet.open(writers, run);
say("ready");
for (let epoch = initialEpoch; ; epoch++) await set.write(predictableSave(epoch));
