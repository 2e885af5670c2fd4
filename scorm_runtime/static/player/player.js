// @ts-check
/** One window of one attempt, from /open to Exit. */

/** @import { Call } from "../bridge/api.js" */
/** @import { CommitAnswer, SaveState } from "../bridge/sender.js" */
/** @import { Delivery } from "./stage.js" */
import { Fence, HEARTBEAT } from "../bridge/fence.js";
import { Journal } from "../bridge/journal.js";
import { Sender } from "../bridge/sender.js";
import { Contents } from "./contents.js";
import * as screen from "./screen.js";
import { Stage } from "./stage.js";

const { texts, byId } = screen;
const CHIP_PAUSES = [2000, 3000, 5000, 8000, 13000, 21000, 34000];
/** How long Exit waits for the acknowledgement before it asks. */
const EXIT_PATIENCE = 6000;

/**
 * Leave for where the learner came from.
 * @param {string} address
 */
const leave = (address) => location.assign(address);

/**
 * Why a window cannot go on: its title and text, and the ways out.
 * @param {"expired" | "gone" | "refused"} reason
 * @param {string} exitUrl
 * @param {boolean} isKept
 */
export function showStopped(reason, exitUrl, isKept) {
  const back = { label: texts.exit, run: () => leave(exitUrl) };
  if (reason === "expired") {
    const text = isKept ? texts.expired_kept : texts.expired_memory;
    screen.showOverlay("expired", texts.expired_title, text, [back]);
  } else {
    screen.showOverlay("gone", texts.gone_title, texts.gone_text, [back]);
  }
}

export class Player {
  /**
   * @param {import("./main.js").Page} page
   * @param {import("../bridge/table.js").Table} table
   * @param {any} opening the answer of /open
   */
  constructor(page, table, opening) {
    this.page = page;
    this.isReadOnly = Boolean(opening.read_only);
    /** Why nothing is recorded any more; "" while it is. */
    this.stopped = "";
    this.chipTries = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.chipTimer = undefined;
    this.stage = new Stage(table, opening.learner, opening.strict);
    this.journal = new Journal(this.isReadOnly ? null : page.store, page.attempt, opening.writer);
    this.sender = new Sender(this.journal, {
      address: () => new URL("commits", page.base).href,
      fetch: (...request) => fetch(...request),
      onState: (state) => this.showSave(state),
      onAnswer: (answer) => this.answered(answer),
      onStopped: (reason) => this.stop(reason),
    });
    this.contents = new Contents(opening.contents, Object.keys(opening.items), (item) => this.choose(item));
    this.fence = this.isReadOnly ? null : new Fence(page.attempt, opening.writer, () => this.stop("fenced"));
    byId("exit").onclick = () => void this.exit();
  }

  /** @param {any} opening */
  begin(opening) {
    this.contents.showStandings(opening.items);
    if (!this.isReadOnly) this.listen();
    this.take(opening);
    this.showSave("saved");
    if (opening.delivery) this.deliver(opening.delivery);
    else this.rest();
    if (opening.replayed) screen.showNotice(texts.restored);
    else if (opening.stale) screen.showNotice(texts.stale);
  }

