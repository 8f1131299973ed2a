/**
 * C ← C + α·x·xᵀ (BLAS dsyr, UPLO='U'). C: tiled upper triangle (blas/dsyrk.ts), whose diagonal tiles are
 * updated whole. x: four values a tile.
 */
export function dsyr(tiles: i32, alpha: f64, x: usize, c: usize): void {
  const end = x + (<usize>tiles << 5);
  for (; x < end; x += 32) {
    const a0 = alpha * load<f64>(x), a1 = alpha * load<f64>(x, 8);
    const a2 = alpha * load<f64>(x, 16), a3 = alpha * load<f64>(x, 24);
    for (let y = x; y < end; y += 32, c += 128) {
      addRow(c, a0, y);
      addRow(c + 32, a1, y);
      addRow(c + 64, a2, y);
      addRow(c + 96, a3, y);
    }
  }
}

@inline function addRow(c: usize, a: f64, y: usize): void {
  const factor = f64x2.splat(a);
  v128.store(c, f64x2.add(v128.load(c), f64x2.mul(factor, v128.load(y))));
  v128.store(c, f64x2.add(v128.load(c, 16), f64x2.mul(factor, v128.load(y, 16))), 16);
}
