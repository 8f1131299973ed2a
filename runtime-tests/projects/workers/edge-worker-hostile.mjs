import { encodeState } from "@delve/core";
import { json } from "./edge-worker-client.mjs";
import { batchOf, FEATURES } from "./edge-worker-samples.mjs";

/** Requests that must be refused, each with the status that says why. */
export function hostileRequests() {
  const post = (status, path, request) => ({ status, method: "POST", path, request });
  const samples = (status, request) => post(status, "docs/samples", request);
  const state = (status, body) => post(status, "docs/state", { body });
  return [
    samples(422, { body: withNaN() }),
    samples(422, { body: Float32Array.from({ length: FEATURES }, () => Number.POSITIVE_INFINITY) }),
    samples(422, { body: new Uint8Array(7) }),
    samples(422, { body: new Uint8Array(0) }),
    samples(413, { body: new Uint8Array(30_000_000) }),
    samples(413, { body: `[${"1,".repeat(2_500_000)}1]`, type: "application/json" }),
    samples(422, json([[1, 2, 3]])),
    samples(422, json([])),
    samples(422, json({ length: 1 })),
    samples(422, json(null)),
    samples(422, json(rowOf("x"))),
    samples(422, json(rowOf(null))),
    samples(422, json(rowOf([1]))),
    samples(422, json(rowOf(1e300))),
    samples(422, json([...rowOf(1), [1]])),
    samples(400, { body: "[[1", type: "application/json" }),
    samples(422, { body: "[".repeat(100_000) + "]".repeat(100_000), type: "application/json" }),
    samples(415, { body: "x", type: "text/plain" }),
    state(422, "hello"),
    state(422, encodeState(stateOf(2, 1))),
    state(422, encodeState(stateOf(FEATURES, 1e160))),
    state(422, encodeState(stateOf(FEATURES, 1)).with(60, 1)),
    state(413, new Uint8Array(30_000_000)),
    post(404, "docs/nothing", { body: "x" }),
    post(404, "", { body: "x" }),
    post(404, `${"x".repeat(65)}/samples`, { body: "x" }),
    { status: 404, method: "PATCH", path: "docs/samples", request: { body: withNaN() } },
  ];
}

function withNaN() {
  const { data } = batchOf(1, { rows: 3 });
  data[FEATURES + 5] = Number.NaN;
  return data;
}

const rowOf = (value) => [Array(FEATURES).fill(value)];

const stateOf = (features, mean) => ({
  features,
  count: 2,
  shift: new Float64Array(features).fill(mean),
  offset: new Float64Array(features),
  scatter: new Float64Array((features * (features + 1)) / 2),
});
