import type { SampleArticle } from "../model.ts";
/** What customers must never see: articles for agents, and drafts. */
export declare const staff: ReadonlyArray<SampleArticle>;
