/*
 * The samples' way to the LMS: finds the API, opens one session, closes it once.
 *
 * SCORM 1.2 (API) and SCORM 2004 (API_1484_11) differ in names and in how they write times; the
 * page says which one it is made for. Without an LMS everything works and nothing is kept.
 */
(function () {
  "use strict";

  const KINDS = {
    "1.2": {
      object: "API",
      open: "LMSInitialize", close: "LMSFinish", save: "LMSCommit",
      read: "LMSGetValue", write: "LMSSetValue", error: "LMSGetLastError",
      timeElement: "cmi.core.session_time", exitElement: "cmi.core.exit",
      duration(seconds) {
        const two = (number) => String(Math.floor(number)).padStart(2, "0");
        const rest = (seconds % 60).toFixed(2).padStart(5, "0");
        return `${String(Math.floor(seconds / 3600)).padStart(4, "0")}:${two((seconds / 60) % 60)}:${rest}`;
      },
      timeOfDay: (date) => date.toTimeString().slice(0, 8),
    },
    "2004": {
      object: "API_1484_11",
      open: "Initialize", close: "Terminate", save: "Commit",
      read: "GetValue", write: "SetValue", error: "GetLastError",
      timeElement: "cmi.session_time", exitElement: "cmi.exit",
      duration: (seconds) => `PT${Math.floor(seconds / 3600)}H${Math.floor((seconds / 60) % 60)}M${Math.floor(seconds % 60)}S`,
      timeOfDay: (date) => date.toISOString().replace(/\.\d+Z$/, "Z"),
    },
  };

  /** Up through the parents; a window of another origin is passed over, not tripped over. */
  function climb(start, name) {
    let place = start;
    for (let step = 0; place && step < 500; step += 1) {
      try {
        if (place[name]) return place[name];
      } catch { /* another origin: look further up */ }
      if (place.parent === place) return null;
      place = place.parent;
    }
    return null;
  }

  /** The parents of this window first, then the window that opened it. */
  function find(name) {
    const here = climb(window, name);
    if (here) return here;
    try {
      return window.top.opener ? climb(window.top.opener, name) : null;
    } catch {
      return window.opener ? climb(window.opener, name) : null;
    }
  }

  class Session {
    constructor(kind) {
      this.kind = KINDS[kind];
      this.api = find(this.kind.object);
      this.connected = Boolean(this.api) && String(this.api[this.kind.open]("")) === "true";
      this.started = Date.now();
      this.closed = false;
      this.exit = "suspend";
      document.documentElement.dataset.lms = this.connected ? "connected" : "none";
      // pagehide is the last moment that every browser reports.
      window.addEventListener("pagehide", () => this.close());
    }

    /** The value of an element; empty when there is none. */
    get(element) {
      return this.connected && !this.closed ? String(this.api[this.kind.read](element)) : "";
    }

    /** Store a value; answers whether the LMS took it. */
    set(element, value) {
      if (!this.connected || this.closed) return false;
      return String(this.api[this.kind.write](element, String(value))) === "true";
    }

    /** Ask the LMS to keep what was set. */
    save() {
      if (this.connected && !this.closed) this.api[this.kind.save]("");
    }

    /** End the session: time spent and how it was left. Does nothing the second time. */
    close() {
      if (!this.connected || this.closed) return;
      this.set(this.kind.timeElement, this.duration((Date.now() - this.started) / 1000));
      this.set(this.kind.exitElement, this.exit);
      this.save();
      this.closed = true;
      this.api[this.kind.close]("");
    }

    duration(seconds) {
      return this.kind.duration(seconds);
    }

    timeOfDay(date) {
      return this.kind.timeOfDay(date);
    }
  }

  /** What was kept as JSON in the suspend data; whatever is missing or unreadable is the default. */
  function unpack(text, defaults) {
    const result = { ...defaults };
    try {
      for (const [name, value] of Object.entries(JSON.parse(text))) {
        const wanted = defaults[name];
        if (typeof value === typeof wanted && Array.isArray(value) === Array.isArray(wanted)) result[name] = value;
      }
    } catch { /* nothing kept yet, or kept by something else */ }
    return result;
  }

  window.Scorm = { open: (kind) => new Session(kind), unpack };
})();
