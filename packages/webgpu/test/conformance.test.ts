import { backendConformance, goldenConformance } from "@delve/conformance";
import { openWebGPU } from "../src/index.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

describeWithGpu("on a GPU in software (SwiftShader, Dawn)", () => {
  const open = () => openWebGPU({ gpu: openGpu(), software: true });
  backendConformance("webgpu", open);
  goldenConformance("webgpu", open);
});
