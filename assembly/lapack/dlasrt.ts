/**
 * Sorts d ascending (LAPACK dlasrt, ID='I'); `order`, n of i32, tells where each value was. Heap sort: in place,
 * and never slow.
 */
export function dlasrt(n: i32, d: usize, order: usize): void {
  for (let i = 0; i < n; ++i) store<i32>(order + (<usize>i << 2), i);
  for (let i = n / 2 - 1; i >= 0; --i) sift(i, n, d, order);
  for (let last = n - 1; last > 0; --last) {
    swap(0, last, d, order);
    sift(0, last, d, order);
  }
}

function sift(root: i32, n: i32, d: usize, order: usize): void {
  for (let child = 2 * root + 1; child < n; child = 2 * root + 1) {
    if (child + 1 < n && at(d, child) < at(d, child + 1)) ++child;
    if (at(d, root) >= at(d, child)) return;
    swap(root, child, d, order);
    root = child;
  }
}

function swap(i: i32, j: i32, d: usize, order: usize): void {
  const di = at(d, i);
  store<f64>(d + (<usize>i << 3), at(d, j));
  store<f64>(d + (<usize>j << 3), di);
  const oi = load<i32>(order + (<usize>i << 2));
  store<i32>(order + (<usize>i << 2), load<i32>(order + (<usize>j << 2)));
  store<i32>(order + (<usize>j << 2), oi);
}

@inline function at(d: usize, i: i32): f64 {
  return load<f64>(d + (<usize>i << 3));
}
