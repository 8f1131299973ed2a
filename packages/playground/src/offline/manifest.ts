/** What a build of the page consists of. */
export interface Manifest {
  /** Another one for every build that differs in anything. */
  readonly version: string;
  /** Digest of the page itself, as the integrity of a request names it. */
  readonly page: string;
  /** Everything else, relative to the page. Their names change with what they hold. */
  readonly assets: readonly string[];
}
