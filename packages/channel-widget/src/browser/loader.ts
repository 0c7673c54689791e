/** The small script of the snippet: takes calls at once, and loads the bundle when the page has nothing better to do. */

type Command = ReadonlyArray<unknown>

interface Queue {
  (...command: Command): void
  q?: Array<Command>
  base?: string
}

const global: Window & { OpenCX?: Queue } = window
const script = document.currentScript

const load = (base: string, nonce: string): void => {
  const bundle = document.createElement("script")
  bundle.src = base + __BUNDLE__
  bundle.async = true
  bundle.crossOrigin = "anonymous"
  bundle.integrity = __INTEGRITY__
  if (nonce !== "") bundle.nonce = nonce
  document.head.append(bundle)
}

// A page that names the loader twice (a tag manager beside the snippet) gets one widget.
if (script instanceof HTMLScriptElement && global.OpenCX?.base === undefined) {
  const base = script.src.replace(/[^/]*$/, "")
  const queue: Queue = (...command) => {
    queue.q?.push(command)
  }
  const { site, ...options } = script.dataset
  // The widget first: calls that the page has made before are for it.
  queue.q = [...(site === undefined ? [] : [["init", { site, ...options }]]), ...(global.OpenCX?.q ?? [])]
  queue.base = base
  global.OpenCX = queue
  const { nonce } = script
  if (document.readyState === "complete") load(base, nonce)
  else window.addEventListener("load", () => load(base, nonce), { once: true })
}
