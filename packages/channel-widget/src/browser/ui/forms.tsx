/** What the widget asks: a name before the first message, an address when nobody comes, a rating at the end. */
import type { VNode } from "preact"
import type { FieldRule } from "../../wire.ts"
import { inline } from "../markdown.ts"
import type { Has, Ui } from "./ui.ts"

interface FieldProps extends Has {
  readonly name: "name" | "email"
  readonly rule: FieldRule
}

const Field = ({ name, rule, ui: { ids, t } }: FieldProps): VNode | null => {
  if (rule === "off") return null
  const id = `${ids}-${name}`
  return (
    <div class="field">
      <label for={id}>
        {t(name)}
        {rule === "optional" ? ` (${t("optional")})` : ""}
      </label>
      <input
        id={id}
        name={name}
        pattern={name === "email" ? ".+@.+[.].+" : undefined}
        autocomplete={name}
        required={rule === "required"}
        maxLength={200}
        dir="auto"
      />
    </div>
  )
}

const valueOf = (form: HTMLFormElement, name: string): string => {
  const value = new FormData(form).get(name)
  return typeof value === "string" ? value.trim() : ""
}

/** Whether something must be asked before the first message. */
export const mustAsk = ({ state }: Ui): boolean => {
  const { admitted, config, consent, lines, name } = state
  if (config === null || admitted) return false
  const asks = config.prechat.name !== "off" || config.prechat.email !== "off"
  return (config.consent !== null && !consent) || (asks && lines.length === 0 && name === "")
}

export const Prechat = ({ ui }: Has): VNode | null => {
  const { chat, ids, state, t } = ui
  const { config } = state
  if (config === null) return null
  const admit = async (email: string, name: string): Promise<void> => {
    chat.store.set({ admitted: true })
    await chat.begin()
    chat.remember({ name, consent: config.consent !== null })
    if (email !== "") await chat.act("contact", { email, name: name === "" ? null : name })
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement)) return
    const email = valueOf(event.target, "email")
    const name = valueOf(event.target, "name")
    void admit(email, name)
  }
  return (
    <form class="ask" part="prechat" onSubmit={submit}>
      <Field ui={ui} name="name" rule={config.prechat.name} />
      <Field ui={ui} name="email" rule={config.prechat.email} />
      {config.consent === null ? null : (
        <div class="field">
          <input id={`${ids}-consent`} type="checkbox" required />
          <label for={`${ids}-consent`}>
            {t("consent")}: <span dir="auto">{inline(config.consent)}</span>
          </label>
        </div>
      )}
      <button type="submit" class="solid">
        {t("start")}
      </button>
    </form>
  )
}

const Contact = ({ ui }: Has): VNode => {
  const { chat, state, t } = ui
  if (state.contact !== null) {
    return (
      <p class="ask" role="status" dir="auto">
        {t("contactSaved", { email: state.contact })}
      </p>
    )
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement)) return
    const email = valueOf(event.target, "email")
    void chat.act("contact", { email }, () => chat.remember({ contact: email }))
  }
  return (
    <form class="ask" part="contact" onSubmit={submit}>
      <p>{t("contactTitle")}</p>
      <Field ui={ui} name="email" rule="required" />
      <button type="submit" class="solid">
        {t("save")}
      </button>
    </form>
  )
}

const scores = [1, 2, 3, 4, 5] as const

const Rating = ({ ui }: Has): VNode => {
  const { chat, ids, state, t } = ui
  if (state.rated) {
    return (
      <p class="ask" role="status">
        {t("thanks")}
      </p>
    )
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement)) return
    const score = Number(valueOf(event.target, "score"))
    const comment = valueOf(event.target, "comment")
    const body = { kind: "conversation", score, comment: comment === "" ? null : comment }
    void chat.act("rate", body, () => chat.remember({ rated: true }))
  }
  return (
    <form class="ask" part="rating" onSubmit={submit}>
      <fieldset>
        <legend>{t("rateTitle")}</legend>
        {scores.map((score) => (
          <label key={score} class="score">
            <input
              type="radio"
              name="score"
              value={score}
              required
              aria-label={t("rateStar", { count: score })}
            />
            <span aria-hidden="true">{score}</span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for={`${ids}-comment`}>{t("rateComment")}</label>
        <input id={`${ids}-comment`} name="comment" maxLength={2000} dir="auto" />
      </div>
      <button type="submit" class="solid">
        {t("rateSend")}
      </button>
    </form>
  )
}

/** What is asked below the transcript, one thing at a time. */
export const Asks = ({ ui }: Has): VNode | null => {
  const { state } = ui
  if (state.sync.state === "closed" && state.config?.csat === true) return <Rating ui={ui} />
  return state.waited ? <Contact ui={ui} /> : null
}
