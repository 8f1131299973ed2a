import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { digitsOf } from "./data.js";

/** The digits of ../data, as `digitsOf` gives them. A page would fetch the file and unzip it with DecompressionStream. */
export function loadDigits(tf) {
  const file = new URL("../data/digits.csv.gz", import.meta.url);
  return digitsOf(tf, gunzipSync(readFileSync(file)).toString());
}
