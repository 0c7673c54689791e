import { iso } from "../world/ids.ts"
import type {
  Article,
  ArticleAttachment,
  Category,
  Section,
  Translation,
  UserSegment,
} from "../world/model.ts"
import type { World } from "../world/World.ts"

const slug = (title: string): string =>
  title
    .trim()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "")

const articleUrl = (world: World, article: Article, translation: Translation): string =>
  `${world.baseUrl}/hc/${translation.locale}/articles/${article.id}-${slug(translation.title)}`

/** `draft`, `title` and `body` are those of the displayed locale's translation. */
export const viewArticle = (world: World, article: Article, translation: Translation): object => ({
  id: article.id,
  url: `${world.baseUrl}/api/v2/help_center/${translation.locale}/articles/${article.id}.json`,
  html_url: articleUrl(world, article, translation),
  author_id: article.authorId,
  comments_disabled: false,
  draft: translation.draft,
  promoted: article.promoted,
  position: article.position,
  vote_sum: 0,
  vote_count: 0,
  section_id: article.sectionId,
  created_at: iso(article.createdAt),
  updated_at: iso(article.updatedAt),
  edited_at: iso(article.editedAt),
  name: translation.title,
  title: translation.title,
  source_locale: article.sourceLocale,
  locale: translation.locale,
  outdated: translation.outdated,
  outdated_locales: [...article.translations.values()]
    .filter((item) => item.outdated)
    .map((item) => item.locale),
  user_segment_id: article.userSegmentIds[0] ?? null,
  user_segment_ids: article.userSegmentIds,
  permission_group_id: article.permissionGroupId,
  content_tag_ids: article.contentTagIds,
  label_names: article.labelNames,
  body: translation.body,
})

export const viewTranslation = (world: World, article: Article, translation: Translation): object => ({
  id: translation.id,
  url: `${world.baseUrl}/api/v2/help_center/articles/${article.id}/translations/${translation.locale}.json`,
  html_url: articleUrl(world, article, translation),
  source_id: article.id,
  source_type: "Article",
  locale: translation.locale,
  title: translation.title,
  body: translation.body,
  outdated: translation.outdated,
  draft: translation.draft,
  hidden: false,
  created_at: iso(translation.createdAt),
  updated_at: iso(translation.updatedAt),
  created_by_id: article.authorId,
  updated_by_id: article.authorId,
})

export const viewSection = (world: World, section: Section): object => ({
  id: section.id,
  url: `${world.baseUrl}/api/v2/help_center/${section.locale}/sections/${section.id}.json`,
  html_url: `${world.baseUrl}/hc/${section.locale}/sections/${section.id}-${slug(section.name)}`,
  category_id: section.categoryId,
  parent_section_id: section.parentSectionId,
  position: section.position,
  name: section.name,
  description: section.description,
  locale: section.locale,
  source_locale: section.locale,
  outdated: false,
  theme_template: "section_page",
  created_at: iso(section.createdAt),
  updated_at: iso(section.createdAt),
})

export const viewCategory = (world: World, category: Category): object => ({
  id: category.id,
  url: `${world.baseUrl}/api/v2/help_center/${category.locale}/categories/${category.id}.json`,
  html_url: `${world.baseUrl}/hc/${category.locale}/categories/${category.id}-${slug(category.name)}`,
  position: category.position,
  name: category.name,
  description: category.description,
  locale: category.locale,
  source_locale: category.locale,
  outdated: false,
  created_at: iso(category.createdAt),
  updated_at: iso(category.createdAt),
})

export const viewSegment = (segment: UserSegment): object => ({
  id: segment.id,
  name: segment.name,
  user_type: segment.userType,
  built_in: segment.builtIn,
  tags: segment.tags,
  or_tags: [],
  group_ids: [],
  organization_ids: [],
  added_user_ids: [],
  created_at: iso(segment.createdAt),
  updated_at: iso(segment.createdAt),
})

export const viewArticleAttachment = (
  world: World,
  article: Article,
  attachment: ArticleAttachment,
): object => ({
  id: attachment.id,
  url: `${world.baseUrl}/api/v2/help_center/articles/attachments/${attachment.id}.json`,
  article_id: article.id,
  display_file_name: attachment.fileName,
  file_name: attachment.fileName,
  locale: attachment.locale,
  content_url: `${world.baseUrl}/hc/article_attachments/${attachment.token}`,
  relative_path: `/hc/article_attachments/${attachment.token}`,
  content_type: attachment.contentType,
  size: attachment.bytes.length,
  inline: attachment.inline,
  created_at: iso(attachment.createdAt),
  updated_at: iso(attachment.createdAt),
})
