/** The phone channel of OpenCX. */
export { makePhonePlugin, phonePlugin } from "./plugin.ts"
export { PhoneSettings } from "./settings/PhoneSettings.ts"
