// In a page, what cases use of node:url: the files of its server by their path in its address.

/** The path of a file. */
export const fileURLToPath = (url: URL): string => url.pathname;
