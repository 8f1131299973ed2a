// The page of the browser test of PCA layers.
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgpu";
import { projectPasses } from "./pca-job.js";

setWasmPaths("/");
tf.enableProdMode();

globalThis.job = async (backend) => {
  if (!(await tf.setBackend(backend))) throw new Error(`page: the backend ${backend} must start`);
  return projectPasses(tf);
};
