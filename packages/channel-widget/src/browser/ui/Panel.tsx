/** The open widget: a dialog beside the page; on a small screen it covers the page and keeps the focus. */
import type { TargetedKeyboardEvent, VNode } from "preact"
import { addFiles, Composer } from "./Composer.tsx"
import { Asks } from "./forms.tsx"
import { CloseIcon } from "./icons.tsx"
import { Transcript } from "./Transcript.tsx"
import { type Has, smallScreen } from "./ui.ts"

const focusable = "button:not([disabled]), a[href], textarea, input, [tabindex='0']"

/** Tab goes round inside the panel. */
const keepFocus = (event: KeyboardEvent, panel: HTMLElement): void => {
  const all = [...panel.querySelectorAll<HTMLElement>(focusable)].filter((each) => each.offsetParent !== null)
  const [first] = all
  const last = all.at(-1)
  const root = panel.getRootNode()
  const active = root instanceof ShadowRoot ? root.activeElement : document.activeElement
  const leaves = event.shiftKey ? active === first : active === last
  if (leaves) {
    event.preventDefault()
    const to = event.shiftKey ? last : first
    to?.focus()
  }
}

const Header = ({ ui: { chat, ids, state, t } }: Has): VNode => {
  const { humanName, state: where } = state.sync
  const withHuman = where === "human" || where === "handing_off"
  return (
    <header class="header" part="header">
      <div class="titles">
        <h2 id={`${ids}-title`} class="title" dir="auto">
          {state.config?.title ?? t("conversation")}
        </h2>
        <p class="subtitle" dir="auto">
          {where === "human" ? (humanName ?? t("agent")) : t("assistant")}
        </p>
      </div>
      {withHuman ? (
        <button type="button" class="quiet" part="end-human" onClick={() => void chat.act("dismiss", {})}>
          {t("endHuman")}
        </button>
      ) : (
        <button
          type="button"
          class="quiet"
          part="human"
          // Not `disabled`: the button would lose the focus of whoever pressed it.
          aria-disabled={state.humanAsked}
          onClick={() => {
            if (!state.humanAsked) void chat.act("human", {}, () => chat.store.set({ humanAsked: true }))
          }}
        >
          {t("human")}
        </button>
      )}
      <button
        type="button"
        class="icon"
        part="close"
        aria-label={t("close")}
        onClick={() => chat.setOpen(false)}
      >
        <CloseIcon />
      </button>
    </header>
  )
}

/** What stands between the customer and the server at the moment. */
const Banner = ({ ui: { state, t } }: Has): VNode => {
  const text =
    state.connection === "offline"
      ? t("offline")
      : state.connection === "lost"
        ? t("reconnecting")
        : state.notice === null
          ? ""
          : t(state.notice)
  return (
    <div class="banner" part="banner" role="status" hidden={text === ""}>
      {text}
    </div>
  )
}

export const Panel = ({ ui }: Has): VNode => {
  const { chat, ids, state } = ui
  const onKey = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation()
      chat.setOpen(false)
    } else if (event.key === "Tab" && smallScreen.matches) keepFocus(event, event.currentTarget)
  }
  const over = (yes: boolean) => (event: Event) => {
    event.preventDefault()
    if (state.over !== yes) chat.store.set({ over: yes })
  }
  return (
    <div
      id={`${ids}-panel`}
      class={state.over ? "panel over" : "panel"}
      part="panel"
      role="dialog"
      aria-modal={smallScreen.matches ? true : undefined}
      aria-labelledby={`${ids}-title`}
      onKeyDown={onKey}
      onDragOver={over(true)}
      onDragLeave={over(false)}
      onDrop={(event) => {
        over(false)(event)
        addFiles(ui, event.dataTransfer?.files)
      }}
    >
      <Header ui={ui} />
      <Banner ui={ui} />
      <Transcript ui={ui} />
      <Asks ui={ui} />
      <Composer ui={ui} />
    </div>
  )
}
