/** Unit roundoff, 2⁻⁵³ (LAPACK dlamch('E')). */
export const EPS: f64 = 1.1102230246251565e-16;

/**
 * All routines here work on a matrix scaled so that its largest element is about 1 (lapack/dsyev.ts). A sum
 * of squares below this, 2⁻⁶⁶⁴, is that of a vector below 1e-100 in norm: it is zero as far as any result can
 * tell, while products and quotients of such squares would leave the range of numbers.
 */
export const TINY: f64 = 1.3064201766302604e-200;
