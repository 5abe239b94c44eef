// Turbo: visits without reload, streams into the page. Importing it starts it.
export * from "@hotwired/turbo"
