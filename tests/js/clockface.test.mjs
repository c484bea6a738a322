import assert from "node:assert/strict";
import { test } from "node:test";
import { Clockface } from "../../static/js/lib/clockface.js";

const berlin = new Clockface({ locale: "en-GB", timeZone: "Europe/Berlin", hourCycle: "h23" });
const now = new Date("2026-11-22T13:20:00Z");
const at = (iso) => new Date(iso);

test("the time is the viewer's", () => {
  assert.equal(berlin.time(now), "14:20");
  const newYork = new Clockface({ locale: "en-US", timeZone: "America/New_York", hourCycle: "h12" });
  assert.match(newYork.time(now), /^8:20\sAM$/);
});

test("midnight is the viewer's midnight", () => {
  assert.equal(berlin.dayKey(at("2026-11-21T22:59:00Z")), "2026-11-21");
  assert.equal(berlin.dayKey(at("2026-11-21T23:01:00Z")), "2026-11-22");
});

test("days are named while a name says enough", () => {
  assert.equal(berlin.day(at("2026-11-21T23:30:00Z"), now), "Today");
  assert.equal(berlin.day(at("2026-11-21T10:00:00Z"), now), "Yesterday");
  assert.equal(berlin.day(at("2026-11-18T10:00:00Z"), now), "Wednesday");
  assert.equal(berlin.day(at("2026-11-12T10:00:00Z"), now), "12 November");
  assert.equal(berlin.day(at("2025-11-12T10:00:00Z"), now), "12 November 2025");
});

test("a row says as little as tells", () => {
  assert.equal(berlin.row(at("2026-11-22T08:05:00Z"), now), "09:05");
  assert.equal(berlin.row(at("2026-11-21T08:05:00Z"), now), "Sat");
  assert.equal(berlin.row(at("2026-11-12T08:05:00Z"), now), "12 Nov");
  assert.equal(berlin.row(at("2025-11-12T08:05:00Z"), now), "12 Nov 2025");
});

test("a clock that runs ahead does not make a weekday of tomorrow", () => {
  assert.equal(berlin.day(at("2026-11-23T10:00:00Z"), now), "23 November");
});

test("the day after a change to winter time is one day later", () => {
  assert.equal(berlin.day(at("2026-10-24T10:00:00Z"), at("2026-10-25T22:00:00Z")), "Yesterday");
});

test("a moment ahead names its day unless that is today", () => {
  assert.equal(berlin.moment(at("2026-11-22T17:05:00Z"), now), "18:05");
  assert.equal(berlin.moment(at("2026-11-22T23:05:00Z"), now), "23 Nov, 00:05");
  assert.equal(berlin.moment(at("2027-01-03T08:00:00Z"), now), "3 Jan 2027, 09:00");
});

test("a moment not long ago names its weekday, or its day, and the time", () => {
  assert.equal(berlin.recent(at("2026-11-22T08:05:00Z"), now), "09:05");
  assert.equal(berlin.recent(at("2026-11-21T08:05:00Z"), now), "Sat, 09:05");
  assert.equal(berlin.recent(at("2026-11-12T08:05:00Z"), now), "12 Nov, 09:05");
});

test("a moment that decides something names weekday and day unless that is today", () => {
  assert.equal(berlin.deadline(at("2026-11-22T17:05:00Z"), now), "18:05");
  assert.equal(berlin.deadline(at("2026-11-25T08:41:00Z"), now), "Wed 25 Nov, 09:41");
  assert.equal(berlin.deadline(at("2027-01-03T08:00:00Z"), now), "Sun 3 Jan 2027, 09:00");
});

test("what is due within a week is named by its weekday", () => {
  assert.equal(berlin.due(at("2026-11-22T17:05:00Z"), now), "18:05");
  assert.equal(berlin.due(at("2026-11-25T08:41:00Z"), now), "Wed 09:41");
  assert.equal(berlin.due(at("2026-11-29T08:41:00Z"), now), "Sun 29 Nov, 09:41");
});

test("a zone is called by its town", () => {
  assert.equal(berlin.place, "Berlin");
  assert.equal(new Clockface({ locale: "en-GB", timeZone: "America/New_York" }).place, "New York");
  assert.equal(new Clockface({ locale: "en-GB", timeZone: "UTC" }).place, "UTC");
});
