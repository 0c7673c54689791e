/** How an AI turn came about, for operators: what was searched and found, what a model did, what it cost. */
import type { ModelUse, Trace } from "@opencx/core"
import { type Html, html, type Part } from "./html.ts"

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`

const rounded = (value: string | number | boolean): string =>
  typeof value === "number" && !Number.isInteger(value) ? value.toFixed(3) : String(value)

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): Part =>
  rows.length === 0
    ? null
    : html`<table>
        <thead>
          <tr>
            ${head.map((cell) => html`<th>${cell}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td dir="auto">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>`

const sumOf = ({ calls }: ModelUse, count: (call: ModelUse["calls"][number]) => number): number =>
  calls.reduce((sum, call) => sum + count(call), 0)

const costOf = ({ cost }: ModelUse): string => (cost === null ? "" : `, cost ${cost}`)

const retriesOf = ({ retries }: ModelUse): string => (retries === 0 ? "" : `, ${retries} tried again`)

/** What a model did: nothing where none was asked. */
export const modelPart = (model: ModelUse | undefined): Part =>
  model === undefined
    ? null
    : [
        html`<p>
          Model, prompt <code>${model.prompt}</code>: ${sumOf(model, (call) => call.inputTokens)} tokens in,
          ${sumOf(model, (call) => call.outputTokens)} out${costOf(model)}${retriesOf(model)}
        </p>`,
        table(
          ["Call", "Took", "Tokens in", "Tokens out"],
          model.calls.map((call) => [
            call.model,
            seconds(call.ms),
            String(call.inputTokens),
            String(call.outputTokens),
          ]),
        ),
        table(
          ["Tool", "Arguments", "Result", "Characters read"],
          model.tools.map((tool) => [tool.name, tool.arguments, tool.result, String(tool.resultSize)]),
        ),
        model.failures.length === 0 ? null : html`<p>Failures: ${model.failures.join("; ")}</p>`,
        model.reasoning === null
          ? null
          : html`<p>Reasoning:</p>
              <pre dir="auto">${model.reasoning}</pre>`,
      ]

/** Folded away until somebody asks. */
export const traceHtml = ({ agent, hits, latencyMs, model, queries, signals }: Trace): Html =>
  html`<details>
    <summary>How the AI came to this (${agent}, ${seconds(latencyMs)})</summary>
    ${queries.length === 0 ? null : html`<p dir="auto">Searched: ${queries.map((query) => `“${query}”`).join(", ")}</p>`}
    ${table(
      ["Found", "Article", "Score"],
      hits.map(({ articleId, score, title }) => [title, articleId, rounded(score)]),
    )}
    ${modelPart(model)}
    ${table(
      ["Signal", "Value"],
      Object.entries(signals).map(([name, value]) => [name, rounded(value)]),
    )}
  </details>`
