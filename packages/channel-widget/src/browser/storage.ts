/** The browser's storage, where it may be used at all: private windows, frames and full disks refuse it. */

const memory = new Map<string, string>()

const guarded = <A>(use: () => A, otherwise: () => A): A => {
  try {
    return use()
  } catch {
    return otherwise()
  }
}

/** `localStorage` with this page's memory behind it. Never throws. */
export const storage = {
  get: (key: string): string | null =>
    guarded(
      () => localStorage.getItem(key) ?? memory.get(key) ?? null,
      () => memory.get(key) ?? null,
    ),
  set: (key: string, value: string): void =>
    guarded(
      () => localStorage.setItem(key, value),
      () => void memory.set(key, value),
    ),
  remove: (key: string): void => {
    memory.delete(key)
    guarded(
      () => localStorage.removeItem(key),
      () => undefined,
    )
  },
  keys: (prefix: string): ReadonlyArray<string> =>
    [
      ...new Set([
        ...guarded(
          () => Object.keys(localStorage),
          () => [],
        ),
        ...memory.keys(),
      ]),
    ].filter((key) => key.startsWith(prefix)),
}
