import { dirname, join } from "node:path"

/** The repository path a relative import points to. Our imports carry their extension, so no guessing. */
export const resolveRelative = (from: string, specifier: string): string => join(dirname(from), specifier)
