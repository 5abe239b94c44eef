// What tsc must know to check static/js: the parts of the vendored libraries that we use, and our own events.

declare module "vendor/turbo.js" {
  export interface StreamElement extends HTMLElement {
    targetElements: Element[]
    templateContent: DocumentFragment
  }
  export const config: { drive: { progressBarDelay: number } }
  export const cache: { clear(): void }
  export const StreamActions: Record<string, (this: StreamElement) => void>
  export function renderStreamMessage(stream: string): void
  export function visit(address: string, options?: { action?: "advance" | "replace" }): void
}

declare module "vendor/socket.io.js" {
  export interface Socket {
    connected: boolean
    on(event: string, handler: (data: any) => void): this
    off(event: string, handler: (data: any) => void): this
    emit(event: string, ...data: unknown[]): this
    timeout(milliseconds: number): Socket
  }
  export function io(options: Record<string, unknown>): Socket
}

declare module "vendor/editor.js" {
  // TipTap's own types need its packages; its commands, chains and documents are not checked.
  export class Editor {
    constructor(options: Record<string, unknown>)
    readonly isDestroyed: boolean
    readonly isEmpty: boolean
    readonly commands: Record<string, (...values: any[]) => boolean>
    readonly state: any
    readonly view: any
    can(): { chain(): Chain }
    chain(): Chain
    destroy(): void
    getAttributes(name: string): Record<string, any>
    getHTML(): string
    isActive(name: string, attributes?: Record<string, unknown>): boolean
  }
  export interface Chain {
    run(): boolean
    [command: string]: (...values: any[]) => any
  }
  interface Extension {
    configure(options: Record<string, unknown>): Extension
    extend(changes: Record<string, unknown> & ThisType<{ parent(): any[] }>): Extension
  }
  export const Heading: Extension
  export const Image: Extension
  export const Link: Extension
  export const Placeholder: Extension
  export const StarterKit: Extension
  export const Table: Extension
  export const TableCell: Extension
  export const TableHeader: Extension
  export const TableRow: Extension
  export const Selection: { near(position: unknown, bias?: number): unknown }
  export function closeHistory(transaction: unknown): unknown
}

/** A passage of a post that is quoted in a reply. */
type Quote = { id: string; name: string; text: string }

/** "polling" while there is no socket, "gone" when the reader has no access any more. */
type PlaceState = "connecting" | "live" | "polling" | "gone"

/** What the socket reports of a place: a change, with the elements to show. */
type PlaceEvent = { place: string; seq: number; html?: string }

type PlaceHandlers = {
  change?: (seq: number) => void
  gone?: () => void
  state?: (state: PlaceState) => void
}

interface GlobalEventHandlersEventMap {
  "cop:placed": CustomEvent<{ again: boolean }>
  "cop:quote": CustomEvent<Quote>
  "cop:restored": CustomEvent
  "turbo:before-fetch-request": CustomEvent<{ fetchOptions: { headers: Record<string, string> } }>
}

interface Window {
  trustedTypes?: { createPolicy(name: string, rules: Record<string, TrustedTypesRule>): unknown }
}

type TrustedTypesRule = (text: string, type: string, sink: string) => string
