// In a page, what cases use of node:process: how long a campaign is. The bundler puts it here.
declare const DELVE_PROPERTY_FACTOR: string;

/** Stands in for the environment of a process. */
export default { env: { DELVE_PROPERTY_FACTOR: DELVE_PROPERTY_FACTOR || undefined } } as {
  readonly env: Readonly<Record<string, string | undefined>>;
};
