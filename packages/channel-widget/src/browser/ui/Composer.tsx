/** Where the customer writes and attaches. */
import type { TargetedSubmitEvent, VNode } from "preact"
import { mustAsk, Prechat } from "./forms.tsx"
import { ClipIcon, CloseIcon, SendIcon } from "./icons.tsx"
import { type Has, sizeOf, type Ui } from "./ui.ts"

const fits = (type: string, allowed: ReadonlyArray<string>): boolean =>
  // Browsers know no type for many files; the server looks inside.
  type === "" ||
  allowed.some((each) => each === type || (each.endsWith("/*") && type.startsWith(each.slice(0, -1))))

/** What is wrong with files that somebody wants to attach; null when nothing. */
const faultOf = (files: ReadonlyArray<File>, { state: { config }, t }: Ui): string | null => {
  const limits = config?.attachments ?? null
  if (limits === null) return files.length === 0 ? null : t("unavailable")
  if (files.length > limits.maxFiles) return t("tooMany", { count: limits.maxFiles })
  for (const { name, size, type } of files) {
    if (size > limits.maxBytes) return t("tooLarge", { name, limit: sizeOf(limits.maxBytes, config?.locale) })
    if (!fits(type, limits.types)) return t("wrongType", { name })
  }
  return null
}

/** Files that were chosen, pasted or dropped go with the next message. */
export const addFiles = (ui: Ui, more: FileList | null | undefined): void => {
  if (more == null || more.length === 0) return
  const files = [...ui.state.files, ...more]
  const fault = faultOf(files, ui)
  ui.chat.store.set(fault === null ? { files, fault } : { fault })
}

const Attach = ({ ui }: Has): VNode => (
  <>
    <input
      hidden
      type="file"
      multiple
      accept={ui.state.config?.attachments?.types.join(",")}
      onChange={({ currentTarget }) => {
        addFiles(ui, currentTarget.files)
        currentTarget.value = ""
      }}
    />
    <button
      type="button"
      class="icon"
      part="attach"
      aria-label={ui.t("attach")}
      onClick={({ currentTarget }) => {
        const input = currentTarget.previousElementSibling
        if (input instanceof HTMLInputElement) input.click()
      }}
    >
      <ClipIcon />
    </button>
  </>
)

const Chips = ({ ui: { chat, state, t } }: Has): VNode => (
  <ul class="chips">
    {state.files.map((file) => (
      <li key={file.name}>
        <span dir="auto">{file.name}</span>
        <button
          type="button"
          class="icon"
          aria-label={t("remove", { name: file.name })}
          onClick={() => chat.store.set({ files: state.files.filter((each) => each !== file) })}
        >
          <CloseIcon />
        </button>
      </li>
    ))}
  </ul>
)

/** While a word is being composed, Enter chooses it (229: what old browsers say instead of `isComposing`). */
const sends = (event: KeyboardEvent): boolean =>
  event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229

const Writing = ({ ui }: Has): VNode => {
  const { chat, ids, state, t } = ui
  const { config, fault, files } = state
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const area = event.currentTarget.querySelector("textarea")
    const text = area?.value.trim() ?? ""
    if (area === null || (text === "" && files.length === 0)) return
    chat.store.set({ files: [], fault: null })
    chat.send(text, files)
    area.value = ""
    area.focus()
  }
  return (
    <form class="composer" part="composer" onSubmit={onSubmit}>
      {files.length === 0 ? null : <Chips ui={ui} />}
      {fault === null ? null : (
        <p class="fault" role="alert" dir="auto">
          {fault}
        </p>
      )}
      <div class="row">
        {config?.attachments == null ? null : <Attach ui={ui} />}
        <label class="sr" for={`${ids}-input`}>
          {t("input")}
        </label>
        <textarea
          id={`${ids}-input`}
          part="input"
          rows={1}
          dir="auto"
          placeholder={t("placeholder")}
          enterkeyhint="send"
          maxLength={config?.textLimit}
          onKeyDown={(event) => {
            if (!sends(event)) return
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData?.files
            if (pasted === undefined || pasted.length === 0) return
            event.preventDefault()
            addFiles(ui, pasted)
          }}
        />
        <button type="submit" class="icon send" part="send" aria-label={t("send")}>
          <SendIcon />
        </button>
      </div>
    </form>
  )
}

export const Composer = ({ ui }: Has): VNode => (mustAsk(ui) ? <Prechat ui={ui} /> : <Writing ui={ui} />)
