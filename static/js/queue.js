/* Why a ticket stands where it stands: beside its row. Without this the "?" is a link to a page. */
(function () {
  "use strict";
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
