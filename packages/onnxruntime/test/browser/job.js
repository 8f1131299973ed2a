// What a page does: fetch a model, track it, put digits through it.
import { track } from "@delve/onnxruntime";

/**
 * @param ort - A build of onnxruntime-web.
 * @param request - `model`: address; `provider`; `where`; `input`, `dims`; `batch`: samples a run.
 * @param computing - Further options of the tracker.
 */
export async function job(ort, request, computing = {}) {
  const { model, provider, where, input, dims, batch, preferredOutputLocation } = request;
  // Everything from this page's own server: by default a build may turn to a public network.
  ort.env.wasm.wasmPaths = new URL("/ort/", location.href).href;
  ort.env.wasm.numThreads = 1;
  const session = await track(ort, model, {
    stats: ["cov", "idim"],
    where,
    session: {
      executionProviders: [provider],
      logSeverityLevel: 3,
      ...(preferredOutputLocation && { preferredOutputLocation }),
    },
    logger: () => {},
    ...computing,
  });
  const { tracker } = session;
  const logits = [];
  const size = input.length / dims[0];
  for (let from = 0; from < dims[0]; from += batch) {
    const to = Math.min(from + batch, dims[0]);
    const data = Float32Array.from(input.slice(from * size, to * size));
    const { logits: output } = await session.run({
      input: new ort.Tensor("float32", data, [to - from, ...dims.slice(1)]),
    });
    logits.push(...(await output.getData()));
    output.dispose();
  }
  await tracker.addSaturations();
  const { records } = tracker.latest;
  await tracker.close();
  await session.release();
  return {
    logits,
    places: [...tracker.where.values()],
    records: records.map(({ layer, stat, value, samples, features }) => ({
      layer,
      stat,
      samples,
      features,
      value: value.data ? [...value.data] : value,
    })),
  };
}