  listen() {
    setInterval(() => {
      if (document.visibilityState === "visible") void this.ask();
    }, HEARTBEAT);
    window.addEventListener("online", () => this.sender.hurry());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") {
        this.sender.stay();
        void this.ask();
      } else {
        this.sender.leave();
        this.sender.hurry();
      }
    });
    window.addEventListener("pagehide", () => {
      this.sender.isLeaving = true;
      this.sender.leave();
    });
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) void this.comeBack();
    });
  }

  /** Restored from the back/forward cache: still the writer, and is the content still alive? */
  async comeBack() {
    this.sender.stay();
    await this.ask();
    if (!this.stopped && this.stage.isFinished) location.reload();
  }

  /** Nothing is in front: the learner chooses. */
  rest() {
    screen.showState({ state: "idle", activity: "" });
    byId("hint").textContent = this.contents.order.length ? texts.choose : texts.empty_text;
    byId("hint").hidden = false;
    this.contents.showCurrent("");
    this.contents.open(true);
  }

  /** @param {Delivery} delivery */
  deliver(delivery) {
    screen.hideNotice();
    const address = new URL(delivery.href, new URL("files/", this.page.base));
    this.stage.deliver(delivery, address, (call) => this.record(call));
    this.contents.showCurrent(delivery.item);
  }

  /**
   * Another item of the package: what is open says goodbye, then the server delivers.
   * @param {string} item
   */
  choose(item) {
    if (this.stopped) return;
    this.stage.clear();
    byId("hint").textContent = texts.saving;
    byId("hint").hidden = false;
    screen.showState({ state: "starting", activity: "" });
    if (this.isReadOnly) {
      void this.page.open([], item).then((opening) => opening && this.deliver(opening.delivery));
      return;
    }
    this.journal.append(["deliver", item]);
    this.sender.changed(true);
  }

  /**
   * Every call of the content that changes something; answers "" or why it is not recorded.
   * @param {Call} call
   */
  record(call) {
    if (this.stopped && this.stopped !== "expired") return texts[`${this.stopped}_title`] ?? this.stopped;
    if (call[0] === "finish") setTimeout(() => this.finished());
    if (call[0] === "initialize") screen.showState({ state: "running" });
    if (this.isReadOnly) return "";
    this.journal.append(call);
    if (!this.journal.isKept && this.page.store) this.showSave("saving");
    const urgent = call[0] === "commit" || call[0] === "finish";
    this.sender.changed(urgent || (this.page.store !== null && !this.journal.isKept));
    return "";
  }

  /** LMSFinish without leaving: offer the way on, but do not take it (SD-04). */
  finished() {
    if (!this.stage.isFinished || this.stopped) return;
    screen.showState({ state: "ended" });
    if (this.contents.hasNext()) {
      screen.showNotice(texts.finished_more, { label: texts.next, run: () => this.contents.step(1) });
    } else {
      screen.showNotice(texts.finished, { label: texts.return, run: () => void this.exit() });
    }
  }

  /** @param {CommitAnswer} answer */
  answered(answer) {
    this.take(answer);
    this.contents.showStandings(answer.items ?? {});
    if (answer.delivery) this.deliver(answer.delivery);
    this.chipTries = 0;
    this.pollChip(answer.chip);
  }

  /**
   * What every answer may carry.
   * @param {any} answer
   */
  take(answer) {
    screen.showChip(answer.chip);
    if (!answer.token) return;
    this.page.base = new URL(`/p/${answer.token}/`, location.origin);
    history.replaceState(history.state, "", this.page.base.pathname + location.search);
  }

  /** @param {any} chip */
  pollChip(chip) {
    clearTimeout(this.chipTimer);
    if (!chip || chip.final || this.chipTries >= CHIP_PAUSES.length) return;
    this.chipTimer = setTimeout(() => void this.ask(), CHIP_PAUSES[this.chipTries]);
    this.chipTries += 1;
  }

  /** Heartbeat: are we still the writer, and what became of the grade? */
  async ask() {
    if (this.stopped) return;
    try {
      const response = await fetch(new URL(`status?writer=${this.journal.writer}`, this.page.base), { cache: "no-store", credentials: "omit" });
      if (response.status === 401) this.stop("expired");
      if (!response.ok) return;
      const answer = await response.json();
      this.take(answer);
      this.pollChip(answer.chip);
      if (!answer.current) this.stop("fenced");
      else this.sender.hurry();
    } catch {
      // no connection; the sender says so when there is something to send
    }
  }

  /** @param {SaveState} state */
  showSave(state) {
    if (this.isReadOnly || this.stopped === "fenced") screen.showSave("read_only", true);
    else if (this.page.store && !this.journal.isKept && state !== "offline") screen.showSave("not_kept", false);
    else screen.showSave(state, this.journal.isKept);
  }

  /** @param {"fenced" | "expired" | "gone" | "refused"} reason */
  stop(reason) {
    if (this.stopped) return;
    this.stopped = reason;
    this.sender.stop();
    this.fence?.close();
    clearTimeout(this.chipTimer);
    if (reason !== "fenced") {
      showStopped(reason, this.page.exitUrl, this.page.store !== null);
      return;
    }
    screen.showState({ state: "idle" });
    this.showSave("saved");
    screen.showOverlay("fenced", texts.fenced_title, texts.fenced_text, [
      { label: texts.take_over, run: () => location.reload() },
      { label: texts.exit, run: () => leave(this.page.exitUrl) },
    ]);
  }

  /** Leave: the content says goodbye, everything is acknowledged, then back to where we came from. */
  async exit() {
    const { exitUrl } = this.page;
    this.stage.clear();
    screen.showState({ state: "ended" });
    if (this.isReadOnly || this.stopped || (await this.sender.settle(EXIT_PATIENCE))) {
      leave(exitUrl);
      return;
    }
    const text = this.journal.isKept ? texts.leave_kept : texts.leave_memory;
    const again = () => {
      screen.hideOverlay();
      void this.exit();
    };
    screen.showOverlay("leave", texts.leave_title, text, [
      { label: texts.retry, run: again },
      { label: texts.leave, run: () => leave(exitUrl) },
    ]);
  }
}
