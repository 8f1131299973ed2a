// Cases run in a page fail here when they fail there, and only then.
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findOutside } from "../src/outside.js";
import { type CasesPage, openCasesPage } from "../src/page-conformance.js";

const executable = findOutside("chromium");

const PAGE = `
import { casesInPage } from "@delve/conformance/cases-in-page";
import { referenceBackend } from "@delve/kernel/reference";
const honest = referenceBackend();
const backwards = async (a) => (await honest.eigvalsh(a)).reverse();
globalThis.job = casesInPage(() => ({ ...honest, eigvalsh: backwards }));
`;

describe.skipIf(executable === null)("a backend in Chromium that has eigenvalues in descending order", () => {
  let page: CasesPage;
  beforeAll(async () => {
    const resolveDir = fileURLToPath(new URL("../../kernel", import.meta.url));
    page = await openCasesPage(executable!, { contents: PAGE, resolveDir });
  });
  afterAll(() => page?.dispose());

  test("fails where that shows, with the words of the assertion", async () => {
    await expect(page.run("backend", "random, order 3")).rejects.toThrow(/AssertionError: ascending order/);
    await expect(page.run("golden", "eigenvalues: rot_slow")).rejects.toThrow(/ascending order/);
  });

  test("passes where it does not", async () => {
    await page.run("backend", "a state is a copy");
    await page.run("golden", "covariance: centred");
  });

  test("is not asked for cases that are none", async () => {
    await expect(page.run("backend", "gone")).rejects.toThrow('must be a case of backend, got "gone"');
  });
});
