/** The bundle: takes over the loader's queue, and is the page's `opencx`. */
import type { Context } from "./Chat.ts"
import type { EventName, Listener } from "./Emitter.ts"
import type { GetToken } from "./session.ts"
import { type InitOptions, Widget } from "./Widget.ts"

type Command = ReadonlyArray<unknown>

const script = document.currentScript
const ownBase =
  script instanceof HTMLScriptElement ? new URL("..", script.src).href : `${location.origin}/widget/`

const widgets = new Map<string, Widget>()
let made = 0

/** The widget of this name, or the first one. */
const get = (name?: string): Widget | undefined =>
  name === undefined ? widgets.values().next().value : widgets.get(name)

const init = (options: InitOptions): Widget => {
  const known = widgets.get(options.name ?? "default")
  if (known !== undefined) return known
  made++
  const widget = new Widget(options, ownBase, `opencx-${made}`)
  widgets.set(widget.name, widget)
  return widget
}

const opencx = {
  init,
  get,
  open: () => get()?.open(),
  close: () => get()?.close(),
  toggle: () => get()?.toggle(),
  identify: (getToken: GetToken) => get()?.identify(getToken) ?? Promise.resolve(false),
  logout: () => get()?.logout(),
  setContext: (context: Context) => get()?.setContext(context),
  on: (name: EventName, listener: Listener) => get()?.on(name, listener),
  off: (name: EventName, listener?: Listener) => get()?.off(name, listener),
  /** Takes a widget away, or all of them. */
  destroy: (name?: string) => {
    for (const [key, widget] of widgets) {
      if (name !== undefined && key !== name) continue
      widget.destroy()
      widgets.delete(key)
    }
  },
}

const methods: Readonly<Record<string, unknown>> = opencx

/** `OpenCX("open")`, `OpenCX("init", { site })`. What cannot be done is said in the console. */
const run = (...[name, ...rest]: Command): unknown => {
  const method = methods[String(name)]
  if (typeof method === "function" && Object.hasOwn(opencx, String(name))) return method(...rest)
  reportError(new Error(`OpenCX knows no "${String(name)}".`))
  return undefined
}

interface Global {
  OpenCX?: { (...command: Command): unknown; q?: Array<Command>; base?: string }
  opencx?: typeof opencx
}

const begin = (): void => {
  const page: Window & Global = window
  // Loaded twice: the first one has the page.
  if (page.opencx !== undefined) return
  const waiting = page.OpenCX?.q ?? []
  page.opencx = opencx
  page.OpenCX = Object.assign(run, { base: page.OpenCX?.base ?? ownBase })
  for (const command of waiting) run(...command)
}

if (document.body === null) addEventListener("DOMContentLoaded", begin, { once: true })
else begin()
