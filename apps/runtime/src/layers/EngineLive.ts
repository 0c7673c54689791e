/** The engine on SQL: journal and lanes in the same database as everything else, one runner per process. */
import { AssistReconciler, ChatReconciler, Conversations, Engine, Ingest, Reconciler } from "@opencx/core"
import { Layer } from "effect"
import { SingleRunner } from "effect/cluster"
import { Digest } from "effect/crypto"

/**
 * Poll intervals decide how fast timers fire and how fast work goes on after a crash; runner storage is in memory, so a
 * new process takes over at once and waits for no lock of its dead predecessor.
 */
const cluster = SingleRunner.layer({
  runnerStorage: "memory",
  shardingConfig: {
    entityMessagePollInterval: "1 second",
    entityReplyPollInterval: "1 second",
    entityTerminationTimeout: "8 seconds",
    refreshAssignmentsInterval: "1 second",
    simulateRemoteSerialization: false,
  },
}).pipe(Layer.provide(Digest.layerWebCrypto))

export const EngineLive = Layer.mergeAll(
  Reconciler.layer,
  ChatReconciler.layer,
  AssistReconciler.layer,
  Conversations.layer,
).pipe(Layer.provideMerge(Ingest.layer), Layer.provideMerge(Engine.layer(cluster)))
