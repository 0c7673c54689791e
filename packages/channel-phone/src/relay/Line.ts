/** The writing half of a relay connection. What it is asked to say after the end is refused, never lost in silence. */
import { Deferred, Effect } from "effect"
import { CloseEvent, type Writer } from "effect/socket/Socket"
import { MAX_UNREAD } from "./limits.ts"
import { endFrame, textFrame } from "./wire.ts"

export class Line {
  /** Done when nothing can be said any more. */
  readonly gone = Deferred.makeUnsafe<void>()
  private readonly writer: Writer
  private unread = 0

  constructor(writer: Writer) {
    this.writer = writer
  }

  get open(): boolean {
    return !Deferred.isDoneUnsafe(this.gone)
  }

  /** The other side was heard, so it reads too. */
  alive(): void {
    this.unread = 0
  }

  private write(frame: string | CloseEvent): Effect.Effect<boolean> {
    return this.writer.write(frame).pipe(
      Effect.as(true),
      Effect.catch(() => Effect.succeed(false)),
      // A write to a lost connection would wait for a new one.
      Effect.raceFirst(Effect.as(Deferred.await(this.gone), false)),
    )
  }

  /** One turn, sentence by sentence. False when the call is gone. */
  say(sentences: ReadonlyArray<string>): Effect.Effect<boolean> {
    return Effect.suspend(() => {
      if (!this.open || sentences.length === 0) return Effect.succeed(this.open)
      this.unread += sentences.reduce((sum, s) => sum + s.length, 0)
      if (this.unread > MAX_UNREAD) return Effect.as(this.close(1008, "nothing is read"), false)
      return Effect.forEach(sentences, (sentence, i) =>
        this.write(textFrame(sentence, i === sentences.length - 1)),
      ).pipe(Effect.map((written) => written.every(Boolean)))
    })
  }

  end(reason: string, token: string): Effect.Effect<boolean> {
    return this.write(endFrame(reason, token))
  }

  /** Closes the connection from our side. */
  close(code: number, reason: string): Effect.Effect<void> {
    return this.write(new CloseEvent(code, reason)).pipe(
      Effect.andThen(Deferred.succeed(this.gone, undefined)),
    )
  }

  /** Notes that the connection is gone. */
  lost(): Effect.Effect<void> {
    return Effect.asVoid(Deferred.succeed(this.gone, undefined))
  }
}
