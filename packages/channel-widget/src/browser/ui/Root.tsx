/** The whole widget: the button, and the panel that it opens. */
import type { VNode } from "preact"
import { unreadOf } from "../store.ts"
import { ChatIcon, CloseIcon } from "./icons.tsx"
import { Panel } from "./Panel.tsx"
import type { Has } from "./ui.ts"

const Launcher = ({ ui: { chat, ids, state, t } }: Has): VNode => {
  const count = unreadOf(state).length
  return (
    <button
      type="button"
      class="launcher"
      part="launcher"
      aria-expanded={state.open}
      aria-controls={state.open ? `${ids}-panel` : undefined}
      aria-label={state.open ? t("close") : count > 0 ? t("launcherUnread", { count }) : t("launcher")}
      onClick={() => chat.setOpen(!state.open)}
    >
      {state.open ? <CloseIcon /> : <ChatIcon />}
      {count > 0 && !state.open ? (
        <span class="badge" part="badge" aria-hidden="true">
          {count > 9 ? "9+" : count}
        </span>
      ) : null}
    </button>
  )
}

export const Root = ({ ui }: Has): VNode | null => {
  const { config, open } = ui.state
  if (config === null) return null
  return (
    <div
      class={`root ${config.position}${open ? " open" : ""}`}
      dir={config.rtl ? "rtl" : "ltr"}
      lang={config.locale}
    >
      {open ? <Panel ui={ui} /> : null}
      <Launcher ui={ui} />
    </div>
  )
}
