// A value of a Durable Object's storage has 2 MB at most; what is longer is kept in several, written together.
const PART = 1_000_000;

/** Keeps `bytes` under a name, in place of what was there; `null` is kept as nothing. */
export async function store(transaction, name, bytes) {
  await forget(transaction, name);
  if (bytes === null) return;
  const parts = {};
  for (let at = 0; at < bytes.byteLength; at += PART) {
    parts[keyOf(name, at / PART)] = bytes.slice(at, at + PART);
  }
  await transaction.put(parts);
}

/** What is kept under a name, or `null`. */
export async function recall(storage, name) {
  const parts = [...(await storage.list({ prefix: `${name}/` })).values()];
  if (parts.length === 0) return null;
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

async function forget(transaction, name) {
  const keys = [...(await transaction.list({ prefix: `${name}/` })).keys()];
  if (keys.length > 0) await transaction.delete(keys);
}

// Listed in the order of their keys.
function keyOf(name, part) {
  return `${name}/${String(part).padStart(3, "0")}`;
}
