// Reads calendar files (a JSON list on stdin) with two calendar libraries, and prints begin and end of their items as
// instants: tests/meetings/test_instants.py and tests/calendars/test_programs.py compare them. The time zone of this process is that of the environment.
import { readFileSync } from "node:fs"
import ICAL from "ical.js"
import nodeIcal from "node-ical"

function byIcalJs(file) {
  const calendar = new ICAL.Component(ICAL.parse(file))
  // The zones of the file itself: without them its times float.
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone)
  const events = calendar.getAllSubcomponents("vevent").map((found) => new ICAL.Event(found))
  return events.flatMap((event) => [event.startDate, event.endDate].map((time) => time.toJSDate().getTime()))
}

function byNodeIcal(file) {
  const events = Object.values(nodeIcal.parseICS(file)).filter((item) => item.type === "VEVENT")
  return events.flatMap((event) => [event.start, event.end].map((moment) => moment.getTime()))
}

const files = JSON.parse(readFileSync(0, "utf8"))
console.log(JSON.stringify(files.map((file) => [byIcalJs(file), byNodeIcal(file)])))
