/**
 * Symmetric matrices are kept as 4 × 4 tiles, each 128 bytes, of the upper triangle only, row of tiles by row
 * of tiles; tiles on the diagonal are whole. A tile is two cache lines that no other tile shares, its address
 * does not depend on the order through a leading dimension, and the last rows and columns of a matrix are one
 * stretch of memory, which is read at the speed of a stream.
 *
 * This is the number of the tile in tile row i, tile column j ≥ i, of a matrix `tiles` tiles wide.
 */
@inline export function tileIndex(tiles: i32, i: i32, j: i32): usize {
  return <usize>i * <usize>tiles - (<usize>i * <usize>(i - 1)) / 2 + <usize>(j - i);
}

/** Bytes of a tiled upper triangle. */
@inline export function tiledBytes(tiles: f64): f64 {
  return tiles * (tiles + 1) * 64;
}

/**
 * Four rows, `ld` bytes apart, into tiles next to each other: a tile holds its rows one after the other.
 */
export function rowsToTiles(tiles: i32, rows: usize, ld: usize, to: usize): void {
  copyPieces(tiles, rows, 32, ld, to, 128, 32);
}

/** The reverse. */
export function tilesToRows(tiles: i32, from: usize, rows: usize, ld: usize): void {
  copyPieces(tiles, from, 128, 32, rows, 32, ld);
}

/** A piece is four values of a row; `tile` and `row` are the distances from piece to piece. */
function copyPieces(tiles: i32, x: usize, xTile: usize, xRow: usize, y: usize, yTile: usize, yRow: usize): void {
  for (; tiles > 0; --tiles, x += xTile, y += yTile) {
    for (let r: usize = 0; r < 4; ++r) {
      v128.store(y + r * yRow, v128.load(x + r * xRow));
      v128.store(y + r * yRow, v128.load(x + r * xRow, 16), 16);
    }
  }
}
