/* Four cards; a card that was opened counts. Complete and passed when all four were. */
(function () {
  "use strict";

  const cards = [...document.querySelectorAll(".card-item")];
  const session = window.Scorm.open("2004");
  const review = session.get("cmi.mode") === "review";
  const kept = window.Scorm.unpack(session.get("cmi.suspend_data"), { seen: [] });
  const seen = new Set(kept.seen.filter((number) => Number.isInteger(number) && number < cards.length));

  function show() {
    cards.forEach((card, number) => card.toggleAttribute("data-seen", seen.has(number)));
    const done = seen.size === cards.length;
    document.getElementById("progress").value = seen.size;
    document.getElementById("progress-text").textContent = `${seen.size} of ${cards.length} cards opened`;
    document.getElementById("where").textContent = done ? "Complete" : "In progress";
    document.getElementById("finished").hidden = !done;
    document.body.dataset.status = done ? "completed" : "incomplete";
  }

  function record(location) {
    if (review) return;
    const done = seen.size === cards.length;
    if (location) session.set("cmi.location", location);
    session.set("cmi.suspend_data", JSON.stringify({ seen: [...seen].sort((a, b) => a - b) }));
    session.set("cmi.progress_measure", String(seen.size / cards.length));
    session.set("cmi.completion_status", done ? "completed" : "incomplete");
    if (done) {
      session.set("cmi.score.min", "0");
      session.set("cmi.score.max", "100");
      session.set("cmi.score.raw", "100");
      session.set("cmi.score.scaled", "1");
      session.set("cmi.success_status", "passed");
    }
    session.save();
  }

  cards.forEach((card, number) => {
    card.addEventListener("toggle", () => {
      if (!card.open) return;
      seen.add(number);
      show();
      record(`card-${number + 1}`);
    });
  });
  document.getElementById("leave").addEventListener("click", () => {
    session.exit = "normal";
    session.set("adl.nav.request", "exitAll");
    session.close();
    document.getElementById("where").textContent = "You can close this page.";
  });

  const bookmark = /^card-([1-4])$/.exec(session.get("cmi.location"));
  if (bookmark) cards[Number(bookmark[1]) - 1].open = true;
  show();
  record("");
})();
