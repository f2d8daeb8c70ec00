/* Sending files from a composer: how far it is, a way to stop, and nothing lost when it fails.
   Text and chosen files stay where they are until the server has taken all. Without it the form
   is sent as any other. */
(function () {
  "use strict";
  var inWords = window.inWords;
  function megabytes(bytes) { return (bytes / 1048576).toFixed(bytes < 10485760 ? 1 : 0); }

  function Sending(form) {
    var input = form.querySelector("input[type=file]"), place = form.querySelector("[data-sending-place]");
    if (!input || !place) return;
    var bar = place.querySelector("progress"), words = place.querySelector("span"), stop = place.querySelector("button"), running = null;

    function say(text, share) {
      place.hidden = false;
      words.textContent = text;
      bar.hidden = stop.hidden = share === undefined;
      if (share !== undefined) bar.value = share;
    }
    function rest(text) {
      running = null;
      Array.from(form.querySelectorAll("button:not([data-no-default])")).forEach(function (button) { button.disabled = false; });
      say(text);
      form.dispatchEvent(new Event("sending:failed"));
    }
    /* A refusal comes as the page with its errors: they are put here, so that no file has to be
       chosen again; what others wrote meanwhile is shown above. */
    function refuse(xhr) {
      var page = new DOMParser().parseFromString(xhr.responseText, "text/html");
      var errors = page.querySelector(".composer__errors"), thread = page.querySelector(".thread"), old = form.querySelector(".composer__errors");
      var news = page.querySelector("#ticket-news"), oldNews = document.querySelector("#ticket-news");
      if (old) old.remove();
      if (errors) form.querySelector("textarea").before(document.importNode(errors, true));
      if (thread && document.querySelector(".thread")) document.querySelector(".thread").replaceWith(document.importNode(thread, true));
      if (news && oldNews) { oldNews.replaceChildren.apply(oldNews, Array.from(news.childNodes)); oldNews.dataset.version = news.dataset.version; }
      ["seen_message", "seen_event"].forEach(function (name) {
        var seen = page.querySelector("[name=" + name + "]"), field = form.elements.namedItem(name);
        if (seen && field) field.value = seen.value;
      });
      rest(inWords(errors ? "Not sent: see above. Your text and files are still here." : "Not sent. Your text and files are still here; reload the page to see why."));
    }
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented || !input.files.length || !window.FormData) return;
      var button = event.submitter;
      if (button && button.formNoValidate) return;
      event.preventDefault();
      if (running) return;
      var data = new FormData(form, button);
      running = new XMLHttpRequest();
      running.open("POST", button && button.hasAttribute("formaction") ? button.formAction : form.action);
      running.setRequestHeader("HX-Request", "true");
      running.upload.addEventListener("progress", function (told) {
        if (told.lengthComputable) say(inWords("Sending, %1 of %2 MB", megabytes(told.loaded), megabytes(told.total)), 100 * told.loaded / told.total);
      });
      running.addEventListener("load", function () {
        var to = this.getResponseHeader("HX-Redirect");
        if (to && to.startsWith("/accounts/login/")) { rest(inWords("You are signed out: nothing was sent. Sign in in another tab; your text and files are still here.")); return; }
        if (to) { window.location.assign(to); return; }
        refuse(this);
      });
      running.addEventListener("error", function () { rest(inWords("The connection was lost: nothing was sent. Your text and files are still here.")); });
      running.addEventListener("abort", function () { rest(inWords("Stopped: nothing was sent. Your text and files are still here.")); });
      Array.from(form.querySelectorAll("button[type=submit]")).forEach(function (each) { each.disabled = true; });
      say(inWords("Sending…"), 0);
      running.send(data);
    });
    stop.addEventListener("click", function () { if (running) running.abort(); });
    window.addEventListener("beforeunload", function (event) { if (running && running.readyState < 2) event.preventDefault(); });
  }

  document.querySelectorAll("form.composer[data-uploads]").forEach(function (form) { new Sending(form); });
})();
