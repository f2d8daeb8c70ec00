/* The drawings of Insight: each is one stop of the Tab key, arrows move among its parts, Enter opens
   the tickets of one. What a part counts stands below its drawing while it is looked at. */
(function () {
  "use strict";
  function middle(part) {
    var box = part.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  }
  /* The nearest part above or below. Another column costs more than another row. */
  function beside(parts, from, down) {
    var at = middle(from), best = null, least = Infinity;
    parts.forEach(function (part) {
      var there = middle(part), away = (there.y - at.y) * (down ? 1 : -1);
      if (away < 1) return;
      var far = away + 4 * Math.abs(there.x - at.x);
      if (far < least) { least = far; best = part; }
    });
    return best;
  }
  document.querySelectorAll("[data-leads]").forEach(function (drawing) {
    var parts = Array.from(drawing.querySelectorAll("a")), told = drawing.parentNode.querySelector("[data-told]");
    function stop(at) { parts.forEach(function (part) { part.setAttribute("tabindex", part === at ? "0" : "-1"); }); }
    function tell(part) { told.textContent = part ? part.getAttribute("aria-label") : ""; }
    stop(parts[0]);
    parts.forEach(function (part) {
      part.addEventListener("focus", function () { stop(part); tell(part); });
      part.addEventListener("blur", function () { tell(null); });
      part.addEventListener("mouseenter", function () { tell(part); });
      part.addEventListener("mouseleave", function () { tell(parts.includes(document.activeElement) ? document.activeElement : null); });
    });
    drawing.addEventListener("keydown", function (event) {
      var at = parts.indexOf(document.activeElement), to = null;
      if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "ArrowRight") to = parts[at + 1];
      else if (event.key === "ArrowLeft") to = parts[at - 1];
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") to = beside(parts, parts[at], event.key === "ArrowDown");
      else if (event.key === "Home") to = parts[0];
      else if (event.key === "End") to = parts[parts.length - 1];
      else return;
      event.preventDefault();
      if (to) to.focus();
    });
  });
})();
