import { htmlToText } from "../../support/text.ts"
import { asArray, asNumber, asString, get, has, isObject, type JsonObject } from "../../world/json.ts"
import { badRequest } from "../http/errors.ts"
import type { MessagingStore } from "../world/MessagingStore.ts"
import { markdownToHtml } from "./markdown.ts"

const maxText = 4_096

const text = (source: unknown, name: string): string | undefined => {
  const value = get(source, name)
  if (value === undefined || value === null) return undefined
  if (typeof value !== "string") throw badRequest(`content.${name} must be a string`)
  if (value.length > maxText) throw badRequest(`content.${name} must be at most ${maxText} characters`)
  return value
}

/** `text`, and `htmlText` when either rich form was sent; the plain form is made from the rich one if need be. */
const spoken = (source: unknown): JsonObject => {
  const html = text(source, "htmlText")
  const markdown = text(source, "markdownText")
  if (html !== undefined && markdown !== undefined)
    throw badRequest("content.htmlText and content.markdownText cannot be used together")
  const rich = markdown === undefined ? html : markdownToHtml(markdown)
  if (rich !== undefined && rich.length > maxText)
    throw badRequest(`content.htmlText must be at most ${maxText} characters`)
  const plain = text(source, "text") ?? (rich === undefined ? undefined : htmlToText(rich))
  return {
    ...(plain === undefined ? {} : { text: plain }),
    ...(rich === undefined ? {} : { htmlText: rich }),
  }
}

const needed: Readonly<Record<string, ReadonlyArray<string>>> = {
  buy: ["text", "amount"],
  link: ["text", "uri"],
  locationRequest: ["text"],
  postback: ["text", "payload"],
  reply: ["text", "payload"],
  webview: ["text", "uri", "fallback"],
}

const actions = (source: unknown, min: number, max: number, where: string): JsonObject => {
  if (!has(source, "actions")) {
    if (min > 0) throw badRequest(`${where}.actions is required`)
    return {}
  }
  const list = asArray(get(source, "actions"))
  if (list.length < min || list.length > max)
    throw badRequest(`${where}.actions must have ${min} to ${max} items`)
  for (const action of list) {
    const members = needed[asString(get(action, "type")) ?? ""]
    if (members === undefined) throw badRequest(`${where}.actions has an unknown type`)
    for (const name of members)
      if (!has(action, name)) throw badRequest(`${where}.actions.${name} is required`)
  }
  return list.length === 0 ? {} : { actions: list }
}

const url = (source: unknown, name: string): string => {
  const value = asString(get(source, name)) ?? ""
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw badRequest(`content.${name} must be a valid URI`)
  return value
}

const types: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
  mp4: "video/mp4",
  ogg: "audio/ogg",
  txt: "text/plain",
}

const media = (store: MessagingStore, source: unknown): JsonObject => {
  const mediaUrl = url(source, "mediaUrl")
  const own = [...store.attachments.values()].find((file) => file.mediaUrl === mediaUrl)
  const name = decodeURIComponent(new URL(mediaUrl).pathname.split("/").at(-1) ?? "")
  const extension = (name.split(".").at(-1) ?? "").toLowerCase()
  return {
    mediaUrl,
    mediaType: own?.contentType ?? types[extension] ?? "application/octet-stream",
    ...(own === undefined ? {} : { mediaSize: own.bytes.length }),
    altText: asString(get(source, "altText")) ?? own?.fileName ?? name,
    ...spoken(source),
  }
}

const items = (source: unknown): ReadonlyArray<unknown> => {
  const list = asArray(get(source, "items"))
  if (list.length < 1 || list.length > 10) throw badRequest("content.items must have 1 to 10 items")
  for (const item of list) {
    const title = get(item, "title")
    if (typeof title !== "string" || title.length < 1 || title.length > 128)
      throw badRequest("content.items.title must be a string of 1 to 128 characters")
    actions(item, 1, 3, "content.items")
  }
  return list
}

