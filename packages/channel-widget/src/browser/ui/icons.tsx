/** Pictures, drawn here: nothing is loaded for them. */
import type { VNode } from "preact"

const icon = (path: string) => (): VNode => (
  <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
    <path d={path} fill="none" stroke="currentColor" stroke-width="2" />
  </svg>
)

export const ChatIcon = icon("M4 5h16v11H9l-5 4z")
export const CloseIcon = icon("M6 6l12 12M18 6L6 18")
export const SendIcon = icon("M4 12h15M13 6l6 6-6 6")
export const ClipIcon = icon("M8 12.5l6-6a3 3 0 014.5 4.5l-8 8a5 5 0 01-7-7l7.5-7.5")
export const UpIcon = icon("M7 11v9H4v-9zm0 0l4-8c2 0 2.5 1.500 2 4l-.5 2H19l-2 11H7")
export const DownIcon = icon("M17 13V4h3v9zm0 0l-4 8c-2 0-2.500-1.500-2-4l.5-2H5l2-11h10")
export const FileIcon = icon("M6 3h8l4 4v14H6zM14 3v4h4")
