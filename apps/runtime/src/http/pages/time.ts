/** Times on pages. */
import { DateTime, Option } from "effect"

/** `2026-11-21 09:35:00`, UTC; a dash for times that no calendar has. */
export const time = (at: number): string =>
  Option.match(DateTime.make(at), {
    onNone: () => "–",
    onSome: (when) => DateTime.formatIso(when).replace("T", " ").slice(0, 19),
  })
