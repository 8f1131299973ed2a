/** Element i of an array of f64, and of one of i32. */
@inline export function at(x: usize, i: i32): f64 {
  return load<f64>(x + (<usize>i << 3));
}

@inline export function put(x: usize, i: i32, value: f64): void {
  store<f64>(x + (<usize>i << 3), value);
}

@inline export function indexAt(x: usize, i: i32): i32 {
  return load<i32>(x + (<usize>i << 2));
}

@inline export function putIndex(x: usize, i: i32, value: i32): void {
  store<i32>(x + (<usize>i << 2), value);
}
