import { expect, test } from "vitest";
import { createProgress, type ProgressOptions } from "./progress.js";

/** A stream that keeps what was written, and a clock that is set by hand. */
function watched(options: Partial<ProgressOptions> & { isTTY: boolean; columns?: number }) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const { isTTY, columns, ...rest } = options;
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  const progress = createProgress({ total: 10, stream, now: () => clock.ms, ...rest });
  return { progress, written, clock };
}

test("a terminal has one line that is written over", () => {
  const { progress, written, clock } = watched({ isTTY: true });
  clock.ms = 3000;
  progress.update(3, { loss: 0.25, phase: "train", step: 12 });
  clock.ms = 10_000;
  progress.update(10, { loss: 0.125 });
  progress.finish();
  progress.finish();
  expect(written).toEqual(
    [
      "\r\x1b[2Kepoch 3/10  [######--------------]   30 %  7 s left  loss 0.2500  phase train  step 12",
      "\r\x1b[2Kepoch 10/10  [####################]  100 %  loss 0.1250",
      "\n",
    ].map((line) => line.slice(0, 5 + 79)),
  );
});

test("a terminal is redrawn at most ten times a second, and finish shows the last state", () => {
  const { progress, written, clock } = watched({ isTTY: true, total: 1000 });
  for (let step = 1; step <= 1000; step++) {
    clock.ms = step;
    progress.update(step);
  }
  progress.finish();
  expect(written.length).toBeLessThanOrEqual(12);
  expect(written.at(-2)).toContain("1000/1000");
});

test("no time is told from the first steps", () => {
  const { progress, written, clock } = watched({ isTTY: true, total: 100 });
  clock.ms = 1000;
  progress.update(1);
  expect(written.at(-1)).not.toContain("left");
  clock.ms = 2000;
  progress.update(2);
  expect(written.at(-1)).toContain("1 min 38 s left");
});

test("a line never wraps; a terminal that does not know its width has 80 columns", () => {
  const unknown = watched({ isTTY: true, columns: 0 });
  unknown.progress.update(1, { message: "x".repeat(100) });
  expect(unknown.written[0]!.replace("\r\x1b[2K", "")).toHaveLength(79);
  const { progress, written } = watched({ isTTY: true, columns: 30 });
  progress.update(1, { message: "x".repeat(100), lines: "a\nb" });
  expect(written).toHaveLength(1);
  expect(written[0]!.replace("\r\x1b[2K", "")).toHaveLength(29);
});

test("clear makes room for other output; the next update draws again", () => {
  const { progress, written } = watched({ isTTY: true });
  progress.update(1);
  progress.clear();
  progress.clear();
  progress.update(1);
  expect(written.map((text) => text.replace("\r\x1b[2K", "").slice(0, 10))).toEqual([
    "epoch 1/10",
    "",
    "epoch 1/10",
  ]);
});

test("a log gets ten plain lines for the whole way", () => {
  const { progress, written } = watched({ isTTY: false, total: 2000, label: "step" });
  for (let step = 1; step <= 2000; step++) progress.update(step, { loss: 1 / step });
  progress.finish();
  expect(written).toHaveLength(11);
  expect(written[1]).toBe("step 200/2000   10 %  loss 0.005000\n");
  expect(written.at(-1)).toBe("step 2000/2000  100 %  loss 0.0005000\n");
  expect(written.join("")).not.toContain("\r");
});

test("a log hears the last state even between two lines", () => {
  const { progress, written } = watched({ isTTY: false, total: 100 });
  progress.update(1);
  progress.update(7);
  progress.finish();
  progress.finish();
  expect(written).toEqual(["epoch 1/100    1 %\n", "epoch 7/100    7 %\n"]);
});

test.each([
  [42_000, "42 s left"],
  [125_000, "2 min 5 s left"],
  [7_260_000, "2 h 1 min left"],
])("%d ms to go read %j", (ms, text) => {
  const { progress, written, clock } = watched({ isTTY: true, columns: 200 });
  clock.ms = ms;
  progress.update(5);
  expect(written[0]).toContain(text);
});

test("no stream, no output; a total that is no total is refused", () => {
  const silent = createProgress({ total: 3, stream: null });
  silent.update(1);
  silent.clear();
  silent.finish();
  for (const total of [0, -1, Number.NaN])
    expect(() => createProgress({ total })).toThrow(/total must be above 0/);
});
