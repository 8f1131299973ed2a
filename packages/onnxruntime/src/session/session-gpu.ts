import type { TrackOptions } from "../options.js";
import type { Ort, OrtTensor, SessionOptions } from "./ort-types.js";

/** An execution provider that computes by WebGPU, if the session has one. */
function webgpuOf({ executionProviders = [] }: SessionOptions): { readonly device?: object } | undefined {
  for (const provider of executionProviders) {
    if (provider === "webgpu") return {};
    if (typeof provider === "object" && provider.name === "webgpu") return provider;
  }
  return undefined;
}

/**
 * Whether layers may stay in the memory of the session's GPU: it has one, a backend is asked for that could share it,
 * and nobody has to see values.
 */
export function mayStayOnGpu({
  session = {},
  backend,
  webgpu,
  device = "auto",
  mask,
}: TrackOptions): boolean {
  if (mask != null || webgpuOf(session) === undefined) return false;
  if (backend) return backend.gpuDevice !== undefined;
  return webgpu !== undefined && (device === "auto" || device === "webgpu");
}

/** The GPUDevice that a session which has been created computes on; `undefined` if the runtime does not tell. */
export async function gpuDeviceOf({ env }: Ort, session: SessionOptions): Promise<object | undefined> {
  // A device that was handed over is known to nobody else.
  const device = webgpuOf(session)?.device ?? (await env?.webgpu?.device);
  return typeof device === "object" && device !== null ? device : undefined;
}

/** The buffer of a tensor of float32 values that lies on a GPU; `undefined` if it is of another kind or elsewhere. */
export function gpuBufferOf(tensor: OrtTensor): object | undefined {
  // Asking a tensor for a buffer that it has not is an error.
  return tensor.location === "gpu-buffer" && tensor.type === "float32" ? tensor.gpuBuffer : undefined;
}
