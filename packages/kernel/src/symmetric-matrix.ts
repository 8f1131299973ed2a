/**
 * A real symmetric matrix by its upper triangle, packed row by row: element (i, j), i ≤ j, is
 * `upper[i·order − i·(i − 1)/2 + (j − i)]`. The scatter matrix of a `MomentsState` has this form.
 */
export interface SymmetricMatrix {
  readonly order: number;
  readonly upper: Float64Array;
}
