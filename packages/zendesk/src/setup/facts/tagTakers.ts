/** Triggers of the account that take our tag off tickets: without it our own trigger does not fire. */
import type { TriggerWire } from "../support/Wire.ts"
import { excludes, wordsOf } from "../support/compare.ts"

/** `isBefore`: it stands before our trigger, so that ours does not see the tag any more in the same update. */
export interface TagTaker {
  readonly title: string
  readonly how: "sets" | "removes"
  readonly isBefore: boolean
}

/**
 * `set_tags` replaces all tags, `remove_tags` takes some; `current_tags` adds (Zendesk's reference of trigger actions). Null
 * for a trigger that leaves the tag where it is.
 */
const howOf = ({ actions }: TriggerWire, tag: string): TagTaker["how"] | null => {
  for (const { field, value } of actions ?? []) {
    if (field === "set_tags" && !wordsOf(value).includes(tag)) return "sets"
    if (field === "remove_tags" && wordsOf(value).includes(tag)) return "removes"
  }
  return null
}

/** Whether its conditions ask for tickets that do not have the tag, which are none of ours. */
const leavesOursAlone = (trigger: TriggerWire, ownTags: string, tag: string): boolean =>
  excludes(trigger, ownTags, tag)

/** `ours`: our trigger, undefined where there is none. `ownTags`: tags that only our tickets have, with blanks between. */
export const tagTakers = (
  triggers: ReadonlyArray<TriggerWire>,
  ours: TriggerWire | undefined,
  ownTags: string,
  tag: string,
): ReadonlyArray<TagTaker> =>
  triggers.flatMap((one): ReadonlyArray<TagTaker> => {
    const how = howOf(one, tag)
    if (one === ours || one.active === false || how === null || leavesOursAlone(one, ownTags, tag)) return []
    // Zendesk lists triggers by position; the number itself is missing in some answers.
    const isBefore =
      ours !== undefined &&
      (one.position != null && ours.position != null
        ? one.position < ours.position
        : triggers.indexOf(one) < triggers.indexOf(ours))
    return [{ title: one.title, how, isBefore }]
  })
