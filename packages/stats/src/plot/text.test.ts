import { describe, expect, test } from "vitest";
import { measureText, visibleText, widestPiece, wrapText } from "./text.js";

describe("measureText", () => {
  test.each([
    ["0", 0.637],
    ["conv_1", 0.55 + 0.612 + 0.634 + 0.592 + 0.5 + 0.637],
    ["", 0],
    ["層", 1],
    ["🧠", 1.3],
    ["é", 0.616],
  ])("%j is %d em wide", (text, ems) => {
    expect(measureText(text, 20)).toBeCloseTo(20 * ems, 9);
  });

  test("joiners and variation selectors take no room", () => {
    expect(measureText("a\u200d\ufe0f", 10)).toBe(measureText("a", 10));
  });
});

describe("visibleText", () => {
  test.each([
    ["features_0/conv é 層 🙂", "features_0/conv é 層 🙂"],
    ["a\nb\tc\r", "a\\nb\\tc\\r"],
    ["\u0000\u001b\u007f\u0085", "\\u0000\\u001b\\u007f\\u0085"],
    ["a\u202eb", "a\\u202eb"],
    ["\ud83d and \ude42", "\\ud83d and \\ude42"],
    ["\uffff", "\\uffff"],
  ])("%j becomes %j", (text, visible) => {
    expect(visibleText(text)).toBe(visible);
  });
});

describe("wrapText", () => {
  test("breaks after separators", () => {
    expect(wrapText("encoder/block_1/conv", 60, 12)).toEqual(["encoder/", "block_1/", "conv"]);
    expect(wrapText("a title of words", 60, 12)).toEqual(["a title of", "words"]);
  });

  test("breaks inside a word only where the word alone is too wide", () => {
    expect(wrapText("aaaa bbbbbbbbbb", 40, 12)).toEqual(["aaaa", "bbbbb", "bbbbb"]);
  });

  test("gives one line where nothing has to break, be it empty", () => {
    expect(wrapText("conv", 1000, 12)).toEqual(["conv"]);
    expect(wrapText("", 10, 12)).toEqual([""]);
  });

  test("gives every character a line where none fits, and ends", () => {
    expect(wrapText("a🙂c", 0, 12)).toEqual(["a", "🙂", "c"]);
  });
});

test("widestPiece is the width of the longest part between separators", () => {
  expect(widestPiece("a/transformer_b", 10)).toBe(measureText("transformer_", 10));
  expect(widestPiece("", 10)).toBe(0);
});
