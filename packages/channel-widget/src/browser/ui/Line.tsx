/** One message: words, sources, files, thumbs, and how far it has come. */
import { dateOf, now } from "../platform.ts"
import type { VNode } from "preact"
import type { WireFile, WireLine } from "../../wire.ts"
import { link, markdown, safeUrl } from "../markdown.ts"
import type { Pending } from "../store.ts"
import { DownIcon, FileIcon, UpIcon } from "./icons.tsx"
import { type Has, sizeOf } from "./ui.ts"

const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"])

const FileLink = ({ file, ui: { chat, state, t } }: Has & { readonly file: WireFile }): VNode => {
  const { contentType, fileName, size, url } = file
  const href = safeUrl(url)
  const name = (
    <>
      {fileName} <span class="muted">({sizeOf(size, state.config?.locale)})</span>
    </>
  )
  if (href === null) return <span class="file">{name}</span>
  // Pictures come from the server's own origin, or not at all: no tracking, and nothing that the page's CSP forbids.
  const shown = pictures.has(contentType) && chat.api.isOwn(href)
  return (
    <a
      class="file"
      part="file"
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={t("download", { name: fileName })}
    >
      {shown ? <img src={href} alt={fileName} loading="lazy" /> : <FileIcon />}
      {shown ? null : <span dir="auto">{name}</span>}
    </a>
  )
}

const Sources = ({ sources, ui: { t } }: Has & Pick<WireLine, "sources">): VNode | null => {
  if (sources.length === 0) return null
  return (
    <div class="sources" part="sources">
      <span>{t("sources")}</span>
      <ul>
        {sources.map(({ title, url }) => {
          const href = url === null ? null : safeUrl(url)
          return (
            <li key={title} dir="auto">
              {href === null ? title : link(href, title)}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const Thumbs = ({ id, ui: { chat, state, t } }: Has & { readonly id: string }): VNode => {
  const given = state.thumbs[id]
  const rate = (score: 0 | 1) => (): void => {
    if (given === score) return
    void chat.act("rate", { kind: "answer", lineId: id, score }, () =>
      chat.remember({ thumbs: { ...chat.store.state.thumbs, [id]: score } }),
    )
  }
  return (
    <div class="thumbs" part="thumbs">
      <button
        type="button"
        class="icon"
        aria-pressed={given === 1}
        aria-label={t("helpful")}
        onClick={rate(1)}
      >
        <UpIcon />
      </button>
      <button
        type="button"
        class="icon"
        aria-pressed={given === 0}
        aria-label={t("notHelpful")}
        onClick={rate(0)}
      >
        <DownIcon />
      </button>
      <span class="muted" role="status">
        {given === undefined ? "" : t("thanks")}
      </span>
    </div>
  )
}

const Time = ({ at, ui: { state } }: Has & { readonly at: number }): VNode => {
  const date = dateOf(at)
  const today = dateOf(now()).toDateString() === date.toDateString()
  const format = new Intl.DateTimeFormat(state.config?.locale, {
    timeStyle: "short",
    ...(today ? {} : { dateStyle: "short" }),
  })
  return <time dateTime={date.toISOString()}>{format.format(date)}</time>
}

interface LineProps extends Has {
  readonly line: WireLine
  readonly isLast: boolean
  readonly seen: boolean
}

export const Line = ({ isLast, line, seen, ui }: LineProps): VNode => {
  const { t } = ui
  const { author, authorName, files, id, sources, text } = line
  const own = author === "customer"
  const names = { customer: t("you"), ai: t("assistant"), human: t("agent"), system: t("systemName") }
  return (
    <div class={`line ${author}`} part={`message message-${author}`}>
      <span class={own || author === "system" ? "sr" : "author"} dir="auto">
        {authorName ?? names[author]}
      </span>
      {text === "" ? null : (
        <div class="bubble" dir="auto">
          {own ? text : markdown(text)}
        </div>
      )}
      {files.map((file) => (
        <FileLink ui={ui} key={file.url} file={file} />
      ))}
      <Sources ui={ui} sources={sources} />
      {author === "ai" ? <Thumbs ui={ui} id={id} /> : null}
      <span class="muted">
        <Time ui={ui} at={line.at} />
        {own && isLast ? ` · ${t(seen ? "seen" : "sent")}` : null}
      </span>
    </div>
  )
}

export const PendingLine = ({ message, ui: { chat, t } }: Has & { readonly message: Pending }): VNode => {
  const { fileNames, files, id, status, text, why } = message
  return (
    <div class={`line customer ${status}`} part="message message-customer pending">
      <span class="sr">{t("you")}</span>
      {text === "" ? null : (
        <div class="bubble" dir="auto">
          {text}
        </div>
      )}
      {fileNames.map((name) => (
        <span key={name} class="file">
          <FileIcon />
          <span dir="auto">{name}</span>
        </span>
      ))}
      {status === "failed" ? (
        <span class="fault" role="alert">
          {why === null ? t("failed") : t(why)}
          {files === null ? null : (
            <button type="button" class="text" onClick={() => chat.retry(id)}>
              {t("retry")}
            </button>
          )}
          <button type="button" class="text" onClick={() => chat.discard(id)}>
            {t("discard")}
          </button>
        </span>
      ) : (
        <span class="muted">{t(status)}</span>
      )}
    </div>
  )
}
