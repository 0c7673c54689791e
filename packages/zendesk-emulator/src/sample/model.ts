/** Shapes of the sample Help Center: plain data, independent of the wire format and of the emulator's own rows. */

/** One language version of an article besides its source language. */
export interface SampleTranslation {
  /** Zendesk's spelling, lower case: `de`, `es`, `en-us`. */
  readonly locale: string
  readonly title: string
  readonly bodyHtml: string
  /** A draft translation is not published, even when the article is. */
  readonly draft: boolean
}

/** One article in its source language, with its translations. */
export interface SampleArticle {
  readonly id: number
  readonly sectionId: number
  readonly title: string
  /** HTML as an editor would leave it: headings, lists, tables, links. */
  readonly bodyHtml: string
  readonly locale: string
  readonly translations: ReadonlyArray<SampleTranslation>
  readonly draft: boolean
  /** Null: everybody may read it. Otherwise the id of a `SampleSegment`; such an article is internal. */
  readonly userSegmentId: number | null
  readonly labels: ReadonlyArray<string>
  /** ISO 8601 in UTC, whole seconds, as Zendesk writes times. */
  readonly updatedAt: string
}

export interface SampleCategory {
  readonly id: number
  readonly name: string
  readonly locale: string
}

export interface SampleSection {
  readonly id: number
  readonly categoryId: number
  readonly name: string
  readonly locale: string
}

/** A user segment. `staff` restricts to agents and admins, as Zendesk's built-in segment types do. */
export interface SampleSegment {
  readonly id: number
  readonly name: string
  readonly userType: "signed_in_users" | "staff"
}

/** A whole Help Center. Every id that is referred to exists. */
export interface SampleHelpCenter {
  readonly categories: ReadonlyArray<SampleCategory>
  readonly sections: ReadonlyArray<SampleSection>
  readonly segments: ReadonlyArray<SampleSegment>
  readonly articles: ReadonlyArray<SampleArticle>
}
