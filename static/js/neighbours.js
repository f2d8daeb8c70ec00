/* The tickets before and after one, as the queue listed them: the queue remembers its rows for this
   tab, and a ticket's page leads on through them and back to the same view. Nothing is asked of the
   server; without script the breadcrumb leads to the whole queue. */
(function () {
  "use strict";
  var KEPT = "queue-rows";
  function read() { try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch (e) { return null; } }

  if (document.querySelector(".queue-form")) {
    window.addEventListener("pagehide", function () {
      var rows = Array.from(document.querySelectorAll(".queue tr[data-row] .queue__title a:not([data-place])"));
      try {
        sessionStorage.setItem(KEPT, JSON.stringify({
          address: window.location.pathname + window.location.search,
          tickets: rows.map(function (link) { return link.getAttribute("href"); })
        }));
      } catch (e) { /* the arrows stay away */ }
    });
    return;
  }

  var place = document.querySelector("[data-neighbours]"), kept = read();
  if (!place || !kept) return;
  var at = kept.tickets.indexOf(window.location.pathname);
  if (at < 0) return;
  lead("[data-before]", kept.tickets[at - 1]);
  lead("[data-after]", kept.tickets[at + 1]);
  place.querySelector("[data-position]").textContent = (at + 1) + " of " + kept.tickets.length;
  place.hidden = false;
  var back = document.querySelector(".breadcrumb a[href='/queue/']");
  if (back) back.href = kept.address;

  function lead(selector, address) {
    var link = place.querySelector(selector);
    if (address) link.href = address;
    /* It keeps its place, so that the other arrow does not move under the pointer. */
    else link.classList.add("invisible");
  }
})();
