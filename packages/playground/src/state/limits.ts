/** The page keeps the history of a run, which has to end somewhere. */
export const LAST_EPOCH = 500;
