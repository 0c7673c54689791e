import type { SampleArticle } from "../model.ts";
/** Maintenance at home and in the workshop, and our stores. */
export declare const maintenance: ReadonlyArray<SampleArticle>;
