import { Refusal } from "./refusal.js";

// What an object of 128 MB takes without a thought. A number in JSON takes two bytes, and eight once it is read.
const MOST_BYTES = 20_000_000;
const MOST_BYTES_OF_JSON = 4_000_000;

/** A request's body, refused where it grows past the limit, whatever its headers say. */
export async function readBody(request, mostBytes = MOST_BYTES) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    // What is too long is read to its end, and dropped: a sender that is cut off never hears why.
    if (length <= mostBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (length > mostBytes) {
    throw new Refusal(413, `a request must have at most ${mostBytes} bytes, got ${length}`);
  }
  return joined(chunks, length);
}

/** Reads what nobody has read of a request that is refused, so that its sender hears why. */
export async function dropBody(request) {
  if (!request.bodyUsed) await request.body?.pipeTo(new WritableStream());
}

function joined(chunks, length) {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/**
 * The embeddings of a request: as JSON, rows of numbers, or as little-endian float32.
 *
 * @returns Them as float32, samples × features; every number is finite.
 */
export async function readSamples(request, features) {
  const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  const read = READERS.get(type);
  if (read === undefined) {
    throw new Refusal(415, `samples must come as ${[...READERS.keys()].join(" or ")}, got ${type}`);
  }
  const data = await read(request, features);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    const [row, feature] = [Math.floor(bad / features), bad % features];
    throw new Refusal(422, `every number must be finite, got ${data[bad]} in row ${row}, feature ${feature}`);
  }
  return data;
}

const READERS = new Map([
  ["application/json", readRows],
  ["application/octet-stream", readFloat32],
]);

async function readFloat32(request, features) {
  const { buffer, byteLength } = await readBody(request);
  const row = 4 * features;
  if (byteLength === 0 || byteLength % row !== 0) {
    throw new Refusal(422, `samples must fill rows of ${row} bytes, got ${byteLength} bytes`);
  }
  return new Float32Array(buffer);
}

async function readRows(request, features) {
  const rows = parse(await readBody(request, MOST_BYTES_OF_JSON));
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new Refusal(422, "samples must be an array of at least one row");
  }
  const wrong = rows.findIndex((row) => !Array.isArray(row) || row.length !== features);
  if (wrong !== -1) {
    const length = Array.isArray(rows[wrong]) ? rows[wrong].length : typeof rows[wrong];
    throw new Refusal(422, `a row must have ${features} numbers, got ${length} in row ${wrong}`);
  }
  // What is no number becomes NaN, which is refused with its place.
  const data = new Float32Array(rows.length * features).fill(Number.NaN);
  rows.flat().forEach((value, i) => {
    if (typeof value === "number") data[i] = value;
  });
  return data;
}

function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Refusal(400, "samples must be JSON, got something else");
  }
}
