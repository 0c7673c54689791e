/** An answer → the text messages that carry it. Pure. */
import { type OutboundFile, type OutboundMessage, splitText } from "@opencx/core"
import { takesMms } from "../address/matchKey.ts"
import type { ReplyAddress } from "../address/ReplyAddress.ts"
import type { SmsProvider } from "../providers/SmsProvider.ts"
import type { SmsSettings } from "../settings.ts"
import { foldTypography } from "../text/fold.ts"
import { renderPlain } from "../text/render.ts"
import { isGsm } from "../text/segments.ts"

/** Text and files of one text message. */
export interface Piece {
  readonly text: string
  readonly media: ReadonlyArray<{ readonly url: string; readonly contentType: string }>
}

interface Composed {
  readonly pieces: ReadonlyArray<Piece>
  /** Files that can neither be attached nor linked, because nobody serves them. */
  readonly unreachable: ReadonlyArray<string>
}

type Served = OutboundFile & { readonly url: string }

const isServed = (file: OutboundFile): file is Served => file.url !== undefined

/** The files that travel as MMS, in order, as long as number and total size allow. */
const attachable = (
  files: ReadonlyArray<Served>,
  provider: SmsProvider,
  settings: SmsSettings,
  address: ReplyAddress,
): ReadonlyArray<Served> => {
  if (!settings.mms || !takesMms(address.to) || !takesMms(address.from)) return []
  let total = 0
  return files
    .filter((file) => {
      const fits =
        provider.mms.fits(file.contentType, file.size) && total + file.size <= provider.mms.maxTotalBytes
      if (fits) total += file.size
      return fits
    })
    .slice(0, provider.mms.maxFiles)
}

const mediaOf = ({ contentType, url }: Served) => ({ url, contentType })

/** Renders, folds, splits; files become MMS where they fit, else links below the text. */
export const compose = (
  message: OutboundMessage,
  provider: SmsProvider,
  settings: SmsSettings,
  address: ReplyAddress,
): Composed => {
  const served = message.files.filter(isServed)
  const attached = attachable(served, provider, settings, address)
  const links = served.filter((f) => !attached.includes(f)).map((f) => `${f.fileName}: ${f.url}`)
  const text = foldTypography([renderPlain(message.text), ...links].filter((t) => t.length > 0).join("\n\n"))
  const limit = isGsm(text) ? provider.textLimit.gsm : provider.textLimit.unicode
  const texts = splitText(text, { max: limit, unit: "characters" })
  const media = attached.map(mediaOf)
  const pieces: ReadonlyArray<Piece> = provider.mms.withText
    ? (texts.length === 0 && media.length > 0 ? [""] : texts).map((t, i) => ({
        text: t,
        media: i === 0 ? media : [],
      }))
    : [...texts.map((t) => ({ text: t, media: [] })), ...media.map((m) => ({ text: "", media: [m] }))]
  return { pieces, unreachable: message.files.filter((f) => f.url === undefined).map((f) => f.fileName) }
}
