import type { SampleHelpCenter } from "./model.ts";
export type * from "./model.ts";
/** 60 articles: 55 public, 3 for staff only, 2 drafts; 15 published German and Spanish translations, 1 draft. */
export declare const sampleHelpCenter: SampleHelpCenter;
