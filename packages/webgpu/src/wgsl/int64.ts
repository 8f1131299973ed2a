/**
 * WGSL: 64-bit integers as vec2u(low, high). Signed ones are two's complement. Shifts take 0 to 63.
 */
export const INT64: string = /* wgsl */ `
fn add64(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn sub64(a: vec2u, b: vec2u) -> vec2u {
  return vec2u(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

fn negate64(a: vec2u) -> vec2u {
  return sub64(vec2u(0u, 0u), a);
}

fn shiftLeft64(a: vec2u, by: u32) -> vec2u {
  if (by >= 32u) { return vec2u(0u, a.x << (by - 32u)); }
  if (by == 0u) { return a; }
  return vec2u(a.x << by, (a.y << by) | (a.x >> (32u - by)));
}

fn shiftRight64(a: vec2u, by: u32) -> vec2u {
  if (by >= 32u) { return vec2u(a.y >> (by - 32u), 0u); }
  if (by == 0u) { return a; }
  return vec2u((a.x >> by) | (a.y << (32u - by)), a.y >> by);
}

// Rounds towards minus infinity.
fn shiftRightSigned64(a: vec2u, by: u32) -> vec2u {
  let high = bitcast<i32>(a.y);
  if (by >= 32u) { return vec2u(bitcast<u32>(high >> (by - 32u)), bitcast<u32>(high >> 31u)); }
  if (by == 0u) { return a; }
  return vec2u((a.x >> by) | (a.y << (32u - by)), bitcast<u32>(high >> by));
}

fn leadingZeros64(a: vec2u) -> u32 {
  if (a.y != 0u) { return countLeadingZeros(a.y); }
  return 32u + countLeadingZeros(a.x);
}

fn less64(a: vec2u, b: vec2u) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}
`;
