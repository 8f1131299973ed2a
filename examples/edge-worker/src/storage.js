// A value of a Durable Object's storage has 2 MB at most; what is longer is kept in several, written together.
const PART = 1_000_000;

/** Keeps `bytes` under a name, in place of what was there. */
export async function store(storage, name, bytes) {
  const parts = {};
  for (let at = 0; at < bytes.byteLength; at += PART) {
    parts[keyOf(name, at / PART)] = bytes.slice(at, at + PART);
  }
  await storage.transaction(async (transaction) => {
    await forget(transaction, name);
    await transaction.put(parts);
  });
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

/** Removes what is kept under a name. */
export async function forget(storage, name) {
  const keys = [...(await storage.list({ prefix: `${name}/` })).keys()];
  if (keys.length > 0) await storage.delete(keys);
}

// Listed in the order of their keys.
function keyOf(name, part) {
  return `${name}/${String(part).padStart(3, "0")}`;
}
