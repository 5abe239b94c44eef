// What the server puts before static/js/offline.js, and what lib.webworker says of service workers alone.
declare const KEPT: { name: string; page: string; files: string[] }
declare const registration: ServiceWorkerRegistration
declare function skipWaiting(): Promise<void>
declare function addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void
declare function addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void
