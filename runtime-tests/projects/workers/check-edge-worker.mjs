// What examples/edge-worker promises, of what wrangler has bundled, under miniflare: many posts at once, the same digits as
// one pass, hostile posts, a restart, drift, a token.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CovarianceMatrix, decodeState, encodeState } from "@delve/core";
import { Miniflare } from "miniflare";
import { batchOf, FEATURES } from "./edge-worker-samples.mjs";

const BINARY = "application/octet-stream";
const folder = "edge-worker/dist";
const kept = mkdtempSync(join(tmpdir(), "delve-edge-worker-"));
const { compatibility_date } = JSON.parse(readFileSync("edge-worker/wrangler.json", "utf8"));
const modules = readdirSync(folder)
  .filter((file) => /\.(js|wasm)$/.test(file))
  .sort((a) => (a === "worker.js" ? -1 : 1))
  .map((file) => ({ type: file.endsWith(".js") ? "ESModule" : "CompiledWasm", path: `${folder}/${file}` }));

try {
  await withWorker({}, async (send) => {
    const whole = await manyPosts(send);
    await sameAsOnePass(send, whole);
    await hostilePosts(send);
  });
  // Another process: what was answered for must be there again.
  await withWorker({}, async (send) => {
    assert.equal((await report(send)).samples, 1450);
    await mergedFromElsewhere(send);
    await drift(send);
  });
  await withWorker({ TOKEN: "secret" }, async (send) => {
    assert.equal((await send("GET", "docs/report")).status, 401);
    const authorization = "Bearer secret";
    assert.equal((await send("GET", "docs/report", { headers: { authorization } })).status, 200);
  });
} finally {
  rmSync(kept, { recursive: true });
}

async function withWorker(bindings, action) {
  const server = new Miniflare({
    modules,
    modulesRoot: folder,
    compatibilityDate: compatibility_date,
    port: 0,
    bindings: { FEATURES, SHARDS: 4, ...bindings },
    durableObjects: { COLLECTORS: { className: "Collector", useSQLite: true } },
    durableObjectsPersist: kept,
  });
  const address = await server.ready;
  try {
    await action((method, path, { body, type = BINARY, headers } = {}) =>
      fetch(new URL(path, address), { method, body, headers: { "content-type": type, ...headers } }),
    );
  } finally {
    await server.dispose();
  }
}

/** 100 at once, of 5 … 24 samples; every other one as JSON. */
async function manyPosts(send) {
  const whole = await CovarianceMatrix.open();
  const batches = Array.from({ length: 100 }, (_, i) => batchOf(i, { rows: 5 + (i % 20) }));
  for (const { data, shape } of batches) whole.update({ data, shape });
  const answers = await Promise.all(
    batches.map(({ data, rows }, i) =>
      send("POST", "docs/samples", i % 2 === 0 ? { body: data } : json(rows())),
    ),
  );
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
  return whole;
}

async function sameAsOnePass(send, whole) {
  const got = await report(send);
  assert.equal(got.samples, whole.count);
  assert.equal(got.intrinsicDimensionality, await whole.intrinsicDimensionality());
  assert.equal(got.saturation, await whole.saturation());
  const answer = await send("GET", "docs/state");
  const merged = await CovarianceMatrix.fromState(decodeState(new Uint8Array(await answer.arrayBuffer())));
  const [covariance, expected] = [await merged.fix(), await whole.fix()];
  const deviation = (i) => Math.sqrt(expected.at(i, i));
  for (let i = 0; i < FEATURES; i++) {
    for (let j = 0; j < FEATURES; j++) {
      const difference = Math.abs(covariance.at(i, j) - expected.at(i, j));
      assert.ok(difference <= 1e-13 * deviation(i) * deviation(j), `covariance of ${i}, ${j}`);
    }
  }
}

/** Each is answered with its status, and nothing has changed after all of them. */
async function hostilePosts(send) {
  const before = await report(send);
  const row = (value) => [Array(FEATURES).fill(value)];
  const nan = batchOf(1, { rows: 3 }).data;
  nan[FEATURES + 5] = Number.NaN;
  const stateOf = (features, mean) => ({
    features,
    count: 2,
    shift: new Float64Array(features).fill(mean),
    offset: new Float64Array(features),
    scatter: new Float64Array((features * (features + 1)) / 2),
  });
  const cases = [
    [422, "docs/samples", { body: nan }],
    [422, "docs/samples", { body: new Uint8Array(7) }],
    [422, "docs/samples", { body: new Uint8Array(0) }],
    [413, "docs/samples", { body: new Uint8Array(30_000_000) }],
    [422, "docs/samples", json([[1, 2, 3]])],
    [422, "docs/samples", json([])],
    [422, "docs/samples", json({ length: 1 })],
    [422, "docs/samples", json(row("x"))],
    [422, "docs/samples", json(row(null))],
    [422, "docs/samples", json(row(1e300))],
    [400, "docs/samples", { body: "[[1", type: "application/json" }],
    [415, "docs/samples", { body: "x", type: "text/plain" }],
    [422, "docs/state", { body: "hello" }],
    [422, "docs/state", { body: encodeState(stateOf(2, 1)) }],
    [422, "docs/state", { body: encodeState(stateOf(FEATURES, 1e160)) }],
    [404, "docs/nothing", { body: "x" }],
    [404, "", { body: "x" }],
    [404, `${"x".repeat(65)}/samples`, { body: "x" }],
  ];
  for (const [status, path, request] of cases) {
    const answer = await send("POST", path, request);
    const { error } = await answer.json();
    assert.equal(answer.status, status, `${path}: ${error}`);
    assert.ok(error.length > 10, error);
  }
  assert.deepEqual(await report(send), before);
}

/** What another machine has accumulated, sent as a state. */
async function mergedFromElsewhere(send) {
  const elsewhere = await CovarianceMatrix.open();
  elsewhere.update(batchOf(200, { rows: 50 }));
  const answer = await send("POST", "docs/state", { body: await elsewhere.encode() });
  assert.equal(answer.status, 202);
  assert.equal((await report(send)).samples, 1500);
}

async function drift(send) {
  assert.equal((await report(send)).drift, null);
  assert.deepEqual(await (await send("PUT", "docs/reference")).json(), { reference: 1500 });
  assert.deepEqual(await report(send), { samples: 0, features: FEATURES, drift: null });
  await send("POST", "docs/samples", { body: batchOf(300, { rows: 500 }).data });
  const { drift: same } = await report(send);
  assert.ok(same.outside < 0.02 && same.meanShift < 0.2, JSON.stringify(same));
  await send("POST", "docs/samples", { body: batchOf(301, { rows: 500, directions: 30, mean: 4 }).data });
  const { drift: other } = await report(send);
  assert.ok(other.outside > 0.2 && other.meanShift > 0.3, JSON.stringify(other));
  assert.deepEqual(await (await send("DELETE", "docs/samples")).json(), { samples: 0 });
  assert.equal((await report(send)).samples, 0);
}

function json(value) {
  return { body: JSON.stringify(value), type: "application/json" };
}

async function report(send) {
  return (await send("GET", "docs/report")).json();
}
