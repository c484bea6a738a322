const DAY = 24 * 60 * 60 * 1_000;

/** Times as the viewer reads them: own zone, own hour cycle, the page's language. */
export class Clockface {
  #formats = new Map();
  #locale;
  #timeZone;
  #hourCycle;
  #words;

  constructor({ locale, timeZone, hourCycle, words = { today: "Today", yesterday: "Yesterday" } } = {}) {
    this.#locale = locale;
    this.#timeZone = timeZone;
    this.#hourCycle = hourCycle;
    this.#words = words;
  }

  /** "14:20" */
  time(date) {
    return this.#format(date, { timeStyle: "short", hourCycle: this.#hourCycle });
  }

  /** For a list row: "14:20", "Wed", "12 Nov", "12 Nov 2025". */
  row(date, now = new Date()) {
    const age = this.#daysBetween(date, now);
    if (age === 0) return this.time(date);
    if (age > 0 && age < 7) return this.#format(date, { weekday: "short" });
    return this.#format(date, { day: "numeric", month: "short", year: this.#yearIfOther(date, now) });
  }

  /** For a separator: "Today", "Yesterday", "Wednesday", "12 November". */
  day(date, now = new Date()) {
    const age = this.#daysBetween(date, now);
    if (age === 0) return this.#words.today;
    if (age === 1) return this.#words.yesterday;
    if (age > 1 && age < 7) return this.#format(date, { weekday: "long" });
    return this.#format(date, { day: "numeric", month: "long", year: this.#yearIfOther(date, now) });
  }

  /** For a moment ahead: "14:20" today, else "23 Nov, 14:20". */
  moment(date, now = new Date()) {
    if (this.#daysBetween(date, now) === 0) return this.time(date);
    const day = this.#format(date, { day: "numeric", month: "short", year: this.#yearIfOther(date, now) });
    return `${day}, ${this.time(date)}`;
  }

  /** For a moment not long ago: "14:20" today, "Wed, 14:20" within a week, else "12 Nov, 14:20". */
  recent(date, now = new Date()) {
    const row = this.row(date, now);
    return this.#daysBetween(date, now) === 0 ? row : `${row}, ${this.time(date)}`;
  }

  /** For a line of a statement: "Today", else "Fri 20 Nov". */
  date(date, now = new Date()) {
    if (this.#daysBetween(date, now) === 0) return this.#words.today;
    const options = { weekday: "short", day: "numeric", month: "short", year: this.#yearIfOther(date, now) };
    return this.#format(date, options).replace(/,/g, "");
  }

  /** For a moment that decides something: "14:20" today, else "Fri 20 Nov, 14:20". */
  deadline(date, now = new Date()) {
    if (this.#daysBetween(date, now) === 0) return this.time(date);
    const options = { weekday: "short", day: "numeric", month: "short", year: this.#yearIfOther(date, now) };
    return `${this.#format(date, options).replace(/,/g, "")}, ${this.time(date)}`;
  }

  /** The same in fewer words for what is near: "14:20" today, "Fri 14:20" within a week. */
  due(date, now = new Date()) {
    const days = Math.abs(this.#daysBetween(date, now));
    if (days === 0 || days > 6) return this.deadline(date, now);
    return `${this.#format(date, { weekday: "short" })} ${this.time(date)}`;
  }

  /** What people call the zone: "Toronto" of America/Toronto. */
  get place() {
    const { timeZone } = this.#formatter({}, this.#locale).resolvedOptions();
    return timeZone.split("/").at(-1).replaceAll("_", " ");
  }

  /** The whole of it, for a title. */
  full(date) {
    return this.#format(date, { dateStyle: "full", timeStyle: "short", hourCycle: this.#hourCycle });
  }

  /** The calendar day in the viewer's zone, as YYYY-MM-DD. */
  dayKey(date) {
    const parts = this.#formatter({ year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");
    return parts.format(date);
  }

  #daysBetween(date, now) {
    return Math.round((Date.parse(this.dayKey(now)) - Date.parse(this.dayKey(date))) / DAY);
  }

  #yearIfOther(date, now) {
    return this.dayKey(date).slice(0, 4) === this.dayKey(now).slice(0, 4) ? undefined : "numeric";
  }

  #format(date, options) {
    return this.#formatter(options, this.#locale).format(date);
  }

  // Making a formatter is costly, using one is not.
  #formatter(options, locale) {
    const key = JSON.stringify([options, locale]);
    if (!this.#formats.has(key)) {
      this.#formats.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: this.#timeZone }));
    }
    return this.#formats.get(key);
  }
}
