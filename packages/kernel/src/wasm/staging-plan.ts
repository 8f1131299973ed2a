import { type CheckedSamples, touchedRange } from "../validate.js";

/**
 * A piece of a view that fits into the staging area, and how it is copied there: `count` runs of `length`
 * values, `fromStep` apart in the data and `toStep` apart in the staging area.
 */
export interface Piece {
  /** Row of the view that the piece starts with. */
  readonly row: number;
  readonly rows: number;
  readonly from: number;
  readonly fromStep: number;
  readonly length: number;
  readonly toStep: number;
  readonly count: number;
  /** Index in the staging area of element (0, 0) of the piece, and its strides there. */
  readonly origin: number;
  readonly rowStride: number;
  readonly featureStride: number;
  readonly blockRows: number;
  readonly blockStride: number;
}

/** What starting one more copy costs, in values that could have been copied meanwhile. */
const COPY_OVERHEAD = 256;

/** A way to cut: how many rows a piece may have, and what copying one row costs. */
interface Cut {
  readonly rows: number;
  readonly cost: number;
  piece(row: number, rows: number): Piece;
}

/**
 * Cuts a view into pieces of at most `capacity` values, in the order of its rows.
 *
 * Dense views go over in single copies of all they touch, gaps included; where the gaps would outweigh the
 * samples, or too little would fit, row by row or feature by feature. `capacity` must be at least
 * the number of features, and the view must have rows.
 */
export function planPieces(view: CheckedSamples, capacity: number): Piece[] {
  const samples = joinBlocks(view);
  const cuts = [
    inBlocks(samples, capacity),
    inSpans(samples, capacity),
    byRow(samples, capacity),
    byFeature(samples, capacity),
  ].filter((cut) => cut.rows >= 1);
  const cut = cuts.reduce((best, other) => (other.cost < best.cost ? other : best));
  const pieces: Piece[] = [];
  for (let row = 0; row < samples.rows; ) {
    const rows = Math.min(cut.rows, samples.rows - row, rowsUntilBlockEnd(samples, row, cut));
    pieces.push(cut.piece(row, rows));
    row += rows;
  }
  return pieces;
}

/** The same samples with as few blocks as possible: many layouts are blocks in name only. */
function joinBlocks(view: CheckedSamples): CheckedSamples {
  const { rows, rowStride, blockRows, blockStride } = view;
  if (blockRows === 1) return { ...view, rowStride: blockStride, blockRows: rows, blockStride: 0 };
  const single = blockRows >= rows || blockStride === blockRows * rowStride;
  return single ? { ...view, blockRows: rows, blockStride: 0 } : view;
}

/** Pieces that do not consist of whole blocks must end where their block does. */
function rowsUntilBlockEnd(view: CheckedSamples, row: number, cut: Cut): number {
  return cut.rows % view.blockRows === 0 ? cut.rows : view.blockRows - (row % view.blockRows);
}

/** All that a number of whole blocks touches, in one copy. */
function inBlocks(view: CheckedSamples, capacity: number): Cut {
  const { blockRows, blockStride } = view;
  const block = span(view, blockRows);
  // Rows that repeat (stride 0) take no room; they count as if they did, so that a piece stays countable.
  const room = capacity - Math.max(block, blockRows);
  const step = Math.max(Math.abs(blockStride), blockRows);
  const blocks = room < 0 ? 0 : Math.min(1 + Math.floor(room / step), Math.ceil(view.rows / blockRows));
  const rows = blocks * blockRows;
  const copied = (blocks - 1) * Math.abs(blockStride) + block;
  return { rows, cost: (copied + COPY_OVERHEAD) / rows, piece: (row, count) => spanPiece(view, row, count) };
}

/** All that consecutive rows of a block touch, in one copy. */
function inSpans(view: CheckedSamples, capacity: number): Cut {
  const room = capacity - span(view, 1);
  const step = Math.max(Math.abs(view.rowStride), 1);
  const rows = room < 0 ? 0 : Math.min(1 + Math.floor(room / step), view.blockRows);
  const cost = (span(view, rows) + COPY_OVERHEAD) / rows;
  return { rows, cost, piece: (row, count) => spanPiece(view, row, count) };
}

function spanPiece(view: CheckedSamples, row: number, rows: number): Piece {
  const start = indexOfRow(view, row);
  const [first, last] = touchedRange({ ...view, offset: start, rows });
  const { rowStride, featureStride, blockRows, blockStride } = view;
  const copy = { from: first, fromStep: 0, length: last - first + 1, toStep: 0, count: 1 };
  return { row, rows, ...copy, origin: start - first, rowStride, featureStride, blockRows, blockStride };
}

/** One copy a row. */
function byRow(view: CheckedSamples, capacity: number): Cut {
  const { rowStride, featureStride, features } = view;
  const length = span(view, 1);
  const back = Math.min(0, (features - 1) * featureStride);
  const piece = (row: number, rows: number): Piece => ({
    row,
    rows,
    from: indexOfRow(view, row) + back,
    fromStep: rowStride,
    length,
    toStep: length,
    count: rows,
    origin: -back,
    rowStride: length,
    featureStride,
    blockRows: rows,
    blockStride: 0,
  });
  return {
    rows: Math.min(Math.floor(capacity / length), view.blockRows),
    cost: length + COPY_OVERHEAD,
    piece,
  };
}

/** One copy a feature. */
function byFeature(view: CheckedSamples, capacity: number): Cut {
  const { rowStride, featureStride, features } = view;
  const step = Math.max(Math.abs(rowStride), 1);
  const rows = Math.min(1 + Math.floor((Math.floor(capacity / features) - 1) / step), view.blockRows);
  const piece = (row: number, count: number): Piece => {
    const length = (count - 1) * Math.abs(rowStride) + 1;
    const back = Math.min(0, (count - 1) * rowStride);
    return {
      row,
      rows: count,
      from: indexOfRow(view, row) + back,
      fromStep: featureStride,
      length,
      toStep: length,
      count: features,
      origin: -back,
      rowStride,
      featureStride: length,
      blockRows: count,
      blockStride: 0,
    };
  };
  return { rows, cost: features * (Math.abs(rowStride) + COPY_OVERHEAD / rows), piece };
}

/** Values between the first and the last that `rows` rows of one block touch, both included. */
function span(view: CheckedSamples, rows: number): number {
  return (rows - 1) * Math.abs(view.rowStride) + (view.features - 1) * Math.abs(view.featureStride) + 1;
}

function indexOfRow(view: CheckedSamples, row: number): number {
  const { offset, rowStride, blockRows, blockStride } = view;
  return offset + Math.floor(row / blockRows) * blockStride + (row % blockRows) * rowStride;
}
