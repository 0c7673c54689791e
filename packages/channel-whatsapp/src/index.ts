/** The WhatsApp channel of OpenCX. */
export { makeWhatsappPlugin, whatsappPlugin, type WhatsappPluginOptions } from "./plugin.ts"
export { WhatsappSettings } from "./settings.ts"
