import type { Place } from "./marks.js";
import type { Area } from "./page.js";
import { measureText } from "./text.js";

/** A point of a line that may get its value written beside it. */
export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly fill: string;
}

/** A value beside its point: the middle of its baseline. */
export interface PlacedLabel extends LabelledPoint {
  /** What it takes, with a little space around. */
  readonly box: Area;
}

/** The area that values may take, and what they must keep clear of. All lengths in pixels. */
export interface LabelSpace extends Area {
  readonly fontSize: number;
  readonly markerRadius: number;
  /** Distance of two layers. */
  readonly slot: number;
  /** Places of further markers that no value is written on; none by default. */
  readonly avoided?: readonly Place[] | undefined;
}

interface Candidate {
  readonly point: LabelledPoint;
  /** Valleys are written below, all else above. */
  readonly valley: boolean;
  /** Lower ranks choose first. */
  readonly rank: number;
}

/** Rank of the points between a peak and a valley. */
const SLOPE = 3;

/** A stretch of line between two points. */
type Segment = readonly [LabelledPoint, LabelledPoint];

/** Height of digits over the font size. */
const DIGIT_HEIGHT = 0.73;

/**
 * Writes as many values as find room without touching a line, a marker or one another: first the extremes of each
 * line, then its ends, its peaks and valleys, then the rest.
 *
 * @param lines - One array a series, `null` where there is a gap.
 */
export function placeValueLabels(
  lines: readonly (readonly (LabelledPoint | null)[])[],
  space: LabelSpace,
): PlacedLabel[] {
  const points = lines.flat().filter((point) => point !== null);
  const segments = lines.flatMap(segmentsOf);
  const markers = [...points, ...(space.avoided ?? [])].map((place) => around(place, space.markerRadius));
  const placed: PlacedLabel[] = [];
  const candidates = lines.flatMap(candidatesOf).sort((a, b) => a.rank - b.rank || a.point.x - b.point.x);
  for (const candidate of candidates) {
    if (isCrowded(candidate, space, placed)) continue;
    const free = positions(candidate, space).find(
      ({ box }) =>
        isInside(box, space) &&
        !placed.some((other) => overlap(box, other.box)) &&
        !markers.some((marker) => overlap(box, marker)) &&
        !segments.some((segment) => crosses(segment, box)),
    );
    if (free !== undefined) placed.push(free);
  }
  return placed;
}

/** Whether a point on a slope stands so close to values already written that its own would add nothing. */
function isCrowded(
  { point, rank }: Candidate,
  { slot, fontSize }: LabelSpace,
  placed: readonly PlacedLabel[],
) {
  const width = measureText(point.text, fontSize);
  return rank === SLOPE && slot < width && placed.some(({ x }) => Math.abs(x - point.x) < 2.5 * width);
}

function candidatesOf(line: readonly (LabelledPoint | null)[]): Candidate[] {
  const ys = line.map((point) => point?.y ?? null);
  const shown = ys.filter((y) => y !== null);
  const [highest, lowest] = [Math.min(...shown), Math.max(...shown)];
  const indices = line.flatMap((point, i) => (point === null ? [] : [i]));
  const [first, last] = [indices[0], indices.at(-1)];
  return line.flatMap((point, i) => {
    if (point === null) return [];
    const [before, after] = [ys[i - 1] ?? point.y, ys[i + 1] ?? point.y];
    const valley = before <= point.y && after <= point.y && (before < point.y || after < point.y);
    const peak = before >= point.y && after >= point.y && !valley;
    const isExtreme = point.y === highest || point.y === lowest;
    const rank = isExtreme ? 0 : i === first || i === last ? 1 : peak || valley ? 2 : SLOPE;
    return [{ point, valley, rank }];
  });
}

/** Baselines beside a point, the best first; places at its sides and farther off only where no neighbour is near. */
function positions({ point, valley }: Candidate, space: LabelSpace): PlacedLabel[] {
  const width = measureText(point.text, space.fontSize);
  const height = DIGIT_HEIGHT * space.fontSize;
  const isRoomy = space.slot > 2 * width + 4 * space.fontSize;
  const near = spots(width, height, space.markerRadius, 0.35 * space.fontSize, valley);
  const far = spots(width, height, space.markerRadius, 1.1 * space.fontSize, valley);
  return (isRoomy ? [...near, ...far] : near.slice(0, 5)).map(([dx, dy]) => {
    const [x, y] = [point.x + dx, point.y + dy];
    const box = { left: x - width / 2 - 1, right: x + width / 2 + 1, top: y - height - 1, bottom: y + 1 };
    return { ...point, x, y, box };
  });
}

type Spot = readonly [dx: number, dy: number];

function spots(width: number, height: number, radius: number, distance: number, valley: boolean): Spot[] {
  const gap = radius + distance;
  const [above, below] = [-gap, gap + height];
  const aside = width / 2 + radius / 2;
  const beside = width / 2 + gap;
  const [first, second] = valley ? [below, above] : [above, below];
  return [
    [0, first],
    [-aside, above],
    [aside, below],
    [aside, above],
    [-aside, below],
    [0, second],
    [beside, height / 2],
    [-beside, height / 2],
  ];
}

function segmentsOf(line: readonly (LabelledPoint | null)[]): Segment[] {
  return line.flatMap((point, i): Segment[] => {
    const next = line[i + 1];
    return point && next ? [[point, next]] : [];
  });
}

function around({ x, y }: Place, radius: number): Area {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

function isInside(box: Area, space: LabelSpace): boolean {
  return (
    box.left >= space.left && box.right <= space.right && box.top >= space.top && box.bottom <= space.bottom
  );
}

function overlap(a: Area, b: Area): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Whether a segment passes through a box (clipping after Liang and Barsky). */
function crosses([from, to]: Segment, box: Area): boolean {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  let [enter, leave] = [0, 1];
  for (const [speed, room] of [
    [-dx, from.x - box.left],
    [dx, box.right - from.x],
    [-dy, from.y - box.top],
    [dy, box.bottom - from.y],
  ] as const) {
    if (speed === 0 && room < 0) return false;
    if (speed < 0) enter = Math.max(enter, room / speed);
    if (speed > 0) leave = Math.min(leave, room / speed);
  }
  return enter <= leave;
}
