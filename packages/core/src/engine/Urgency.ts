/**
 * Whether somebody outside waits for this with a timeout: a provider for its ack. Stores and the scheduler let what is
 * urgent go first, else an ack would stand in line behind everything that is already safe in the journal.
 */
import { Context, Effect, Scheduler } from "effect"

/** False unless the fiber says otherwise. */
export const Urgency = Context.Reference<boolean>("@opencx/core/engine/Urgency", {
  defaultValue: () => false,
})

/** Schedules what goes before the other fibers of this process; null: all stand in one line. */
export const UrgentScheduler = Context.Reference<Scheduler.Scheduler | null>(
  "@opencx/core/engine/UrgentScheduler",
  { defaultValue: () => null },
)

/** Goes on before other fibers each time it has waited. For what is short and what others wait for, as for a database. */
export const ahead = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Effect.service(UrgentScheduler), (scheduler) =>
    scheduler === null ? self : Effect.provideService(self, Scheduler.Scheduler, scheduler),
  )

/** Somebody outside waits for this. */
export const urgently = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  ahead(Effect.provideService(self, Urgency, true))
