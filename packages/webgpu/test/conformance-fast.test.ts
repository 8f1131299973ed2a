import { backendConformance } from "@delve/conformance";
import { openWebGPU } from "../src/index.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

const KERNEL = "the kernel's, in every mode";

describeWithGpu("on a GPU in software (SwiftShader, Dawn)", () => {
  backendConformance(
    "webgpu in the mode fast",
    () => openWebGPU({ gpu: openGpu(), software: true, mode: "fast" }),
    { skip: { eigenvalues: KERNEL, "eigenvalues of a batch": KERNEL, "leading eigenvalues": KERNEL } },
  );
});
