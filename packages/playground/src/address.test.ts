import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Address } from "./address.js";
import { Playground, type Thread } from "./playground.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page at an address, and what is written there. */
function pageAt(query: string) {
  const worker: Thread = { postMessage: () => {}, onmessage: null };
  const playground = new Playground(worker, query);
  const written: string[] = [];
  const history = { replaceState: (_: unknown, __: string, url: string) => void written.push(url) };
  const bar = { history: history as unknown as History, location: { pathname: "/p/", search: "?a" } };
  const address = new Address(bar, playground, query);
  playground.onchange = () => address.follow();
  return { playground, address, written };
}

test("a drag is written once, when it has come to rest", () => {
  const { playground, written } = pageAt("problem=xor");
  for (const width of [12, 8, 6, 4]) playground.change({ width });
  expect(written).toEqual([]);
  vi.runAllTimers();
  expect(written).toEqual(["#problem=xor&width=4"]);
});

test("reports of training, which change no setting, write nothing", () => {
  const { playground, written } = pageAt("problem=xor");
  for (let i = 0; i < 50; i++) playground.train(i % 2 === 0);
  vi.runAllTimers();
  expect(written).toEqual([]);
});

test("defaults leave nothing behind the path", () => {
  const { playground, written } = pageAt("problem=xor");
  playground.change({ problem: "spiral" });
  vi.runAllTimers();
  expect(written).toEqual(["/p/?a"]);
});

test("what an address cannot be is written as it is taken up", () => {
  const { address, playground, written } = pageAt("");
  address.read("problem=moons&width=1000");
  expect(playground.state.settings.problem).toBe("moons");
  vi.runAllTimers();
  expect(written).toEqual(["#problem=moons"]);
});
