/** The SMS channel of OpenCX. */
export { makeSmsPlugin, smsPlugin, type SmsPluginOptions } from "./plugin.ts"
export { SmsSettings } from "./settings.ts"
export { countSegments, type Segments } from "./text/segments.ts"
