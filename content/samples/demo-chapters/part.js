/* One part of the course: three facts to tick; completed when all are. Which part, the address says. */
(function () {
  "use strict";

  const PARTS = {
    growing: ["The plant · 1 of 2", "Where it grows", "Coffee is a shrub of the tropics that likes mountains and shade.", [
      "It grows in a belt around the equator, between the two tropics.",
      "Arabica likes it high and cool; robusta stands heat and gives more.",
      "A plant bears its first fruit after three to four years.",
    ]],
    harvest: ["The plant · 2 of 2", "The harvest", "The bean is the seed of a fruit that looks like a cherry.", [
      "Ripe cherries are red; picking by hand takes only those.",
      "Each cherry holds two seeds, flat side to flat side.",
      "The fruit is dried in the sun or washed off with water: you can taste which.",
    ]],
    roasting: ["The cup · 1 of 2", "Roasting", "Green beans smell of grass. Heat makes the rest.", [
      "At about 200 °C the beans crack aloud for the first time.",
      "Roasted lighter, they are more sour; darker, more bitter.",
      "After roasting they need a few days of rest before they taste best.",
    ]],
    brewing: ["The cup · 2 of 2", "Brewing", "Water takes out of the powder what makes a cup.", [
      "A good start: 60 grams of coffee for a litre of water.",
      "Water just off the boil, 92 to 96 °C, takes out enough and not too much.",
      "Ground finer, it runs slower and gets stronger.",
    ]],
  };

  const byId = (id) => document.getElementById(id);
  const name = new URLSearchParams(location.search).get("part");
  const [kicker, title, lead, facts] = PARTS[name] ?? PARTS.growing;
  const session = window.Scorm.open("1.2");
  const review = session.get("cmi.core.lesson_mode") === "review";
  const kept = window.Scorm.unpack(session.get("cmi.suspend_data"), { read: [] });
  const read = new Set(kept.read.filter((number) => Number.isInteger(number) && number < facts.length));

  byId("kicker").textContent = kicker;
  byId("title").textContent = title;
  byId("lead").textContent = lead;
  document.title = title;
  facts.forEach((fact, number) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = read.has(number);
    box.addEventListener("change", () => {
      if (box.checked) read.add(number);
      else read.delete(number);
      show();
      record();
    });
    label.append(box, document.createTextNode(fact));
    const entry = document.createElement("li");
    entry.append(label);
    byId("facts").append(entry);
  });

  const isDone = () => read.size === facts.length;

  function show() {
    byId("where").textContent = `${read.size} of ${facts.length} read`;
    byId("done").disabled = !isDone();
    document.body.dataset.status = isDone() ? "completed" : "incomplete";
  }

  function record() {
    if (review) return;
    session.set("cmi.suspend_data", JSON.stringify({ read: [...read].sort((a, b) => a - b) }));
    session.set("cmi.core.lesson_status", isDone() ? "completed" : "incomplete");
    session.save();
  }

  byId("done").addEventListener("click", () => {
    session.exit = "";
    session.close();
    byId("done").disabled = true;
    byId("hint").textContent = "Done. Go on with the next part.";
  });

  show();
  record();
})();
