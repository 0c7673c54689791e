import type { SampleTranslation } from "../model.ts";
/** Spanish translations, by article id. */
export declare const spanish: ReadonlyMap<number, SampleTranslation>;
