/** A channel plugin of OpenCX. Importing it does nothing; the runtime finds the plugin among the exports. */
export { plugin } from "./plugin.ts"
export { Settings } from "./settings.ts"
