// What examples/edge-worker promises, of what wrangler has bundled, under miniflare: many posts at once, the same digits as
// one pass, hostile posts, a restart, states of another collection, drift, a token.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CovarianceMatrix, decodeState } from "@delve/core";
import { json, reportOf, withWorker } from "./edge-worker-client.mjs";
import { hostileRequests } from "./edge-worker-hostile.mjs";
import { batchOf, FEATURES } from "./edge-worker-samples.mjs";

const kept = mkdtempSync(join(tmpdir(), "delve-edge-worker-"));
// Everything that the Worker is sent, in one pass.
const whole = await CovarianceMatrix.open();

try {
  await withWorker(kept, {}, async (send) => {
    await manyPosts(send);
    await sameAsOnePass(send);
    await hostilePosts(send);
    await sameAsOnePass(send);
  });
  // Another process: what was answered for must be there again.
  await withWorker(kept, {}, async (send) => {
    await sameAsOnePass(send);
    await mergedFromElsewhere(send);
    await drift(send);
  });
  await withWorker(kept, {}, referenceIsThere);
  await withWorker(kept, { TOKEN: "secret" }, tokenIsNeeded);
} finally {
  rmSync(kept, { recursive: true });
}

/** 100 at once, of 5 … 24 samples, every other one as JSON; among them 20 that are refused. */
async function manyPosts(send) {
  const batches = Array.from({ length: 100 }, (_, i) => batchOf(i, { rows: 5 + (i % 20) }));
  const posts = batches.map(({ data, rows }, i) => (i % 2 === 0 ? { body: data } : json(rows())));
  const refused = Array.from({ length: 20 }, () => ({ body: new Float32Array(FEATURES).fill(Number.NaN) }));
  const send100 = posts.map((request) => send("POST", "docs/samples", request));
  const send20 = refused.map((request) => send("POST", "docs/samples", request));
  const statuses = async (answers) => new Set((await Promise.all(answers)).map(({ status }) => status));
  assert.deepEqual(await statuses(send100), new Set([202]));
  assert.deepEqual(await statuses(send20), new Set([422]));
  for (const { data, shape } of batches) whole.update({ data, shape });
}

async function sameAsOnePass(send) {
  const got = await reportOf(send, "docs");
  assert.equal(got.samples, whole.count);
  assert.equal(got.intrinsicDimensionality, await whole.intrinsicDimensionality());
  assert.equal(got.saturation, await whole.saturation());
  assert.ok(Math.abs(got.effectiveRank - effectiveRank(await whole.spectrum())) < 1e-9, got.effectiveRank);
  const answer = await send("GET", "docs/state");
  const merged = await CovarianceMatrix.fromState(decodeState(new Uint8Array(await answer.arrayBuffer())));
  const [covariance, expected] = [await merged.fix(), await whole.fix()];
  merged.dispose();
  const deviation = (i) => Math.sqrt(expected.at(i, i));
  for (let i = 0; i < FEATURES; i++) {
    for (let j = 0; j < FEATURES; j++) {
      const difference = Math.abs(covariance.at(i, j) - expected.at(i, j));
      assert.ok(difference <= 1e-13 * deviation(i) * deviation(j), `covariance of ${i}, ${j}`);
    }
  }
}

/** exp of the entropy of the variance's shares. */
function effectiveRank(spectrum) {
  const total = spectrum.reduce((sum, value) => sum + value, 0);
  const shares = [...spectrum].map((value) => value / total).filter((share) => share > 0);
  return shares.reduce((product, share) => product * share ** -share, 1);
}

/** Each is answered with its status, and nothing has changed after any of them. */
async function hostilePosts(send) {
  const before = await reportOf(send, "docs");
  for (const { status, method, path, request } of hostileRequests()) {
    const answer = await send(method, path, request);
    const { error } = await answer.json();
    assert.equal(answer.status, status, `${path}: ${error}`);
    assert.ok(error.length > 10, error);
  }
  assert.deepEqual(await reportOf(send, "docs"), before);
}

/** The state of one Worker's collection, sent to another. */
async function mergedFromElsewhere(send) {
  const { data, shape } = batchOf(200, { rows: 50 });
  await send("POST", "elsewhere/samples", { body: data });
  const state = await (await send("GET", "elsewhere/state")).arrayBuffer();
  assert.equal((await send("POST", "docs/state", { body: state })).status, 202);
  whole.update({ data, shape });
  await sameAsOnePass(send);
}

async function drift(send) {
  assert.equal((await reportOf(send, "docs")).drift, null);
  assert.deepEqual(await (await send("PUT", "docs/reference")).json(), { reference: whole.count });
  assert.deepEqual(await reportOf(send, "docs"), { samples: 0, features: FEATURES, drift: null });
  await send("POST", "docs/samples", { body: batchOf(300, { rows: 500 }).data });
  const { drift: same } = await reportOf(send, "docs");
  assert.ok(same.outside < 0.02 && same.meanShift < 0.2, JSON.stringify(same));
  await send("POST", "docs/samples", { body: batchOf(301, { rows: 500, directions: 30, mean: 4 }).data });
  const { drift: other } = await reportOf(send, "docs");
  assert.ok(other.outside > 0.2 && other.meanShift > 0.3, JSON.stringify(other));
  assert.deepEqual(await (await send("DELETE", "docs/samples")).json(), { samples: 0 });
  assert.equal((await reportOf(send, "docs")).samples, 0);
}

/** The reference outlives a restart, too. */
async function referenceIsThere(send) {
  await send("POST", "docs/samples", { body: batchOf(302, { rows: 500 }).data });
  const { samples, drift } = await reportOf(send, "docs");
  assert.equal(samples, 500);
  assert.equal(drift.referenceSamples, whole.count);
  assert.ok(drift.outside < 0.02, JSON.stringify(drift));
}

async function tokenIsNeeded(send) {
  assert.equal((await send("GET", "docs/report")).status, 401);
  const wrong = { headers: { authorization: "Bearer secrets" } };
  assert.equal((await send("GET", "docs/report", wrong)).status, 401);
  const right = { headers: { authorization: "Bearer secret" } };
  assert.equal((await send("GET", "docs/report", right)).status, 200);
}
