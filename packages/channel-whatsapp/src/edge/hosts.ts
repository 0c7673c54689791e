/** Which addresses we speak to, and to which of them we show credentials. */

export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname)

export const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null)

/** `https` anywhere, or anything on this machine. */
export const isSafeBase = (text: string): boolean => {
  const url = parseUrl(text)
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return false
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))
}

/**
 * True for addresses on the origin of `apiBaseUrl`, or over https on its default port on a subdomain of one of `domains`;
 * on loopback when the base is on loopback too, as in tests.
 */
export const isMediaUrl = (text: string, apiBaseUrl: string, domains: ReadonlyArray<string>): boolean => {
  const url = parseUrl(text)
  const base = parseUrl(apiBaseUrl)
  if (url === null || base === null || url.username !== "" || url.password !== "") return false
  if (url.origin === base.origin) return true
  if (isLoopback(base.hostname) && isLoopback(url.hostname)) return url.protocol === "http:"
  return (
    url.protocol === "https:" &&
    url.port === "" &&
    domains.some((domain) => url.hostname.endsWith(`.${domain}`))
  )
}
