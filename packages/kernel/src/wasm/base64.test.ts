import { expect, test } from "vitest";
import { decodeBase64 } from "./base64.js";

const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 256);
const TEXT = Buffer.from(BYTES).toString("base64");

const PLATFORMS = {
  "an engine with Uint8Array.fromBase64": {
    Uint8Array: { fromBase64: (text: string) => Uint8Array.from(Buffer.from(text, "base64")) },
    atob: notAsked,
  },
  Node: { Uint8Array: {}, Buffer, atob: notAsked },
  "a browser of before": { Uint8Array: {}, atob },
  "the platform of this test": undefined,
};

test.each(Object.entries(PLATFORMS))("decodes by what there is: %s", (_, platform) => {
  expect(Array.from(decodeBase64(TEXT, platform))).toEqual(Array.from(BYTES));
});

function notAsked(): never {
  throw new Error("atob must not be asked where there is something faster");
}