const itemsAsText = (list: ReadonlyArray<unknown>): string =>
  list
    .map((item) =>
      [get(item, "title"), get(item, "description")].filter((line) => line !== undefined).join("\n"),
    )
    .join("\n\n")

const form = (source: unknown): JsonObject => {
  const fields = asArray(get(source, "fields"))
  if (fields.length < 1 || fields.length > 20) throw badRequest("content.fields must have 1 to 20 items")
  const names = fields.map((field) => asString(get(field, "name")) ?? "")
  if (names.includes("") || new Set(names).size < names.length)
    throw badRequest("content.fields.name must be unique")
  if (fields.some((field) => !["email", "select", "text"].includes(String(get(field, "type")))))
    throw badRequest("content.fields.type must be email, select or text")
  return { fields, submitted: false, ...spoken(source) }
}

const location = (source: unknown): JsonObject => {
  const lat = asNumber(get(get(source, "coordinates"), "lat"))
  const long = asNumber(get(get(source, "coordinates"), "long"))
  if (lat === undefined || long === undefined) throw badRequest("content.coordinates needs lat and long")
  const place = get(source, "location")
  return {
    coordinates: { lat, long },
    ...(isObject(place) ? { location: place } : {}),
    text: `Location shared:\nhttps://maps.google.com/maps?q=${lat},${long}`,
  }
}

const textContent = (source: unknown): JsonObject => {
  const said = spoken(source)
  const buttons = actions(source, 0, 10, "content")
  if ((said["text"] ?? "") === "" && Object.keys(buttons).length === 0)
    throw badRequest("content.text is required")
  const payload = asString(get(source, "payload"))
  return { type: "text", ...said, ...buttons, ...(payload === undefined ? {} : { payload }) }
}

/** What was said, checked and completed. `formResponse` can come from a customer's browser only. */
export const readContent = (store: MessagingStore, source: unknown, fromCustomer = false): JsonObject => {
  const type = get(source, "type")
  switch (type) {
    case "text":
      return textContent(source)
    case "image":
      return { type, ...media(store, source), ...actions(source, 0, 10, "content") }
    case "file":
      return { type, ...media(store, source) }
    case "carousel":
      return { type, items: items(source), text: itemsAsText(items(source)) }
    case "list":
      return { type, items: items(source), ...actions(source, 0, 10, "content") }
    case "form":
      return { type, ...form(source) }
    case "location":
      return { type, ...location(source) }
    case "template": {
      if (!isObject(get(source, "template"))) throw badRequest("content.template is required")
      return { type, template: get(source, "template") }
    }
    case "formResponse": {
      if (!fromCustomer) throw badRequest("formResponse messages cannot be sent via the API")
      const fields = asArray(get(source, "fields"))
      const textFallback = fields
        .map((field) => `${String(get(field, "label"))}: ${String(get(field, String(get(field, "type"))))}`)
        .join("\n")
      return { type, fields, textFallback }
    }
    default:
      throw badRequest(
        "content.type must be one of text, image, file, carousel, list, form, location, template",
      )
  }
}

/** What a person reads of it where only text can be shown. */
export const contentAsText = (content: JsonObject): string => {
  const said = asString(content["text"]) ?? asString(content["textFallback"]) ?? ""
  const url = asString(content["mediaUrl"])
  if (url !== undefined) return said === "" ? url : `${said}\n${url}`
  if (said !== "") return said
  if (content["type"] === "list") return itemsAsText(asArray(content["items"]))
  if (content["type"] === "form")
    return asArray(content["fields"])
      .map((field) => asString(get(field, "label")) ?? "")
      .join("\n")
  if (content["type"] === "template") return `[template ${String(get(content["template"], "name") ?? "")}]`
  return asArray(content["actions"])
    .map((action) => asString(get(action, "text")) ?? "")
    .join("\n")
}
