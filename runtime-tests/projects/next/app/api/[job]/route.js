import { answer } from "../../../worker.js";

// On Node, as routes are by default.
const platform = { onnxruntime: async () => ({ ort: await import("onnxruntime-node") }) };

export const POST = (request) => answer(request, platform);
