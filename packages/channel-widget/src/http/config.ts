/** `GET /config`: what the widget looks like and what it asks, in the visitor's language. */
import { Effect } from "effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { chooseLocale, isRtl, textsOf } from "../locales/index.ts"
import type { WidgetSettings } from "../settings.ts"
import type { WireConfig } from "../wire.ts"
import type { Call } from "./access.ts"
import { textLimit } from "./messages.ts"

const wireConfig = (
  settings: WidgetSettings,
  organization: string,
  wanted: ReadonlyArray<string>,
): WireConfig => {
  const { askEmail, askEmailAfterSeconds, attachments, consent, csat, position, prechat, theme } = settings
  const locale = chooseLocale(wanted, settings.locale)
  return {
    locale,
    rtl: isRtl(locale),
    title: settings.title ?? organization,
    texts: textsOf(locale, settings.texts),
    theme,
    position,
    textLimit,
    attachments: attachments.enabled
      ? { maxFiles: attachments.maxFiles, maxBytes: attachments.maxBytes, types: attachments.types }
      : null,
    prechat,
    consent: consent ?? null,
    contactAfterSeconds: askEmail ? askEmailAfterSeconds : null,
    csat,
  }
}

/** `locale`: BCP 47 tags, most wanted first, separated by commas. */
export const getConfig = ({ query, site }: Call) => {
  const wanted = (query.get("locale") ?? "").slice(0, 200).split(",")
  return Effect.succeed(
    HttpServerResponse.jsonUnsafe(wireConfig(site.settings, site.account.organizationName, wanted), {
      headers: { "cache-control": "private, max-age=60" },
    }),
  )
}
