import { expect, test } from "vitest";
import { KeptPage, type Surroundings } from "./kept-page.js";

const SCOPE = "https://site.example/play/";
const GET = { method: "GET", mode: "navigate" } as const;

/** Caches in memory, and a network that can be taken away. */
function world() {
  const kept = new Map<string, Map<string, Response>>();
  const network = { isThere: true, build: "one" };
  const fetchOne = async (request: Request | string) => {
    if (!network.isThere) throw new TypeError("no network");
    return new Response(`${network.build} ${typeof request === "string" ? request : request.url}`);
  };
  const open = async (name: string) => {
    const cache = kept.get(name) ?? new Map<string, Response>();
    kept.set(name, cache);
    return {
      match: async (url: string) => cache.get(url)?.clone(),
      addAll: async (all: (Request | string)[]) => {
        const answers = await Promise.all(all.map(fetchOne));
        all.forEach((one, i) => {
          cache.set(typeof one === "string" ? one : one.url, answers[i]!);
        });
      },
    };
  };
  const keys = async () => [...kept.keys()];
  const caches = { open, keys, delete: async (name: string) => kept.delete(name) };
  const surroundings = { caches, fetch: fetchOne, scope: SCOPE } as unknown as Surroundings;
  const page = (version: string) =>
    new KeptPage({ version, page: "sha256-", assets: [`assets/${version}.js`] }, surroundings);
  return { kept, network, page };
}

const text = async (answer: Promise<Response> | null) => (await answer!).text();

test("the page comes from the network while there is one, and from what is kept else", async () => {
  const { network, page } = world();
  const one = page("one");
  await one.keep();
  network.build = "two";
  expect(await text(one.answer({ ...GET, url: `${SCOPE}#depth=2` }))).toMatch(/^two/);
  network.isThere = false;
  expect(await text(one.answer({ ...GET, url: SCOPE }))).toBe(`one ${SCOPE}`);
  expect(await text(one.answer({ ...GET, url: `${SCOPE}index.html?a` }))).toBe(`one ${SCOPE}`);
});

test("an asset of the build is never asked for again", async () => {
  const { network, page } = world();
  const one = page("one");
  await one.keep();
  network.build = "two";
  const url = `${SCOPE}assets/one.js`;
  expect(await text(one.answer({ method: "GET", mode: "cors", url }))).toBe(`one ${url}`);
});

test.each([
  ["another page below it", { ...GET, url: `${SCOPE}docs/` }],
  ["a page of another site", { ...GET, url: "https://other.example/play/" }],
  ["a file it does not know", { method: "GET", mode: "cors", url: `${SCOPE}assets/two.js` }],
  ["what is sent", { method: "POST", mode: "navigate", url: SCOPE }],
] as const)("leaves alone %s", (_, request) => {
  expect(world().page("one").answer(request)).toBeNull();
});

test("a new build lets the one before go, and nothing else", async () => {
  const { kept, page } = world();
  kept.set("another page", new Map());
  await page("one").keep();
  await page("two").keep();
  await page("two").forgetOthers();
  expect([...kept.keys()]).toEqual(["another page", `delve-playground ${SCOPE} two`]);
});

test("without a network, what was never kept fails as it would", async () => {
  const { network, page } = world();
  network.isThere = false;
  await expect(page("one").answer({ ...GET, url: SCOPE })).rejects.toThrow("no network");
  await expect(page("one").keep()).rejects.toThrow("no network");
});
