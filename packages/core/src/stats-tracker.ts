// A module of its own: of what is imported while running, a bundler takes all that there is.
export { SaturationTracker as StatsTracker } from "@delve/stats";
