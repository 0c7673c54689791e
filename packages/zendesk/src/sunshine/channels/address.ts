/** Where replies on a channel of Zendesk's go: kept as text by the engine, read back here. */
import { ChatId } from "@opencx/core"
import { Option, Schema } from "effect"

const SunshineAddress = Schema.Struct({ conversationId: ChatId, userId: Schema.NonEmptyString })
export type SunshineAddress = typeof SunshineAddress.Type

const Text = Schema.fromJsonString(SunshineAddress)
const encode = Schema.encodeSync(Text)
const decode = Schema.decodeUnknownOption(Text)

/** The `address` of a thread. */
export const encodeSunshineAddress = (address: SunshineAddress): string => encode(address)

/** Null when the text was not made by `encodeSunshineAddress`. */
export const decodeSunshineAddress = (text: string): SunshineAddress | null => Option.getOrNull(decode(text))
