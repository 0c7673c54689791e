/** The web chat channel of OpenCX. */
export { widgetPlugin } from "./plugin.ts"
export { WidgetSettings } from "./settings.ts"
