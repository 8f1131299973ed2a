import { expect, test } from "vitest";
import { epochReport } from "../test/reports.js";
import { Playground, type Thread } from "./playground.js";
import type { Command, Report } from "./worker/protocol.js";

/** A playground whose worker only listens. */
function playgroundAt(query = "") {
  const commands: Command[] = [];
  const worker: Thread = { postMessage: (command) => commands.push(command), onmessage: null };
  const playground = new Playground(worker, query);
  const report = (data: Report) => worker.onmessage?.({ data } as MessageEvent<Report>);
  const said = () => commands.splice(0).map(({ type }) => type);
  return { playground, commands, report, said };
}

test("begins with the settings of the address, and the projection that it asks for", () => {
  const { commands } = playgroundAt("problem=xor&layer=1&axes=3");
  expect(commands).toMatchObject([
    { type: "start", run: 1, settings: { problem: "xor" } },
    { type: "project", layer: "dense2", axes: 3 },
  ]);
});

test("threshold: nothing is asked of the worker", () => {
  const { playground, said } = playgroundAt();
  said();
  playground.change({ threshold: 0.9 });
  expect(said()).toEqual([]);
  expect(playground.query).toBe("threshold=0.9");
});

test("another learning rate, layer or number of axes leaves the run as it is", () => {
  const { playground, said } = playgroundAt();
  said();
  playground.change({ rate: 0.1 });
  playground.change({ layer: 0 });
  playground.change({ axes: 5 });
  expect(said()).toEqual(["rate", "project", "project"]);
  expect(playground.state.run.id).toBe(1);
});

test("another width begins a new run, which trains on where the last one did", () => {
  const { playground, report, said } = playgroundAt();
  report({ type: "training", run: 1, on: true });
  report(epochReport(0, { a: [1] }, 1));
  said();
  playground.change({ width: 8 });
  expect(said()).toEqual(["start", "project", "train"]);
  expect(playground.state.run).toMatchObject({ id: 2, epochs: [], isTraining: false });
  report(epochReport(1, { a: [1] }, 1));
  expect(playground.state.run.epochs).toEqual([]);
});

test("a pause is on its way until the worker holds, and can be taken back", () => {
  const { playground, commands, report } = playgroundAt();
  playground.train(false);
  expect(playground.state.run.wish).toBe(null);
  report({ type: "training", run: 1, on: true });
  playground.toggle();
  expect(playground.state.run.wish).toBe("pause");
  playground.toggle();
  expect(playground.state.run.wish).toBe(null);
  expect(commands.at(-1)).toEqual({ type: "train", on: true });
  playground.toggle();
  report({ type: "training", run: 1, on: false });
  expect(playground.state.run).toMatchObject({ isTraining: false, wish: null });
});

test("a start of training shows at once, and the next press takes it back", () => {
  const { playground, commands } = playgroundAt();
  playground.toggle();
  expect(playground.state.run).toMatchObject({ isTraining: false, wish: "train" });
  playground.toggle();
  expect(playground.state.run.wish).toBe(null);
  expect(commands.slice(-2)).toEqual([
    { type: "train", on: true },
    { type: "train", on: false },
  ]);
});

test("a new run trains where training was asked for, though it had not begun", () => {
  const { playground, said } = playgroundAt();
  playground.toggle();
  said();
  playground.change({ width: 8 });
  expect(said()).toEqual(["start", "project", "train"]);
  expect(playground.state.run.wish).toBe("train");
});

test("a new run rests where a single epoch was asked for", () => {
  const { playground, report, said } = playgroundAt();
  playground.step();
  report({ type: "training", run: 1, on: true });
  said();
  playground.change({ width: 8 });
  expect(said()).toEqual(["start", "project"]);
  expect(playground.state.run.wish).toBe(null);
});

test("a failure that the worker cannot report is kept until the next run", () => {
  const { playground, report } = playgroundAt();
  playground.toggle();
  playground.fail("no worker");
  report({ type: "progress", run: 1, share: 0.5 });
  expect(playground.state).toMatchObject({ failure: "no worker", run: { wish: null } });
  playground.restart();
  expect(playground.state.failure).toBe(null);
});

test("starting over holds training", () => {
  const { playground, report, said } = playgroundAt();
  report({ type: "training", run: 1, on: true });
  said();
  playground.restart();
  expect(said()).toEqual(["start", "project"]);
});

test("activations are handed to whoever asked", async () => {
  const { playground, report } = playgroundAt();
  const asked = playground.activations("dense1");
  const answer = {
    type: "activations",
    run: 1,
    epoch: 0,
    layer: "dense1",
    shape: [1, 1],
    data: new Float32Array(1),
  } as const;
  report(answer);
  expect(await asked).toBe(answer);
});
