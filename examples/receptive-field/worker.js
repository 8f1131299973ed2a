// One thread: measures the runs it is sent, one after another.
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { parentPort } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { loadDigits } from "../digits/load.js";
import { trainConvolutionsOnWasm } from "./conv-on-wasm.js";
import { measure } from "./measure.js";

tf.enableProdMode();
const wasm = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
setWasmPaths(dirname(wasm) + sep);
await tf.setBackend("wasm");
trainConvolutionsOnWasm(tf);
const digits = loadDigits(tf);

parentPort.on("message", async (run) => {
  parentPort.postMessage(await measure(tf, digits, run));
});
