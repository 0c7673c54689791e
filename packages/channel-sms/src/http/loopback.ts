/** Addresses that never leave this machine. */

/** `host` as `URL.hostname` gives it. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host)
