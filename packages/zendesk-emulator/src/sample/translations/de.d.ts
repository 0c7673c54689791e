import type { SampleTranslation } from "../model.ts";
/** German translations, by article id. */
export declare const german: ReadonlyMap<number, SampleTranslation>;
