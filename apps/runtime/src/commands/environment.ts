/** The process's surroundings: the one place that reads them. */
export const environment: Readonly<Record<string, string | undefined>> = process.env

/** Whether a person can be asked something. */
export const isInteractive: boolean = process.stdin.isTTY === true && process.stdout.isTTY === true
