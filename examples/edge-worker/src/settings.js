/** What `wrangler.json` and secrets say, checked. */
export function settingsOf({ FEATURES, SHARDS, TOKEN }) {
  return {
    /** Numbers of an embedding. Of 1024 a report holds some ten matrices of up to 8 MB, and a Worker has 128 MB. */
    features: wholeNumber("FEATURES", FEATURES, 1024),
    /** Objects that share a collection's work; more of them take in more at once. */
    shards: wholeNumber("SHARDS", SHARDS, 64),
    token: TOKEN,
  };
}

function wholeNumber(name, value, most) {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new RangeError(`${name}: must be a whole number from 1 to ${most}, got ${value}`);
}
