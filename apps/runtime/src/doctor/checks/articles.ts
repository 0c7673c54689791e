/** Articles that do not appear in answers. */
import { DateTime } from "effect"
import { type Check, notice, ok, problem, type Verdict } from "../Check.ts"
import type { Chart, SourceChart } from "../Chart.ts"
import { finding } from "./connection.ts"

const missing = "Help Center articles not appearing in AI answers"

/** One verdict over all sources; null without any. */
const overSources =
  (
    say: typeof problem,
    what: { readonly problem: string; readonly fix: string },
    isBad: (one: SourceChart) => string | null,
  ) =>
  ({ sources }: Chart): Verdict | null => {
    if (sources.length === 0) return null
    const evidence = sources.flatMap((one) => {
      const why = isBad(one)
      return why === null ? [] : [`${one.source.id}: ${why}`]
    })
    return evidence.length === 0 ? ok() : say({ ...what, evidence })
  }

const isKnown = ({ run }: SourceChart): boolean => run.lastAt !== null

const time = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

const filterOf = ({ source }: SourceChart): string | null => {
  if (source.type === "zendesk_help_center") {
    const parts = [
      ...(source.locales === undefined ? [] : [`locales ${source.locales.join(", ")}`]),
      ...(source.categories === undefined ? [] : [`categories ${source.categories.join(", ")}`]),
    ]
    return parts.length === 0 ? null : `only ${parts.join(" and ")}`
  }
  return source.type === "sitemap" && source.paths !== undefined ? `only ${source.paths.join(", ")}` : null
}

const anySource = ({ sources }: Chart): Verdict =>
  sources.length > 0
    ? ok()
    : notice({
        problem: "There is no source: the AI has no articles to answer from, and hands everything over.",
        fix: 'Add `sources` to the organization, for instance { "id": "help-center", "type": "zendesk_help_center" }.',
      })

/** One source may be meant for agents alone; that nothing at all is public is a fault. */
const nonePublic = ({ sources }: Chart): Verdict | null => {
  const kept = sources.reduce((sum, one) => sum + one.kept, 0)
  if (kept === 0) return null
  return sources.some(({ counts }) => counts.public > 0)
    ? ok()
    : problem({
        problem: `${missing}: none of the articles is open to everybody, so that the AI can tell customers nothing.`,
        fix: "Open articles to everybody in Zendesk Guide (visible to: Everyone), and look whether the Help Center as a whole asks visitors to sign in. They are read again with the next sync (opencx sync).",
        evidence: sources.map(({ kept: all, source }) => `${source.id}: 0 of ${all} are public`),
      })
}

export const articleChecks: ReadonlyArray<Check> = [
  { id: "articles.source", look: anySource },
  finding("articles.help_center", "ticketing", "help_center"),
  {
    id: "articles.sync_ran",
    look: overSources(
      problem,
      {
        problem: `${missing}: the source was never synced.`,
        fix: "Keep opencx serve running, or run opencx sync. A source with everyMinutes 0 is synced by command only.",
      },
      (one) => (isKnown(one) || one.isRunning || one.run.failures > 0 ? null : "no run has come to its end"),
    ),
  },
  {
    id: "articles.sync_running",
    look: overSources(
      notice,
      {
        problem: `${missing}: a sync is still running.`,
        fix: "Wait until it is through: minutes to hours for the first one, by the number of articles.",
      },
      (one) => (one.isRunning ? "a run is under way" : null),
    ),
  },
  {
    id: "articles.sync_failed",
    look: overSources(
      problem,
      {
        problem: `${missing}: the last sync failed.`,
        fix: "Run opencx sync: it says why. The checks ticketing.* name trouble with the credentials.",
      },
      ({ run }) =>
        run.failures === 0
          ? null
          : `${run.failures} failed run${run.failures === 1 ? "" : "s"}, last good one ${run.lastAt === null ? "never" : time(run.lastAt)}`,
    ),
  },
  {
    id: "articles.empty",
    look: overSources(
      problem,
      {
        problem: `${missing}: the source lists no article.`,
        fix: "Check that articles are there and published, and that no filter of locales or categories leaves all out.",
      },
      (one) =>
        isKnown(one) && one.counts.listed === 0 && one.kept === 0
          ? `nothing is listed${filterOf(one) === null ? "" : `, and the source reads ${filterOf(one) ?? ""}`}`
          : null,
    ),
  },
  {
    id: "articles.drafts",
    look: overSources(
      notice,
      { problem: `${missing}: some are drafts.`, fix: "Publish in Zendesk what customers shall be told." },
      ({ counts, kept }) =>
        counts.listed > kept
          ? `${counts.listed - kept} of ${counts.listed} are drafts or could not be read`
          : null,
    ),
  },
  {
    id: "articles.restricted",
    look: overSources(
      notice,
      {
        problem: `${missing}: some are restricted to a user segment, and are used in drafts for agents only.`,
        fix: "Open them to everybody in Zendesk (published, no segment) if customers shall be told.",
      },
      ({ counts, kept }) =>
        counts.listed > 0 && kept > counts.public
          ? `${kept - counts.public} of ${kept} are restricted`
          : null,
    ),
  },
  { id: "articles.none_public", look: nonePublic },
  {
    id: "articles.filter",
    look: overSources(
      notice,
      {
        problem: `${missing}: the source reads a part of the articles only.`,
        fix: "Take `locales`, `categories` or `paths` out of the source, or name more, unless it is meant so.",
      },
      filterOf,
    ),
  },
]
