import { fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { escapeFileName, FolderNames, unescapeFileName } from "./file-names.js";

describe("escapeFileName", () => {
  test.each([
    ["_train-saturation_features-0", "_train-saturation_features-0"],
    ["größe 1.5 (neu) ✓😀", "größe 1.5 (neu) ✓😀"],
    ["__proto__", "__proto__"],
    ["a/b\\c", "a%2Fb%5Cc"],
    ["..", "%2E%2E"],
    [".", "%2E"],
    [".hidden.", "%2Ehidden%2E"],
    ["two\nlines\0", "two%0Alines%00"],
    ["100%", "100%25"],
    ['<>:"|?*', "%3C%3E%3A%22%7C%3F%2A"],
    ["CON", "%43ON"],
    ["con.txt", "%63on.txt"],
    ["Lpt1 .x", "%4Cpt1 .x"],
    ["conv", "conv"],
    ["aux-loss", "aux-loss"],
    ["half \ud83d", "half %uD83D"],
  ])("%j is %j", (name, fileName) => {
    expect(escapeFileName(name)).toBe(fileName);
    expect(unescapeFileName(fileName)).toBe(name);
  });

  test.each(["con", "prn", "aux", "nul", "com1", "lpt9", "com²", "conin$", "conout$"])(
    "%s is no device any more",
    (device) => {
      expect(escapeFileName(device)).toMatch(/^%[67]/);
      expect(escapeFileName(`x${device}`)).toBe(`x${device}`);
    },
  );

  test("every name comes back, and escaping is for good", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(fc.constantFrom(..."/.%u0aCON\\ "), any) }), (name) => {
        const fileName = escapeFileName(name);
        expect(unescapeFileName(fileName)).toBe(name);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must be gone
        expect(fileName).not.toMatch(/[/\\\u0000-\u001f]|^\.|\.$/);
      }),
      { numRuns: 1000 },
    );
  });
});

// Halves of surrogate pairs too.
const any = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

describe("FolderNames", () => {
  test("harmless names are their own folder", () => {
    const names = new FolderNames();
    expect(names.folderOf("_train-saturation_Conv2d-1")).toBe("_train-saturation_Conv2d-1");
    expect(names.index).toEqual([]);
  });

  test("long names, and names that differ in case or composition only, are told apart by an index", () => {
    const names = new FolderNames();
    const long = "😀".repeat(300);
    const all = ["a", "A", "é", "e\u0301", long, `${long}x`];
    const folders = all.map((name) => names.folderOf(name));
    expect(new Set(folders.map((folder) => folder.normalize("NFC").toLowerCase())).size).toBe(all.length);
    for (const folder of folders) expect(new TextEncoder().encode(folder).length).toBeLessThanOrEqual(200);
    expect(all.map((name) => names.folderOf(name))).toEqual(folders);
    const index = new Map(names.index);
    expect(folders.map((folder) => index.get(folder) ?? folder)).toEqual(all);
    expect(index.has("a")).toBe(false);
  });

  test("a name that is another's hashed folder gives way", () => {
    const names = new FolderNames();
    const hashed = names.folderOf("x".repeat(300));
    expect(names.folderOf(hashed)).not.toBe(hashed);
    expect(new Map(names.index).get(names.folderOf(hashed))).toBe(hashed);
  });

  test("goes on from an index", () => {
    const first = new FolderNames();
    const folder = first.folderOf("x".repeat(300));
    const second = new FolderNames();
    for (const [folder, escaped] of first.index) second.use(folder, escaped);
    expect(second.folderOf("x".repeat(300))).toBe(folder);
    expect(second.index).toEqual(first.index);
  });
});
