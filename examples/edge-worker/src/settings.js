/** What `wrangler.json` and secrets say, checked. */
export function settingsOf({ FEATURES, SHARDS, TOKEN }) {
  return {
    /** Numbers of an embedding. */
    features: wholeNumber("FEATURES", FEATURES, 2048),
    /** Objects that share a collection's work; more of them take in more at once. */
    shards: wholeNumber("SHARDS", SHARDS, 64),
    token: TOKEN,
    /** Bytes of a request: what an object of 128 MB takes without a thought. */
    mostBytes: 20_000_000,
  };
}

function wholeNumber(name, value, most) {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new RangeError(`${name}: must be a whole number from 1 to ${most}, got ${value}`);
}
