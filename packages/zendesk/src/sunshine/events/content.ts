/** What a message says, as text that a person can read, and its files. */
import { Result, Schema } from "effect"
import { htmlToMarkdown } from "../../text/HtmlToMarkdown.ts"
import { maybe } from "../wire/ApiWire.ts"

/** A file of a message, still at Zendesk: read it with `media` of the client. `size` in bytes, null when not said. */
export interface MessageFile {
  readonly url: string
  readonly name: string
  readonly contentType: string | null
  readonly size: number | null
}

export interface ReadContent {
  readonly text: string
  readonly files: ReadonlyArray<MessageFile>
  /** What stands behind a button that the customer pressed. */
  readonly payload: string | null
}

const Action = Schema.Struct({
  type: maybe(Schema.String),
  text: maybe(Schema.String),
  uri: maybe(Schema.String),
})
const Item = Schema.Struct({
  title: maybe(Schema.String),
  description: maybe(Schema.String),
  mediaUrl: maybe(Schema.String),
  actions: maybe(Schema.Array(Action)),
})
const Option = Schema.Struct({ label: maybe(Schema.String), name: maybe(Schema.String) })
const Field = Schema.Struct({
  type: maybe(Schema.String),
  label: maybe(Schema.String),
  name: maybe(Schema.String),
  text: maybe(Schema.String),
  email: maybe(Schema.String),
  select: maybe(Schema.Array(Option)),
})
type Field = typeof Field.Type

const Content = Schema.Struct({
  type: maybe(Schema.String),
  text: maybe(Schema.String),
  htmlText: maybe(Schema.String),
  textFallback: maybe(Schema.String),
  payload: maybe(Schema.String),
  mediaUrl: maybe(Schema.String),
  mediaType: maybe(Schema.String),
  mediaSize: maybe(Schema.Number),
  altText: maybe(Schema.String),
  items: maybe(Schema.Array(Item)),
  actions: maybe(Schema.Array(Action)),
  fields: maybe(Schema.Array(Field)),
  coordinates: maybe(Schema.Struct({ lat: Schema.Number, long: Schema.Number })),
  location: maybe(Schema.Struct({ name: maybe(Schema.String), address: maybe(Schema.String) })),
  template: maybe(Schema.Struct({ name: maybe(Schema.String) })),
})
type Content = typeof Content.Type
const decodeContent = Schema.decodeUnknownResult(Content)

const lines = (all: ReadonlyArray<string | null | undefined>, between = "\n"): string =>
  all.filter((one) => typeof one === "string" && one.trim() !== "").join(between)

const actionText = (action: typeof Action.Type): string => {
  const label = action.text?.trim() ?? ""
  if (action.uri !== null && action.uri !== undefined)
    return label === "" ? action.uri : `${label}: ${action.uri}`
  return label === "" ? "" : `[${label}]`
}

const actionsText = (actions: Content["actions"]): string => lines((actions ?? []).map(actionText))

const itemText = (item: typeof Item.Type): string =>
  lines([item.title, item.description, item.mediaUrl, actionsText(item.actions)])

const answerOf = (field: Field): string =>
  field.email ?? field.text ?? (field.select ?? []).map((one) => one.label ?? one.name ?? "").join(", ")

const fieldText = (field: Field): string => {
  const label = field.label ?? field.name ?? "?"
  const answer = answerOf(field)
  return answer === "" ? label : `${label}: ${answer}`
}

const locationText = (content: Content): string => {
  const { coordinates, location } = content
  const map =
    coordinates === null || coordinates === undefined
      ? null
      : `https://maps.google.com/?q=${coordinates.lat},${coordinates.long}`
  return lines(["Location", location?.name, location?.address, map])
}

const spoken = (content: Content): string => {
  if ((content.text ?? "").trim() !== "") return content.text ?? ""
  const html = content.htmlText ?? ""
  return html.trim() === "" ? "" : htmlToMarkdown(html, { origin: "https://zendesk.com", images: "alt" })
}

const templateText = (content: Content): string =>
  `(a message template${content.template?.name === null || content.template?.name === undefined ? "" : `: ${content.template.name}`})`

const textOf = (content: Content): string => {
  const said = spoken(content)
  switch (content.type) {
    case "text":
    case "image":
    case "file":
      return lines([said, actionsText(content.actions)])
    case "carousel":
    case "list":
      return lines([...(content.items ?? []).map(itemText), actionsText(content.actions)], "\n\n")
    case "form":
      return lines([said, "Form:", ...(content.fields ?? []).map(fieldText)])
    case "formResponse":
      return content.textFallback ?? lines((content.fields ?? []).map(fieldText))
    case "location":
      return locationText(content)
    case "template":
      return lines([said, templateText(content)])
    default:
      return (
        lines([said, content.textFallback]) ||
        `(a message of the kind "${content.type ?? "unknown"}", which cannot be shown here)`
      )
  }
}

const nameOf = (url: string, altText: string | null | undefined): string => {
  const said = altText?.trim() ?? ""
  if (said !== "") return said
  const last = URL.canParse(url) ? new URL(url).pathname.split("/").at(-1) : undefined
  return last === undefined || last === "" ? "file" : last
}

const filesOf = (content: Content): ReadonlyArray<MessageFile> =>
  (content.type === "image" || content.type === "file") &&
  content.mediaUrl !== null &&
  content.mediaUrl !== undefined
    ? [
        {
          url: content.mediaUrl,
          name: nameOf(content.mediaUrl, content.altText),
          contentType: content.mediaType ?? null,
          size: content.mediaSize ?? null,
        },
      ]
    : []

/** Reads any content. Total: what is no content we know becomes a sentence that says so. */
export const readContent = (content: unknown, deleted: boolean): ReadContent => {
  if (deleted) return { text: "(this message was deleted)", files: [], payload: null }
  const read = decodeContent(content)
  if (Result.isFailure(read))
    return { text: "(a message that cannot be shown here)", files: [], payload: null }
  return { text: textOf(read.success), files: filesOf(read.success), payload: read.success.payload ?? null }
}
