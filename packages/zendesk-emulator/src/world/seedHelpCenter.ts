import { urlToken } from "./ids.ts"
import type { Article, Translation } from "./model.ts"
import type { SeedArticle, SeedHelpCenter, SeedTranslation } from "./options.ts"
import type { World } from "./World.ts"

const day = 86_400_000

const byName = <A extends { readonly name: string }>(items: Iterable<A>, name: string): A | undefined => {
  for (const item of items) if (item.name === name) return item
  return undefined
}

export const categoryNamed = (world: World, name: string, at: number): number => {
  const hc = world.helpCenter
  const known = byName(hc.categories.values(), name)
  if (known !== undefined) return known.id
  const id = world.nextId()
  hc.categories.set(id, {
    id,
    name,
    description: "",
    locale: hc.defaultLocale,
    position: hc.categories.size,
    createdAt: at,
  })
  return id
}

export const sectionNamed = (world: World, name: string, category: string, at: number): number => {
  const hc = world.helpCenter
  const categoryId = categoryNamed(world, category, at)
  for (const section of hc.sections.values()) {
    if (section.name === name && section.categoryId === categoryId) return section.id
  }
  const id = world.nextId()
  hc.sections.set(id, {
    id,
    categoryId,
    parentSectionId: null,
    name,
    description: "",
    locale: hc.defaultLocale,
    position: hc.sections.size,
    createdAt: at,
  })
  return id
}

/** Everyone is the absence of a segment; a named one is for staff unless it says otherwise. */
export const segmentNamed = (world: World, name: string, at: number): number => {
  const segments = world.helpCenter.segments
  const known = byName(segments.values(), name)
  if (known !== undefined) return known.id
  const id = world.nextId()
  const signedIn = /signed.?in/i.test(name)
  segments.set(id, {
    id,
    name,
    userType: signedIn ? "signed_in_users" : "staff",
    builtIn: false,
    tags: [],
    createdAt: at,
  })
  return id
}

const translationOf = (world: World, input: SeedTranslation, at: number): Translation => ({
  id: world.nextId(),
  locale: input.locale.toLowerCase(),
  title: input.title,
  body: input.body,
  draft: input.draft ?? false,
  outdated: false,
  createdAt: at,
  updatedAt: at,
})

/** Adds an article as a seed or by the control plane. */
export const seedArticle = (world: World, input: SeedArticle): Article => {
  const hc = world.helpCenter
  const at = input.updatedAt ?? world.now() - day
  const locale = (input.locale ?? hc.defaultLocale).toLowerCase()
  const translations = [
    {
      locale,
      title: input.title,
      body: input.body,
      ...(input.draft === undefined ? {} : { draft: input.draft }),
    },
    ...(input.translations ?? []),
  ].map((translation) => translationOf(world, translation, at))
  for (const translation of translations) {
    if (!hc.locales.includes(translation.locale)) hc.locales.push(translation.locale)
  }
  const article: Article = {
    id: input.id ?? world.nextId(),
    sectionId:
      input.sectionId ?? sectionNamed(world, input.section ?? "General", input.category ?? "Help", at),
    authorId: world.integrationUser()?.id ?? 0,
    sourceLocale: locale,
    translations: new Map(translations.map((translation) => [translation.locale, translation])),
    userSegmentIds: input.segment === undefined ? [] : [segmentNamed(world, input.segment, at)],
    permissionGroupId: 1,
    labelNames: input.labels ?? [],
    contentTagIds: input.contentTagIds ?? [],
    promoted: false,
    position: 0,
    attachments: [],
    archived: false,
    createdAt: at,
    updatedAt: at,
    editedAt: at,
  }
  for (const file of input.attachments ?? []) {
    const attachment = {
      id: world.nextId(),
      fileName: file.fileName,
      contentType: file.contentType,
      token: urlToken(),
      bytes: Buffer.from(file.content, "utf8"),
      createdAt: at,
      inline: file.inline ?? false,
      locale: null,
    }
    world.addAttachment(attachment)
    article.attachments.push(attachment)
  }
  hc.articles.set(article.id, article)
  hc.changed()
  return article
}

/** A Help Center with its own ids, sections and segments first. */
export const seedHelpCenter = (world: World, input: SeedHelpCenter): void => {
  const hc = world.helpCenter
  const at = world.now() - day
  for (const [position, category] of input.categories.entries()) {
    hc.categories.set(category.id, { ...category, description: "", position, createdAt: at })
  }
  for (const [position, section] of input.sections.entries()) {
    hc.sections.set(section.id, {
      ...section,
      parentSectionId: null,
      description: "",
      position,
      createdAt: at,
    })
  }
  for (const segment of input.segments) {
    hc.segments.set(segment.id, { ...segment, builtIn: false, tags: [], createdAt: at })
  }
  for (const row of input.articles) {
    const article = seedArticle(world, {
      id: row.id,
      title: row.title,
      body: row.bodyHtml,
      locale: row.locale,
      draft: row.draft,
      labels: row.labels,
      sectionId: row.sectionId,
      updatedAt: Date.parse(row.updatedAt),
      translations: row.translations.map((item) => ({ ...item, body: item.bodyHtml })),
    })
    article.userSegmentIds = row.userSegmentId === null ? [] : [row.userSegmentId]
  }
}
