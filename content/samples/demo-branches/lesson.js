/* One lesson on one topic, which the address names; read is completed, and the sequence goes on. */
(function () {
  "use strict";

  const TOPICS = {
    light: ["Light", "A plant that stretches towards the window and loses its colours is starving: light is its food.", "Two metres from a window there is a tenth of the light that there is at it."],
    water: ["Water", "More house plants drown than die of thirst. Roots need air as much as water.", "Put a finger in: water when the top two centimetres are dry."],
    soil: ["Soil", "After two years the soil in a pot is used up and packed. Water runs along its edge and out.", "New soil every second spring, and a pot one size larger."],
  };

  const byId = (id) => document.getElementById(id);
  const [title, lead, rule] = TOPICS[new URLSearchParams(location.search).get("topic")] ?? TOPICS.light;
  byId("title").textContent = document.title = title;
  byId("lead").textContent = lead;
  byId("rule").textContent = rule;

  const session = window.Scorm.open("2004");
  if (session.get("cmi.mode") !== "review") {
    session.set("cmi.completion_status", "incomplete");
    session.save();
  }
  byId("done").addEventListener("click", () => {
    session.set("cmi.completion_status", "completed");
    session.exit = "normal";
    session.set("adl.nav.request", "continue");
    session.close();
    byId("done").disabled = true;
    byId("hint").textContent = "Read.";
    document.body.dataset.status = "completed";
  });
})();
