/* The engineers' queue: its columns, and why a ticket stands where it stands. */
(function () {
  "use strict";
  /* While the screen decides, the columns offered as chosen are those it shows. */
  var menu = document.querySelector("details[data-by-screen]");
  if (menu) menu.addEventListener("toggle", function () {
    menu.querySelectorAll("[data-column]").forEach(function (box) {
      var head = document.querySelector(".queue thead ." + box.dataset.column);
      box.checked = Boolean(head && head.offsetWidth);
    });
  }, { once: true });

  /* Beside its row; without this the "?" is a link to a page. */
  var box = document.getElementById("queue-place");
  if (!box || !box.showPopover) return;
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-place]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error();
      return answer.text();
    }).then(function (words) {
      var at = link.getBoundingClientRect();
      /* The server's own words. */
      box.innerHTML = words;
      box.showPopover();
      box.style.left = Math.max(8, Math.min(at.left, window.innerWidth - box.offsetWidth - 8)) + "px";
      box.style.top = (at.bottom + box.offsetHeight + 12 > window.innerHeight ? at.top - box.offsetHeight - 6 : at.bottom + 6) + "px";
    }).catch(function () { window.location.assign(link.href); });
  });
})();
