/* The page without this script lists every clip; with it, the list can be narrowed. */
(() => {
  "use strict";
  const words = JSON.parse(document.getElementById("page-words").textContent);
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const failures = document.getElementById("failures");
  const known = ["athlete", "lift", "severity", "text"].filter((name) => form.elements[name]);
  const noted = (item) => ({ item, words: item.textContent.toLowerCase(), ...item.dataset });
  const clips = [...document.querySelectorAll(".clip")].map(noted);
  const failed = [...document.querySelectorAll(".failures li")].map(noted);

  const asked = () => {
    const wish = { athlete: "", lift: "", severity: "", text: "" };
    for (const name of known) wish[name] = form.elements[name].value;
    return wish;
  };

  const named = (entry, wish) => {
    const words = wish.text.toLowerCase().split(/\s+/);
    return (
      (!wish.athlete || entry.athlete === wish.athlete) &&
      words.every((word) => entry.words.includes(word))
    );
  };

  const fits = (entry, wish) =>
    (!wish.lift || entry.lift === wish.lift) &&
    (!wish.severity || wish.severity.split(" ").includes(entry.severity)) &&
    named(entry, wish);

  const show = (entries, wanted) => {
    let count = 0;
    for (const entry of entries) {
      const is = wanted(entry);
      if (is) count += 1;
      if (entry.item.hidden === is) entry.item.hidden = !is;
    }
    return count;
  };

  const filter = () => {
    const wish = asked();
    const clipCount = show(clips, (entry) => fits(entry, wish));
    /* A file that failed has neither lift nor verdict. */
    const plain = !wish.lift && !wish.severity;
    const failCount = show(failed, (entry) => plain && named(entry, wish));
    if (failures) failures.hidden = failCount === 0;
    const places = { shown: clipCount, all: clips.length, failed: failCount, tried: failed.length };
    const message = failed.length ? words.shownFailed : words.shown;
    shown.textContent = message.replace(/\{(\w+)\}/g, (_, name) => places[name]);
  };

  const remember = () => {
    const wish = asked();
    const told = Object.entries(wish).filter(([, value]) => value);
    const place = location.pathname + location.search;
    history.replaceState(null, "", told.length ? `#${new URLSearchParams(told)}` : place);
  };

  const recall = () => {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) return; /* a place on the page */
    const told = new URLSearchParams(hash);
    for (const name of known) {
      const field = form.elements[name];
      field.value = told.get(name) ?? "";
      if (field.selectedIndex === -1) field.value = ""; /* not on this page */
    }
    filter();
  };

  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      filter();
      remember();
    }, 120);
  });
  form.addEventListener("reset", () => {
    setTimeout(() => {
      filter();
      remember();
    });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", recall);
  form.hidden = false;
  filter();
  recall();
})();
