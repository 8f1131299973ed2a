/**
 * sum + low ← sum + low + factor·terms, element by element, where `low` keeps what rounding takes from `sum`
 * (D. E. Knuth's TwoSum). The factor is 1 or −1.
 *
 * @example
 * const [sum, low] = [Float64Array.of(1e16), Float64Array.of(0)];
 * addCompensated(sum, low, Float64Array.of(1));
 * sum[0]; // 1e16
 * low[0]; // 1
 */
export function addCompensated(
  sum: Float64Array,
  low: Float64Array,
  terms: Float64Array,
  factor: 1 | -1 = 1,
): void {
  for (let i = 0; i < sum.length; i++) {
    const old = sum[i]!;
    const term = factor * terms[i]!;
    const next = old + term;
    const taken = next - old;
    low[i] = low[i]! + (old - (next - taken)) + (term - taken);
    sum[i] = next;
  }
}
