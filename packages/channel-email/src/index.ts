/** The email channel of OpenCX. */
export { emailPlugin, type EmailPluginOptions, makeEmailPlugin } from "./plugin.ts"
export { EmailSettings } from "./settings.ts"
