// node required.cjs: the packages by `require`, as CommonJS projects take them; and a job of theirs.
const { loadKernel } = require("@delve/kernel");
const { saturation } = require("@delve/core");
const { memoryStorage } = require("@delve/stats");
const { openWebGPU } = require("@delve/webgpu");
const { SaturationTracker } = require("@delve/tfjs");
const { track } = require("@delve/onnxruntime");
const { rows } = require("./jobs/known-matrix.js");

saturation(rows).then((value) => {
  const others = { loadKernel, memoryStorage, openWebGPU, SaturationTracker, track };
  const missing = Object.keys(others).filter((name) => typeof others[name] !== "function");
  console.log(JSON.stringify({ saturation: value, missing }));
});
