/** What was said, oldest first; what is being written; and what is on its way. */
import type { VNode } from "preact"
import type { WireLine } from "../../wire.ts"
import { markdown } from "../markdown.ts"
import { Line, PendingLine } from "./Line.tsx"
import type { Has } from "./ui.ts"

/** A human who speaks for the first time, or another one than before. */
const joins = (lines: ReadonlyArray<WireLine>, at: number): boolean => {
  const line = lines[at]
  if (line?.author !== "human") return false
  const before = lines.slice(0, at).findLast(({ author }) => author !== "customer" && author !== "system")
  return before?.author !== "human" || before.authorName !== line.authorName
}

const Notice = ({ text }: { readonly text: string }): VNode => (
  <p class="notice" part="notice" dir="auto">
    {text}
  </p>
)

/** Shown as it grows, announced by nobody: the whole answer is announced when it is done. */
const Draft = ({ ui: { state, t } }: Has): VNode | null => {
  if (state.draft === "") return null
  return (
    <div class="line ai draft" part="message message-ai draft" aria-live="off">
      <span class="sr">{t("draft")}</span>
      <div class="bubble" dir="auto">
        {markdown(state.draft)}
      </div>
    </div>
  )
}

const Typing = ({ ui: { state, t } }: Has): VNode | null => {
  const { typing } = state
  if (typing === null || state.draft !== "") return null
  const text =
    typing === "ai" ? t("aiTyping") : t("humanTyping", { name: state.sync.humanName ?? t("agent") })
  return (
    <p class="notice" part="typing" dir="auto">
      <span class="dots" aria-hidden="true" />
      {text}
    </p>
  )
}

export const Transcript = ({ ui }: Has): VNode => {
  const { state, t } = ui
  const { humanAsked, lines, pending, sync } = state
  // The one line whose state is worth showing: the customer's last.
  const last = pending.length > 0 ? undefined : lines.findLast(({ author }) => author === "customer")?.cursor
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={t("conversation")}>
      <div class="log" part="log" role="log" aria-label={t("conversation")}>
        {lines.length === 0 && pending.length === 0 ? <Notice text={t("greeting")} /> : null}
        {lines.map((line, at) => (
          <div key={line.cursor} class="entry">
            {joins(lines, at) ? (
              <Notice
                text={
                  line.authorName === null
                    ? t("humanJoinedUnnamed")
                    : t("humanJoined", { name: line.authorName })
                }
              />
            ) : null}
            <Line
              ui={ui}
              line={line}
              isLast={line.cursor === last}
              seen={lines.slice(at + 1).some((l) => l.author !== "customer" && l.author !== "system")}
            />
          </div>
        ))}
        {pending.map((message) => (
          <PendingLine ui={ui} key={message.id} message={message} />
        ))}
        {humanAsked ? <Notice text={t("humanAsked")} /> : null}
        {sync.state === "closed" ? <Notice text={t("closed")} /> : null}
      </div>
      <Draft ui={ui} />
      <Typing ui={ui} />
    </div>
  )
}
