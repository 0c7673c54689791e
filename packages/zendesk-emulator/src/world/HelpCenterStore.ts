import type { Article, Category, Section, UserSegment } from "./model.ts"

/** The Help Center's content. `version` rises with every change: listings are cached against it. */
export class HelpCenterStore {
  readonly articles = new Map<number, Article>()
  readonly sections = new Map<number, Section>()
  readonly categories = new Map<number, Category>()
  readonly segments = new Map<number, UserSegment>()
  locales: Array<string> = ["en-us"]
  version = 0

  get defaultLocale(): string {
    return this.locales[0] ?? "en-us"
  }

  changed(): void {
    this.version += 1
  }
}
