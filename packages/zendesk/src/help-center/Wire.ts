/** Zendesk's Help Center API, as it is on the wire: only the fields that we read. */
import { Schema } from "effect"
import { WireId } from "../support/Wire.ts"

const maybe = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/**
 * `draft`, `user_segment_id` and `user_segment_ids` stay as they come: who may read an article is decided on their
 * exact values, and a value of another kind must not become a harmless one by decoding.
 */
export const ArticleWire = Schema.Struct({
  id: WireId,
  title: maybe(Schema.String),
  body: maybe(Schema.String),
  locale: Schema.NonEmptyString,
  draft: Schema.optionalKey(Schema.Unknown),
  user_segment_id: Schema.optionalKey(Schema.Unknown),
  user_segment_ids: Schema.optionalKey(Schema.Unknown),
  section_id: maybe(WireId),
  label_names: maybe(Schema.Array(Schema.String)),
  content_tag_ids: Schema.optionalKey(Schema.Unknown),
  html_url: maybe(Schema.String),
  updated_at: maybe(Schema.String),
  edited_at: maybe(Schema.String),
})
export type ArticleWire = typeof ArticleWire.Type

/** What must be known of an article that cannot be read. */
export const ArticleStub = Schema.Struct({
  id: WireId,
  locale: Schema.optionalKey(Schema.Unknown),
  draft: Schema.optionalKey(Schema.Unknown),
  user_segment_id: Schema.optionalKey(Schema.Unknown),
  user_segment_ids: Schema.optionalKey(Schema.Unknown),
})

export const ArticleEnvelope = Schema.Struct({ article: Schema.Unknown })

const Meta = maybe(Schema.Struct({ has_more: maybe(Schema.Boolean), after_cursor: maybe(Schema.String) }))

/** Articles one by one, so that one that cannot be read does not lose its siblings. */
export const ArticlePage = Schema.Struct({ articles: Schema.Array(Schema.Unknown), meta: Meta })

/** A listing by offset tells how long it is. */
export const CountedPage = Schema.Struct({
  articles: Schema.Array(Schema.Unknown),
  count: maybe(Schema.Number),
})

/** `end_time` in Unix seconds; 1 on an empty page, where it means nothing. */
export const ChangesPage = Schema.Struct({
  articles: Schema.Array(Schema.Unknown),
  next_page: maybe(Schema.String),
  end_time: maybe(Schema.Number),
})

export const TranslationWire = Schema.Struct({
  locale: Schema.NonEmptyString,
  title: maybe(Schema.String),
  body: maybe(Schema.String),
  draft: Schema.optionalKey(Schema.Unknown),
  hidden: Schema.optionalKey(Schema.Unknown),
  html_url: maybe(Schema.String),
})
export type TranslationWire = typeof TranslationWire.Type
export const TranslationPage = Schema.Struct({ translations: Schema.Array(Schema.Unknown), meta: Meta })

export const SectionWire = Schema.Struct({
  id: WireId,
  name: maybe(Schema.String),
  category_id: maybe(WireId),
  parent_section_id: maybe(WireId),
})
export type SectionWire = typeof SectionWire.Type
export const SectionPage = Schema.Struct({ sections: Schema.Array(SectionWire), meta: Meta })

export const CategoryWire = Schema.Struct({ id: WireId, name: maybe(Schema.String) })
export type CategoryWire = typeof CategoryWire.Type
export const CategoryPage = Schema.Struct({ categories: Schema.Array(CategoryWire), meta: Meta })

export const LocaleList = Schema.Struct({ locales: Schema.Array(Schema.NonEmptyString) })
