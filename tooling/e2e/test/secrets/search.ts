/** Looks for secrets in what a program has said and written, in every spelling in which they could stand there. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** Something that was said or written: where, and all of it, as latin1 where it is bytes. */
export type Output = readonly [place: string, text: string]

/** In base64 three letters become four, so that a text looks another way after one or two others. */
const inBase64 = (secret: string): ReadonlyArray<string> =>
  [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    const sure = bytes.toString("base64").replace(/=+$/, "").slice([0, 2, 3][before], -1)
    return [sure, sure.replaceAll("+", "-").replaceAll("/", "_")]
  })

export const spellingsOf = (secret: string): ReadonlyArray<string> =>
  [
    ...new Set([
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ x: secret }).toString().slice(2),
      JSON.stringify(secret).slice(1, -1),
      JSON.stringify(JSON.stringify(secret)).slice(3, -3),
      Buffer.from(secret).toString("hex"),
      ...inBase64(secret),
    ]),
  ].filter((one) => one.length >= 6)

/** Which secret was found where; a place is told with the beginning of what stands there. */
export const leaksIn = (
  outputs: Iterable<Output>,
  secrets: Iterable<readonly [what: string, secret: string]>,
): ReadonlyArray<string> => {
  const wanted = [...secrets].map(([what, secret]) => [what, spellingsOf(secret)] as const)
  return [...outputs].flatMap(([place, text]) =>
    wanted.flatMap(([what, spellings]) => {
      const found = spellings.find((one) => text.includes(one))
      if (found === undefined) return []
      const at = text.indexOf(found)
      return [`${what} in ${place}: …${text.slice(Math.max(0, at - 80), at + 20)}…`]
    }),
  )
}

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  )

/** Every file below a folder but the key file. */
export const filesIn = (folder: string): ReadonlyArray<Output> =>
  filesBelow(folder)
    .filter((file) => !file.endsWith("master.key"))
    .map((file) => [`file ${file.slice(folder.length + 1)}`, readFileSync(file).toString("latin1")])
