/** How articles lie in their table. */
import { Article, type OrgId } from "@opencx/core"
import { Effect, Schema } from "effect"
import { Int64 } from "../sql/columns.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

const ArticleJson = Schema.fromJsonString(Article)
const encodeArticle = Schema.encodeEffect(ArticleJson)

export const articleRows = decoderOf(Schema.Struct({ body: ArticleJson }))
export const hashRows = decoderOf(
  Schema.Struct({ source_id: Schema.String, key: Schema.String, hash: Schema.String }),
)
export const removedRows = decoderOf(Schema.Struct({ source_id: Schema.String, key: Schema.String }))
export const revisionRows = decoderOf(Schema.Struct({ revision: Int64 }))
export const stateRows = decoderOf(Schema.Struct({ state: Schema.String }))

export const articleToRow = (orgId: OrgId, revision: number, article: Article) =>
  Effect.map(encodeArticle(article), (body) => ({
    org_id: orgId,
    source_id: article.sourceId,
    key: article.key,
    lookup: keyOf(article.key),
    hash: article.hash,
    revision,
    removed: 0,
    body,
  }))
