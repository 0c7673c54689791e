/** How an organization hands over, as its configuration states it: office hours may come from a schedule of Zendesk's. */
import { HandoffSettings, OfficeHours } from "@opencx/core"
import { Effect, Schema } from "effect"

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefault(Effect.succeed(value)))

const ScheduleName = Schema.String.check(
  Schema.isPattern(/^[^\p{Cc}]{1,200}$/u, { expected: "the name of a schedule" }),
  Schema.isPattern(/\S/, { expected: "the name of a schedule" }),
)

/** A schedule of the organization's own Zendesk account. */
export const ZendeskScheduleConfig = Schema.Struct({
  /** Its id, or its name as Zendesk shows it. */
  zendeskSchedule: Schema.Union([ScheduleName, Schema.Int]),
  /** Minutes from one look at it to the next, while the runtime is up. */
  everyMinutes: withDefault(Schema.Number.check(Schema.isBetween({ minimum: 1, maximum: 1_440 })), 15),
})
export type ZendeskScheduleConfig = typeof ZendeskScheduleConfig.Type

export const HandoffConfig = Schema.Struct({
  ...HandoffSettings.fields,
  /** When people are there: a schedule of Zendesk's, or written here; null: always. */
  officeHours: withDefault(Schema.NullOr(Schema.Union([ZendeskScheduleConfig, OfficeHours])), null),
})
export type HandoffConfig = typeof HandoffConfig.Type

/** Office hours that are written in the configuration. */
export const writtenHours = ({ officeHours }: HandoffConfig): OfficeHours | null =>
  officeHours === null || "zendeskSchedule" in officeHours ? null : officeHours

/** The schedule that the office hours come from; null where they are written in the configuration, or there are none. */
export const scheduleIn = ({ officeHours }: HandoffConfig): ZendeskScheduleConfig | null =>
  officeHours !== null && "zendeskSchedule" in officeHours ? officeHours : null
