import { describe, expect, test } from "vitest";
import { measureText } from "./text.js";
import { type LabelledPoint, type LabelSpace, placeValueLabels } from "./value-labels.js";

const space: LabelSpace = {
  left: 0,
  right: 900,
  top: 0,
  bottom: 300,
  fontSize: 10,
  markerRadius: 4,
  slot: 300,
};

function lineThrough(ys: readonly (number | null)[], slot: number): (LabelledPoint | null)[] {
  return ys.map((y, i) => (y === null ? null : { x: (i + 0.5) * slot, y, text: "0.50", fill: "#000" }));
}

describe("placeValueLabels", () => {
  test("writes every value where there is room, peaks above and valleys below", () => {
    const placed = placeValueLabels([lineThrough([200, 100, 200], 300)], space);
    expect(placed.map(({ x }) => x).sort((a, b) => a - b)).toEqual([150, 450, 750]);
    expect(placed.find(({ x }) => x === 450)!.y).toBeLessThan(100);
    expect(placed.find(({ x }) => x === 150)!.y).toBeGreaterThan(200);
  });

  test("keeps clear of further markers", () => {
    const line = lineThrough([150], 900);
    const [usual] = placeValueLabels([line], space);
    const avoided = [{ x: usual!.x, y: usual!.y - 3 }];
    const [other] = placeValueLabels([line], { ...space, avoided });
    expect(other!.y).toBeGreaterThan(usual!.y);
  });

  test("leaves gaps alone", () => {
    expect(placeValueLabels([lineThrough([null, 100, null], 300)], space)).toHaveLength(1);
    expect(placeValueLabels([lineThrough([null, null], 300)], space)).toEqual([]);
  });

  test("thins out where layers stand close, and keeps the extremes", () => {
    const ys = Array.from({ length: 200 }, (_, i) => 150 + 100 * Math.sin(i / 9) * (1 - i / 400));
    const line = lineThrough(ys, 4.5);
    const placed = placeValueLabels([line], { ...space, slot: 4.5 });
    expect(placed.length).toBeGreaterThan(5);
    expect(placed.length).toBeLessThan(60);
    const highest = line[ys.indexOf(Math.min(...ys))]!;
    expect(placed.some(({ x }) => Math.abs(x - highest.x) < 20)).toBe(true);
  });

  test("lets no two values, and no value and line, touch", () => {
    const lines = [1.7, 2.3].map((speed) =>
      lineThrough(
        Array.from({ length: 30 }, (_, i) => 150 + 110 * Math.sin(speed * i)),
        30,
      ),
    );
    const placed = placeValueLabels(lines, { ...space, slot: 30 });
    const boxes = placed.map(({ x, y, text }) => {
      const half = measureText(text, 10) / 2;
      return { left: x - half, right: x + half, top: y - 7.3, bottom: y };
    });
    expect(boxes.length).toBeGreaterThan(10);
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
      }
      for (const line of lines) expect(passesThrough(line, a)).toBe(false);
    }
  });
});

/** Whether a line enters a box, found by walking along it. */
function passesThrough(
  line: readonly (LabelledPoint | null)[],
  box: Record<"left" | "right" | "top" | "bottom", number>,
) {
  return line.some((from, i) => {
    const to = line[i + 1];
    if (!from || !to) return false;
    return Array.from({ length: 200 }, (_, k) => k / 200).some((t) => {
      const [x, y] = [from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)];
      return x > box.left && x < box.right && y > box.top && y < box.bottom;
    });
  });
}
