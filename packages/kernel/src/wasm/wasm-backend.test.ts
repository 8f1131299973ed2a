import { backendConformance, goldenConformance } from "@delve/conformance";
import { loadKernel } from "../load.js";

backendConformance("wasm", loadKernel);
goldenConformance("wasm", loadKernel);
