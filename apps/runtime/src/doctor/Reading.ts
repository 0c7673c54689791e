/** What a look at the other side gave, or why it gave nothing. */
import { Effect } from "effect"

/** Something that was to be read. `Absent`: it is not connected, so that there is nothing to read. */
export type Reading<A> =
  | { readonly _tag: "Read"; readonly value: A }
  | { readonly _tag: "Unread"; readonly why: string }
  | { readonly _tag: "Absent" }

export const read = <A>(value: A): Reading<A> => ({ _tag: "Read", value })
export const unread = (why: string): Reading<never> => ({ _tag: "Unread", why })
export const absent: Reading<never> = { _tag: "Absent" }

/** What a call gave; a failure becomes the reason why nothing is known. */
export const reading = <A, E extends { readonly message: string }, R>(
  call: Effect.Effect<A, E, R>,
): Effect.Effect<Reading<A>, never, R> =>
  Effect.match(call, {
    onSuccess: (value): Reading<A> => read(value),
    onFailure: ({ message }) => unread(message),
  })

/** The value where it was read, else null. */
export const valueOf = <A>(one: Reading<A>): A | null => (one._tag === "Read" ? one.value : null)
