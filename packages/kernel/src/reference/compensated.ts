/** sum + low ← sum + low + terms: adds without losing what rounding takes (D. E. Knuth's TwoSum, element by element). */
export function addCompensated(sum: Float64Array, low: Float64Array, terms: Float64Array): void {
  for (let i = 0; i < sum.length; i++) {
    const old = sum[i]!;
    const term = terms[i]!;
    const next = old + term;
    const taken = next - old;
    low[i] = low[i]! + (old - (next - taken)) + (term - taken);
    sum[i] = next;
  }
}
